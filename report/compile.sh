#!/bin/sh
# compile.sh REPORT_FOLDER FIGURE_FOLDER RESULTS PUBLISHED PDFLATEX: report/report.pdf from report/report.tex, the verdicts in
# REPORT_FOLDER and the figures.  Auxiliary files stay in REPORT_FOLDER.  Run from the project's root, with
# SOURCE_DATE_EPOCH set so that the PDF has the same bytes on every run.
set -eu
report=$1 figures=$2 results=$3 published=$4 pdflatex=$5

if ! command -v "$pdflatex" >/dev/null 2>&1; then
    echo "report: left out, because $pdflatex is not installed (sh setup.sh installs it); results do not need it"
    exit 0
fi
if [ ! -f "$figures/figure2a.tex" ]; then
    echo "report: left out, because there are no figures"
    exit 0
fi
for input in "$report/numbers.tex" "$report/claims_table.tex" "$results/classification_summary.csv"; do
    [ -f "$input" ] && continue
    echo "report: $input is missing; run the studies and judge the claims first: make run claims" >&2
    exit 1
done

# Published numbers as macros: row table1-mlp-original becomes \publishedTableOneMlpOriginal; and ours at the last step:
# \oursTestMlpOriginal, \oursTrainMlpOriginal.
awk -F, -f report/published_macros.awk "$published/classification.csv" >"$report/published.tex.part"
awk -F, -f report/accuracy_macros.awk "$results/classification_summary.csv" >"$report/accuracies.tex.part"
for input in published accuracies; do mv "$report/$input.tex.part" "$report/$input.tex"; done

# The same input names wherever the build folder is, so the same bytes: everything is found through TEXINPUTS.
here=$(pwd)
absolute() { (cd "$1" && pwd); }
TEXINPUTS="$(absolute "$report"):$(absolute "$figures"):$here/report:"
export TEXINPUTS
cd "$report"
for pass in 1 2 3; do
    if ! "$pdflatex" -interaction=nonstopmode -halt-on-error -file-line-error report.tex >pdflatex.txt 2>&1; then
        echo "report: pdflatex failed; the whole log is $report/report.log" >&2
        grep -A 3 -m 1 -E '^(!|.*:[0-9]+: )' pdflatex.txt >&2 || tail -n 5 pdflatex.txt >&2
        exit 1
    fi
    grep -q 'Rerun to get\|Table widths have changed' report.log || [ "$pass" -eq 1 ] || break
done
cp report.pdf "$here/report/report.pdf.part"
mv "$here/report/report.pdf.part" "$here/report/report.pdf"
echo "report: report/report.pdf"
