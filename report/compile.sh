#!/bin/sh
# compile.sh REPORT_FOLDER FIGURE_FOLDER RESULTS PUBLISHED PDFLATEX: report/report.pdf from report/report.tex, the sections
# beside it, the verdicts in REPORT_FOLDER and the figures.  Auxiliary files stay in REPORT_FOLDER.  Run from the
# project's root, with SOURCE_DATE_EPOCH set so that the PDF has the same bytes on every run.
set -eu
export LC_ALL=C # awk of some systems writes and reads numbers with the locale's decimal comma
report=$1 figures=$2 results=$3 published=$4 pdflatex=$5

rm -f report/report.pdf # none rather than that of another run
leave_out() {
    echo "report: left out, because $1"
    exit 0
}
command -v "$pdflatex" >/dev/null 2>&1 ||
    leave_out "$pdflatex is not installed (sh setup.sh installs it); results do not need it"
[ -f "$figures/figure1.tex" ] || leave_out "there are no figures"
if [ ! -f "$report/numbers.tex" ]; then
    echo "report: $report/numbers.tex is missing; run the studies and judge the claims first: make run claims" >&2
    exit 1
fi

# Macros of every study that has results, and \input of every section whose study (its line "% study: NAME") is among them.
for grid in "$results"/*_grid.csv; do
    [ -f "$grid" ] || continue
    study=$(basename "$grid" _grid.csv)
    awk -F, -v kind=grid -v study="$study" -f report/macros.awk "$grid"
    awk -F, -v kind=summary -v study="$study" -f report/macros.awk "$results/${study}_summary.csv"
    [ ! -f "$published/$study.csv" ] ||
        awk -F, -v kind=published -v study="$study" -f report/macros.awk "$published/$study.csv"
done >"$report/macros.tex"
: >"$report/sections.tex"
for section in report/sections/*.tex; do
    study=$(sed -n 's/^% study: *//p' "$section")
    if [ -n "$study" ] && ! grep -q "^% study: $study\$" "$report/numbers.tex"; then
        echo "report: $section left out, because study $study is not among the verdicts (scaledown claims)"
        continue
    fi
    echo "\\input{sections/$(basename "$section")}" >>"$report/sections.tex"
done

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
