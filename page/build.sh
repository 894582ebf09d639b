#!/bin/sh
# Build the page of all claims, one HTML file that needs no network, from the data folder and the figures.
# From the environment:
#   DATA       the folder that `scaledown claims` wrote, with a folder for each paper (build/report)
#   FIGURES    what figures/draw.sh drew from it (build/figures); without them the page has none
#   PAPER      one paper; empty: all that have data
#   RECORDED   1: the page says that the results are the recorded ones
#   MANIFEST   how the results were made, as `scaledown run` wrote it (build/manifest.txt); without it the page says so
#   PAGE       the page (build/page/index.html)
# Links to data are relative to the page.  The page has the same bytes on every run.
set -eu
: "${DATA:=build/report}" "${FIGURES:=build/figures}" "${PAPER:=}" "${RECORDED:=}" "${MANIFEST:=build/manifest.txt}" "${PAGE:=build/page/index.html}"
export LC_ALL=C # the same numbers and order of files in every locale

fail() { printf 'page: %s\n' "$*" >&2; exit 1; }
absolute() { case $1 in /*) printf '%s\n' "$1" ;; *) printf '%s/%s\n' "$(pwd)" "$1" ;; esac; }
here=$(absolute "$(dirname "$0")")
data=$(absolute "$DATA") figures=$(absolute "$FIGURES") manifest=$(absolute "$MANIFEST") page=$(absolute "$PAGE")
case $PAPER in *[!A-Za-z0-9_-]*) fail "\"$PAPER\" is not the name of a paper: letters, digits, - and _ are" ;; esac

# relative FROM TO: the way from one folder to the other; both exist.
relative() {
    common=$(cd "$1" && pwd -P) to=$(cd "$2" && pwd -P) up=''
    while [ -n "$common" ]; do
        case $to/ in "$common"/*) break ;; esac
        common=${common%/*} up=../$up
    done
    to=${to#"$common"}
    printf '%s%s\n' "$up" "${to#/}"
}

mkdir -p "$(dirname "$page")"
work=$(mktemp -d "$(dirname "$page")/building.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# Whatever the names of folders are, awk sees only these.
cp "$here"/*.awk "$here"/style.css "$here"/script.js "$here/../figures/csv.awk" "$work/"
ln -s "$data" "$work/data"
: >"$work/papers"
: >"$work/figures"
n=0
for folder in "$data"/*/; do
    paper=$(basename "$folder")
    if [ ! -f "$folder/claims.csv" ] || { [ -n "$PAPER" ] && [ "$paper" != "$PAPER" ]; }; then continue; fi
    case $paper in *[!A-Za-z0-9_-]*) fail "$DATA/$paper is not the name of a paper" ;; esac
    echo "$paper" >>"$work/papers"
    for script in "$here/../figures/$paper"/figure*.gp; do
        name=$(basename "$script" .gp)
        drawing=$figures/$paper/$name.svg
        [ -f "$drawing" ] || continue
        if [ -n "$(find "$folder/claims.csv" -newer "$drawing")" ]; then
            echo "page: $FIGURES/$paper/$name.svg left out, because it is older than the data in $DATA/$paper (make figures)"
            continue
        fi
        n=$((n + 1))
        item=$(sed -n 's/^# item: *//p' "$script" | head -n 1)
        ln -s "$drawing" "$work/$name.svg"
        (cd "$work" && ITEM=$item awk -v prefix="F$n-" -f svg.awk "$name.svg" >"drawing$n") || fail "$FIGURES/$paper/$name.svg is refused"
        rm "$work/$name.svg"
        printf '%s\t%s\t%s\t%s\t%s\n' "$paper" "$name" "drawing$n" "$(sed -n 's/^# needs: *//p' "$script" | head -n 1)" "$item" >>"$work/figures"
    done
done
if [ ! -s "$work/papers" ]; then
    echo "page: left out, because there are no verdicts in $DATA (scaledown claims)"
    exit 0
fi
[ ! -f "$manifest" ] || [ "$RECORDED" = 1 ] || cp "$manifest" "$work/manifest"
relative "$(dirname "$page")" "$data" >"$work/to_data"
[ ! -d "$figures" ] || relative "$(dirname "$page")" "$figures" >"$work/to_figures"
cd "$work"
RECORDED=$RECORDED awk -f csv.awk -f page.awk >index.html || fail "the data cannot be read"
mv index.html "$page"
echo "page: $PAGE ($(($(wc -c <"$page") / 1000)) kB)"
