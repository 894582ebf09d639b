#!/bin/sh
# Compile the report from report.tex, the sections of each paper, the numbers of the data folder and the figures.
# From the environment:
#   DATA          the folder that `scaledown claims` wrote, with a folder for each paper (build/report)
#   FIGURES       what figures/draw.sh drew from it (build/figures)
#   PAPER         one paper; empty: all that have data
#   ONLY          an item: the report shows its figures and verdicts, without the sections, which tell of whole experiments
#   RECORDED      1: every page says that the results are the recorded ones
#   REPORT_BUILD  for what is between (build/latex): the log, and the numbers as TeX
#   REPORT_PDF    the report (report/report.pdf)
#   PDFLATEX, GNUPLOT   the commands; without gnuplot there are no figures of these data
# A section, report/PAPER/NN_name.tex, begins with "% needs: EXPERIMENT ..."; without their data it is left out, and named.
# The PDF has the same bytes on every run.
set -eu
: "${DATA:=build/report}" "${FIGURES:=build/figures}" "${PAPER:=}" "${ONLY:=}" "${RECORDED:=}" "${PDFLATEX:=pdflatex}" "${GNUPLOT:=gnuplot}"
: "${REPORT_BUILD:=build/latex}" "${REPORT_PDF:=report/report.pdf}"
export LC_ALL=C # awk of some systems writes and reads numbers with the locale's decimal comma
# The date of the release, so that nothing in the PDF depends on today's.
export SOURCE_DATE_EPOCH=1767225600 FORCE_SOURCE_DATE=1

fail() { printf 'report: %s\n' "$*" >&2; exit 1; }
leave_out() {
    printf 'report: left out, because %s\n' "$*"
    [ ! -f "$REPORT_PDF" ] || printf 'report: %s is that of an earlier run\n' "$REPORT_PDF"
    exit 0
}
absolute() { case $1 in /*) printf '%s\n' "$1" ;; *) printf '%s/%s\n' "$(pwd)" "$1" ;; esac; }
here=$(absolute "$(dirname "$0")")
data=$(absolute "$DATA") figures=$(absolute "$FIGURES") build=$(absolute "$REPORT_BUILD") pdf=$(absolute "$REPORT_PDF")
PDFLATEX=$(command -v "$PDFLATEX") || leave_out "pdflatex is not installed (sh setup.sh installs it); results do not need it"
PDFLATEX=$(absolute "$PDFLATEX")
command -v "$GNUPLOT" >/dev/null || leave_out "gnuplot, which draws its figures, is not installed"
case $PAPER in *[!A-Za-z0-9_-]*) fail "\"$PAPER\" is not the name of a paper: letters, digits, - and _ are" ;; esac

mkdir -p "$build"
work=$(mktemp -d "$build/compiling.XXXXXX")
trap 'rm -rf "$work" "$pdf.$$"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# Everything is copied: TeX sees only names that are chosen here, wherever the folders are.
mkdir "$work/figures" "$work/tables"
ln -s "$data" "$work/data"
cp "$here/report.tex" "$here/numbers.awk" "$here/../figures/csv.awk" "$here/../figures/skipped.awk" "$work/"
# The experiments with claims, each once.
cat >"$work/experiments.awk" <<'END'
BEGIN {
    header(file, column)
    while (read_csv(file, f) > 0)
        if (!(f[column["experiment"]] in seen) && f[column["experiment"]] ~ /^[a-z0-9-]+$/) { seen[f[column["experiment"]]] = 1; print f[column["experiment"]] }
}
END
: >"$work/papers"
: >"$work/sections.tex"
: >"$work/paperlist.tex"
[ "$RECORDED" != 1 ] || printf '%s\n' '\recorded' >"$work/mark.tex"
[ "$RECORDED" = 1 ] || : >"$work/mark.tex"

# What a section needs and the data have not, or nothing.
lacking() {
    for experiment in $(sed -n 's/^% needs: *//p' "$1"); do
        grid=$data/$paper/${experiment}_grid.csv
        if [ ! -f "$grid" ]; then
            skipped=$(cd "$work" && awk -v place="$paper/$experiment" -f csv.awk -f skipped.awk </dev/null)
            echo "$experiment ${skipped:+was skipped: }${skipped:-has no results (scaledown run $paper/$experiment)}"
        elif grep -q '^rows,' "$grid" && ! grep -q '^rows,all' "$grid"; then
            echo "only some rows of $experiment have been run (scaledown run $paper/$experiment)"
        fi
    done | head -n 1
}

# The report names what was skipped; names of experiments are of letters, digits and hyphens.
name_skipped() {
    list=$(sed 1d "$data/$paper/skipped.csv" | sed 's/,.*//' | grep -x '[a-z0-9-]*' | sed 's/.*/\\code{&}/' | tr '\n' ',')
    list=$(printf '%s' "${list%,}" | sed 's/,/, /g')
    printf '%s\n' "\\par\\noindent Skipped, because data that they need were not there (\\code{make data}): $list.\\par" >>"$work/$paper/skipped.tex"
}

# copy_figure NAME WHERE: for the place where it is shown.
copy_figure() {
    figure=$figures/$paper/$1.tex
    [ -f "$figure" ] || fail "$FIGURES/$paper/$1.tex, for $2, is missing (make figures)"
    [ -z "$(find "$data/$paper/claims.csv" -newer "$figure")" ] ||
        fail "$FIGURES/$paper/$1.tex is older than the data in $DATA/$paper (make figures)"
    cp "$figure" "${figure%.tex}.pdf" "$work/figures/$paper/"
}

add_section() {
    why=$(lacking "$1")
    name=$paper/$(basename "$1" .tex)
    if [ -n "$why" ]; then
        echo "report: $name.tex left out, because $why"
        return
    fi
    for drawing in $(tr '\\' '\n' <"$1" | sed -n 's/^drawing{\([A-Za-z0-9_]*\)}.*/\1/p'); do copy_figure "$drawing" "$name.tex"; done
    printf '%s\n' "\\input{$name}" >>"$work/sections.tex"
}

# The figures that were drawn and the verdicts that were given, and no more.
add_selected() {
    {
        printf '%s\n' '\section{What was selected}'
        while read -r drawing; do
            copy_figure "$drawing" "ONLY" >&2
            printf '%s\n' "\\begin{center}\\drawing{$drawing}\\end{center}"
        done <"$figures/$paper/drawn"
        (cd "$work" && awk -v file="data/$paper/claims.csv" -f csv.awk -f experiments.awk </dev/null) |
            while read -r experiment; do printf '%s\n' "\\subsection{\\code{$experiment}}\\claims{$experiment}"; done
    } >"$work/$paper/selected.tex"
    printf '%s\n' "\\input{$paper/selected}" >>"$work/sections.tex"
}

for folder in "$here"/*/; do
    paper=$(basename "$folder")
    if [ ! -f "$folder/citation.tex" ] || { [ -n "$PAPER" ] && [ "$paper" != "$PAPER" ]; }; then continue; fi
    if [ ! -f "$data/$paper/claims.csv" ]; then
        echo "report: $paper left out, because $DATA has no verdicts on it (scaledown claims)"
        continue
    fi
    [ -f "$figures/$paper/drawn" ] ||
        leave_out "there are no figures of $paper in $FIGURES (make figures)"
    ! grep -qx -e - "$figures/$paper/drawn" || leave_out "this gnuplot cannot write cairolatex"
    mkdir "$work/$paper" "$work/figures/$paper" "$work/tables/$paper"
    cp "$folder"/*.tex "$work/$paper/"
    [ ! -f "$data/$paper/skipped.csv" ] || name_skipped
    echo "$paper" >>"$work/papers"
    printf '%s\n' "\\paperis{$paper}" >>"$work/sections.tex"
    [ ! -f "$work/$paper/skipped.tex" ] || printf '%s\n' "\\input{$paper/skipped}" >>"$work/sections.tex"
    printf '%s\n' "\\paperrow{$paper}" >>"$work/paperlist.tex"
    if [ -n "$ONLY" ]; then
        add_selected
    else
        for section in "$folder"/[0-9]*.tex; do add_section "$section"; done
    fi
done
printf '%s\n' '\hline' >>"$work/paperlist.tex"
[ -s "$work/papers" ] || leave_out "there are no verdicts in $DATA (scaledown claims)"

cd "$work"
# The log stays, whatever comes.
tex() {
    if ! "$PDFLATEX" -interaction=nonstopmode -halt-on-error -file-line-error -no-shell-escape report.tex >pdflatex.txt 2>&1 </dev/null; then
        [ ! -f report.log ] || cp report.log "$build/report.log"
        printf 'report: pdflatex failed; the whole log is %s/report.log\n' "$REPORT_BUILD" >&2
        grep -A 3 -m 1 -E '^(!|.*:[0-9]+: )' pdflatex.txt >&2 || tail -n 5 pdflatex.txt >&2
        exit 1
    fi
}
# Without numbers.tex the report asks for names (report.tex); then it is compiled until no reference changes.
tex
sort -u asked.tex >needed
awk -f csv.awk -f numbers.awk needed papers >numbers.tex || fail "some numbers are missing"
cp numbers.tex "$build/"
for pass in 1 2 3 4; do
    tex
    grep -q 'Rerun to get\|Table widths have changed' report.log || [ "$pass" -eq 1 ] || break
done
cp report.log "$build/report.log"
mkdir -p "$(dirname "$pdf")"
cp report.pdf "$pdf.$$"
mv "$pdf.$$" "$pdf"
echo "report: $REPORT_PDF"
