#!/bin/sh
# draw.sh SCALEDOWN RESULTS PUBLISHED FOLDER GNUPLOT: every figure as FOLDER/X.svg (stands alone) and as FOLDER/X.tex
# with X.pdf (for the report).  Figures appear only when all are drawn.  Run from the project's root.
set -eu
scaledown=$1 results=$2 published=$3 folder=$4 gnuplot=$5

if ! command -v "$gnuplot" >/dev/null 2>&1; then
    rm -f "$folder"/figure* # none rather than those of another run
    echo "figures: left out, because $gnuplot is not installed (sh setup.sh installs it); results do not need it"
    exit 0
fi
summary=$results/classification_summary.csv
if [ ! -f "$summary" ]; then
    echo "figures: $summary is missing; run the studies first: make run" >&2
    exit 1
fi
parts=$folder.part
rm -rf "$parts"
mkdir -p "$parts" "$folder"
trap 'rm -rf "$parts"' EXIT
"$scaledown" figure-data --out "$parts"
for figure in figure1 figure2 figureS1; do
    for format in svg tex; do
        "$gnuplot" -e "format='$format'; results='$results'; published='$published'; folder='$parts'" \
            "figures/$figure.gp" || { echo "figures: figures/$figure.gp failed as $format" >&2; exit 1; }
    done
done
# Two things differ from run to run or place to place: the date that cairo writes into a PDF, and the folder's name.
for pdf in "$parts"/*.pdf; do
    LC_ALL=C sed "s|/CreationDate (D:[0-9]\{14\}|/CreationDate (D:20260101000000|" "$pdf" >"$pdf.fixed"
    mv "$pdf.fixed" "$pdf"
done
for tex in "$parts"/*.tex; do
    sed "s|{$parts/|{|" "$tex" >"$tex.fixed"
    mv "$tex.fixed" "$tex"
done
rm -f "$folder"/figure*
mv "$parts"/* "$folder"/
echo "figures: $folder/figure1.svg figure2a.svg figure2b.svg figureS1.svg"
