#!/bin/sh
# Compile the report from report.tex, the sections of each paper, the numbers of the data folder and the figures.
# From the environment:
#   DATA          the folder that `scaledown claims` wrote, with a folder for each paper (build/report)
#   MACHINES      the folder of bench/machines, for the section about speed of a whole report
#   FIGURES       what figures/draw.sh drew from it (build/figures)
#   PAPER         one paper; empty: all that have data
#   ONLY          an item: the report shows its figures and verdicts, without the sections, which tell of whole experiments
#   RECORDED      1: every page says that the results are the recorded ones
#   REPORT_BUILD  for what is between (build/latex): the log, and the numbers as TeX
#   REPORT_PDF    the report (report/report.pdf)
#   PDFLATEX, GNUPLOT   the commands; without gnuplot there are no figures of these data
# A section, report/PAPER/NN_name.tex, begins with "% needs: EXPERIMENT ...", of another paper "PAPER/EXPERIMENT"; without
# their data it is left out, and named.
# An experiment that no section needs gets a plain one, and so does every experiment of a paper without a folder here.
# The PDF has the same bytes on every run.
set -eu
: "${DATA:=build/report}" "${MACHINES:=bench/machines}" "${FIGURES:=build/figures}" "${PAPER:=}" "${ONLY:=}" "${RECORDED:=}" "${PDFLATEX:=pdflatex}" "${GNUPLOT:=gnuplot}"
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
data=$(absolute "$DATA") machines=$(absolute "$MACHINES") figures=$(absolute "$FIGURES") build=$(absolute "$REPORT_BUILD") pdf=$(absolute "$REPORT_PDF")
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
cp "$here/report.tex" "$here"/*.awk "$here/../figures/csv.awk" "$here/../figures/items.awk" "$here/../figures/lacking.awk" "$work/"
for file in papers opening.tex methods.tex sections.tex mark.tex; do : >"$work/$file"; done
[ "$RECORDED" != 1 ] || printf '%s\n' '\recorded' >"$work/mark.tex"

# What a section needs and the data have not, or nothing.
lacking() {
    for experiment in $(sed -n 's/^% needs: *//p' "$1"); do
        case $experiment in */*) place=$experiment ;; *) place=$paper/$experiment ;; esac
        grid=$data/${place}_grid.csv
        if [ ! -f "$grid" ]; then
            (cd "$work" && awk -v place="$place" -v paper="$PAPER" -f csv.awk -f lacking.awk </dev/null)
        elif grep -q '^rows,' "$grid" && ! grep -q '^rows,all' "$grid"; then
            echo "only some rows of $experiment have been run (scaledown run $place)"
        fi
    done | head -n 1
}

# The report names what was skipped; names of experiments are of letters, digits and hyphens.
name_skipped() {
    list=$(sed 1d "$data/$paper/skipped.csv" | sed 's/,.*//' | grep -x '[a-z0-9-]*' | sed 's/.*/\\code{&}/' | tr '\n' ',')
    list=$(printf '%s' "${list%,}" | sed 's/,/, /g')
    printf '%s\n' "\\par{\\raggedright Skipped, because data that they need were not there (\\code{make data}): $list.\\par}" >>"$work/sections.tex"
}

# copy_figure NAME WHERE: for the place where it is shown.
copy_figure() {
    figure=$figures/$paper/$1.tex
    [ -f "$figure" ] || fail "$FIGURES/$paper/$1.tex, for $2, is missing (make figures)"
    [ -z "$(find "$data/$paper/claims.csv" -newer "$figure")" ] ||
        fail "$FIGURES/$paper/$1.tex is older than the data in $DATA/$paper (make figures)"
    cp "$figure" "${figure%.tex}.pdf" "$work/figures/$paper/"
}

# Is the section in the report?  One that lacks something is left out, and said so.
add_section() {
    why=$(lacking "$1")
    name=$paper/$(basename "$1" .tex)
    if [ -n "$why" ]; then
        echo "report: $name.tex left out, because $why"
        return 1
    fi
    for drawing in $(tr '\\' '\n' <"$1" | sed -n 's/^drawing{\([A-Za-z0-9_]*\)}.*/\1/p'); do copy_figure "$drawing" "$name.tex"; done
    printf '%s\n' "\\input{$name}" >>"$work/sections.tex"
}

# What the plain sections may show: figures by the first experiment that their scripts need.
list_figures() {
    while read -r drawing; do
        script=$here/../figures/$paper/$drawing.gp
        [ ! -f "$script" ] || sed -n "s/^# needs: *\([a-z0-9-]*\).*/\1 $drawing/p" "$script"
    done <"$drawn" >"$work/$paper/drawn"
}

# Papers in the order of their years, then of their names.
papers_in_order() {
    for folder in "$data"/*/; do
        name=$(basename "$folder")
        case $name in *[!A-Za-z0-9_-]*) continue ;; esac
        year=$(sed -n 's/^year,"*\([0-9]*\).*/\1/p' "$folder/provenance.csv" 2>/dev/null | head -n 1)
        printf '%s %s\n' "${year:-9999}" "$name"
    done | sort | cut -d ' ' -f 2
}

[ -z "$PAPER" ] || [ -f "$data/$PAPER/claims.csv" ] || echo "report: $PAPER left out, because $DATA has no verdicts on it (scaledown claims)"
for paper in $(papers_in_order); do
    if [ ! -f "$data/$paper/claims.csv" ] || { [ -n "$PAPER" ] && [ "$paper" != "$PAPER" ]; }; then continue; fi
    drawn=$figures/$paper/drawn
    if [ ! -f "$drawn" ]; then
        [ -z "$(find "$here/../figures/$paper" -name 'figure*.gp' 2>/dev/null)" ] ||
            leave_out "there are no figures of $paper in $FIGURES (make figures)"
        drawn=/dev/null
    fi
    ! grep -qx -e - "$drawn" || leave_out "this gnuplot cannot write cairolatex"
    mkdir "$work/$paper" "$work/figures/$paper" "$work/tables/$paper"
    echo "$paper" >>"$work/papers"
    printf '%s\n' "\\paperis{$paper}\\input{tables/$paper/head}\\chapter" >>"$work/sections.tex"
    [ ! -f "$data/$paper/skipped.csv" ] || name_skipped
    own=$here/$paper
    if [ -d "$own" ] && [ -z "$ONLY" ]; then
        for file in "$own"/*.tex "$own"/findings.csv "$own"/index.csv; do [ ! -f "$file" ] || cp "$file" "$work/$paper/"; done
        for section in "$own"/[0-9]*.tex; do
            [ -f "$section" ] || continue
            add_section "$section" && sed -n 's/^% needs: *//p' "$section" | tr ' ' '\n' >>"$work/$paper/covered"
        done
    fi
    list_figures
    (cd "$work" && awk -v paper="$paper" -f csv.awk -f items.awk -f text.awk -f tables.awk) || fail "the tables of $paper cannot be made"
    for drawing in $(sed -n 's/.*plainfigure{\([A-Za-z0-9_]*\)}.*/\1/p' "$work/$paper/plain.tex" 2>/dev/null); do copy_figure "$drawing" "a plain section"; done
    [ ! -f "$work/$paper/plain.tex" ] || printf '%s\n' "\\input{$paper/plain}" >>"$work/sections.tex"
    printf '%s\n' '\closing' >>"$work/sections.tex"
    printf '%s\n' "\\paperis{$paper}\\input{tables/$paper/head}\\summary" >>"$work/opening.tex"
    printf '%s\n' "\\paperis{$paper}\\input{tables/$paper/head}\\methodof" >>"$work/methods.tex"
done
if [ "$(wc -l <"$work/papers")" -gt 1 ]; then
    {
        printf '%s\n' '\begin{overview}'
        sed 's/.*/\\overviewrow{&}/' "$work/papers"
        printf '%s\n' '\end{overview}'
        cat "$work/opening.tex"
    } >"$work/opening"
    mv "$work/opening" "$work/opening.tex"
fi
[ -s "$work/papers" ] || leave_out "there are no verdicts in $DATA (scaledown claims)"
# Times are no results: they have a section, not a verdict.
if [ -z "$PAPER$ONLY" ] && [ -n "$(find "$machines/" -maxdepth 1 -name '*.csv' 2>/dev/null)" ]; then
    figure=$figures/machines/figurespeed.tex
    { [ -f "$figure" ] && [ -z "$(find "$machines" -name '*.csv' -newer "$figure")" ]; } ||
        fail "$FIGURES/machines/figurespeed.tex is missing or older than the files in $MACHINES (make figures)"
    mkdir "$work/figures/machines"
    cp "$figure" "${figure%.tex}.pdf" "$work/figures/machines/"
    cp "$here/speed.tex" "$work/"
    ln -s "$machines" "$work/machines"
    (cd "$work" && awk -f csv.awk -f text.awk -f "$here/../bench/machines.awk" -f "$here/../bench/machines_latex.awk" machines/*.csv >machines.tex) ||
        fail "a file of $MACHINES is not as bench/machines/README.md says"
fi

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
awk -f csv.awk -f text.awk -f numbers.awk needed papers >numbers.tex || fail "some numbers are missing"
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
