#!/bin/sh
# draw.sh SCALEDOWN RESULTS PUBLISHED FOLDER GNUPLOT: what every figures/figure*.gp draws, as FOLDER/X.svg (stands alone)
# and as FOLDER/X.tex with X.pdf (for the report).  A script with a line "# study: NAME" is left out while that study has
# no results.  Figures appear only when all are drawn.  Run from the project's root.
set -eu
# The same numbers and order of files in every locale; gnuplot wants one that can write a degree sign.
export LC_ALL=C
if locale -a 2>/dev/null | grep -qix 'c\.utf-*8'; then export LC_ALL=C.UTF-8; fi
scaledown=$1 results=$2 published=$3 folder=$4 gnuplot=$5

if ! command -v "$gnuplot" >/dev/null 2>&1; then
    rm -f "$folder"/figure* # none rather than those of another run
    echo "figures: left out, because $gnuplot is not installed (sh setup.sh installs it); results do not need it"
    exit 0
fi
parts=$folder.part
rm -rf "$parts"
mkdir -p "$parts" "$folder"
trap 'rm -rf "$parts"' EXIT
"$scaledown" figure-data --out "$parts"
for script in figures/figure*.gp; do
    study=$(sed -n 's/^# study: *//p' "$script")
    if [ -n "$study" ] && [ ! -f "$results/${study}_summary.csv" ]; then
        echo "figures: $script left out, because $results/${study}_summary.csv is missing (scaledown run $study)"
        continue
    fi
    for format in svg tex; do
        "$gnuplot" -e "format='$format'; results='$results'; published='$published'; folder='$parts'" "$script" ||
            { echo "figures: $script failed as $format" >&2; exit 1; }
    done
done
# Two things differ from run to run or place to place: the date that cairo writes into a PDF, and the folder's name.
for pdf in "$parts"/*.pdf; do
    sed "s|/CreationDate (D:[0-9]\{14\}|/CreationDate (D:20260101000000|" "$pdf" >"$pdf.fixed"
    mv "$pdf.fixed" "$pdf"
done
for tex in "$parts"/*.tex; do
    sed "s|{$parts/|{|" "$tex" >"$tex.fixed"
    mv "$tex.fixed" "$tex"
done
rm -f "$folder"/figure*
mv "$parts"/* "$folder"/
echo "figures: $(cd "$folder" && ls figure*.svg | tr '\n' ' ')in $folder"
