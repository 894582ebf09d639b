#!/bin/sh
# Draw what figures/PAPER/figure*.gp say, as FIGURES/PAPER/X.svg, which stands alone, and as X.tex with X.pdf, for the report.
# From the environment:
#   DATA      the folder that `scaledown claims` wrote, with a folder for each paper (build/report)
#   MACHINES  the folder of bench/machines, whose files figures/machines draws as if they were a paper
#   FIGURES   where the figures go (build/figures)
#   PAPER     one paper; empty: all that have data
#   ONLY      one item of it: "Fig. 5c", or "Fig. 5" for 5a, 5b, ...; empty: all
#   GNUPLOT   the gnuplot command
# A script's head says "# item: Fig. 5c; Fig. 5d" and "# needs: EXPERIMENT ..." (of this paper, or PAPER/EXPERIMENT): without
# their data it is left out.  The figures of a paper appear only when all are drawn; FIGURES/PAPER/drawn then names
# them, or says "-" for those that the report cannot show.
set -eu
: "${DATA:=build/report}" "${MACHINES:=bench/machines}" "${FIGURES:=build/figures}" "${PAPER:=}" "${ONLY:=}" "${GNUPLOT:=gnuplot}"
# The same numbers and order of files in every locale; gnuplot wants one that can write a degree sign.
export LC_ALL=C
if locale -a 2>/dev/null | grep -qix 'c\.utf-*8'; then export LC_ALL=C.UTF-8; fi

fail() { printf 'figures: %s\n' "$*" >&2; exit 1; }
absolute() { case $1 in /*) printf '%s\n' "$1" ;; *) printf '%s/%s\n' "$(pwd)" "$1" ;; esac; }
here=$(absolute "$(dirname "$0")")
data=$(absolute "$DATA") machines=$(absolute "$MACHINES") figures=$(absolute "$FIGURES")
if ! GNUPLOT=$(command -v "$GNUPLOT"); then
    echo "figures: left out, because gnuplot is not installed (sh setup.sh installs it); results do not need it"
    exit 0
fi
GNUPLOT=$(absolute "$GNUPLOT")
case $PAPER in *[!A-Za-z0-9_-]*) fail "\"$PAPER\" is not the name of a paper: letters, digits, - and _ are" ;; esac
if [ -n "$PAPER" ] && [ ! -d "$here/$PAPER" ]; then fail "there is no paper $PAPER in $here"; fi

# head_of SCRIPT WORD: what its line "# WORD: ..." says.
head_of() { sed -n "s/^# $2: *//p" "$1"; }

# ONLY takes a script that has it among its items (items.awk).
chosen() {
    [ -z "$ONLY" ] || head_of "$1" item | ONLY=$ONLY awk "$(cat "$here/items.awk")"'
        takes($0, ENVIRON["ONLY"]) { found = 1 }
        END { exit !found }'
}

# why: what a script needs and the data have not, or nothing; partial: experiments of which only some rows have been run.
look_up_needs() {
    why=''
    partial=''
    for experiment in $(head_of "$1" needs); do
        case $experiment in */*) place=$experiment ;; *) place=$paper/$experiment ;; esac
        if [ ! -f "$data/${place}_summary.csv" ]; then
            why=$(cd "$work" && awk -v place="$place" -v paper="$PAPER" -f csv.awk -f lacking.awk </dev/null)
        elif grep -q '^rows,' "$data/${place}_grid.csv" 2>/dev/null && ! grep -q '^rows,all' "$data/${place}_grid.csv"; then
            partial="$partial $experiment"
        fi
    done
}

# What is there of a figure that is left out.
earlier() { [ ! -f "$figures/$paper/$1.svg" ] || echo "; the one in $FIGURES/$paper is of an earlier run"; }

# One script in both formats.  Status 3: the data lack what it draws (style.gp, measure).
draw() {
    for kind in ours seeds pairs published; do : >$kind.dat; done
    if [ "$paper" = machines ]; then
        awk -f csv.awk -f machines.awk -f machines_data.awk data/*.csv || fail "a file of $MACHINES is not as bench/machines/README.md says"
    else
        awk -v paper="$paper" -f csv.awk -f select.awk "$1.gp" || fail "$paper/$1.gp: the data cannot be read"
    fi
    for format in $formats; do
        status=0
        "$GNUPLOT" -d -e "format = '$format'; name = '$1'" style.gp "$1.gp" 2>log </dev/null || status=$?
        [ "$status" -eq 0 ] || break
    done
    rm -f ours.dat seeds.dat pairs.dat published.dat
    if [ "$status" -eq 3 ] && [ -n "$partial" ]; then
        echo "figures: $paper/$1.gp left out, because only some rows of$partial have been run: $(grep '^no data' log)$(earlier "$1")"
        rm -f "$1.svg" "$1.tex" "$1.pdf"
    elif [ "$status" -ne 0 ]; then
        cat log >&2
        fail "$paper/$1.gp failed as $format"
    fi
}

formats="svg tex"
if ! "$GNUPLOT" -d -e "set terminal cairolatex" >/dev/null 2>&1 </dev/null; then
    formats=svg
    echo "figures: only SVG, because this gnuplot cannot write cairolatex, which the report needs"
fi
work=
trap '[ -z "$work" ] || rm -rf "$work"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
drawn=0
for folder in "$here"/*/; do
    paper=$(basename "$folder")
    if [ -n "$PAPER" ] && [ "$paper" != "$PAPER" ]; then continue; fi
    source=$data
    if [ "$paper" = machines ]; then
        source=$machines
        if [ -z "$(find "$machines/" -maxdepth 1 -name '*.csv' 2>/dev/null)" ]; then
            echo "figures: those of machines left out, because $MACHINES has no files (make bench MACHINE=NAME)"
            continue
        fi
    elif [ ! -d "$data/$paper" ]; then
        echo "figures: those of $paper left out, because $DATA has no data of it (scaledown claims)"
        continue
    fi
    # Whatever the names of folders are, gnuplot and awk see only these.
    mkdir -p "$FIGURES/$paper"
    work=$(mktemp -d "$figures/$paper/drawing.XXXXXX")
    ln -s "$source" "$work/data"
    for file in "$here"/*.gp "$here"/*.awk "$here/$paper"/*.gp "$here"/../bench/machines*.awk; do ln -s "$file" "$work/"; done
    names=
    for script in "$here/$paper"/figure*.gp; do
        if [ ! -f "$script" ] || ! chosen "$script"; then continue; fi
        name=$(basename "$script" .gp)
        case $name in *[!A-Za-z0-9_]*) fail "$paper/$name.gp: a figure's name is of letters, digits and _" ;; esac
        look_up_needs "$script"
        if [ -n "$why" ]; then
            printf '%s\t%s\n' "$why$(earlier "$name")" "$name.gp" >>"$work/left_out"
            continue
        fi
        (cd "$work" && draw "$name")
        [ ! -f "$work/$name.svg" ] || names="$names $name"
    done
    # A line for each reason.
    [ ! -f "$work/left_out" ] || awk -F '\t' -v paper="$paper" '
        $1 in names { names[$1] = names[$1] ", " $2; next }
        { names[reasons[++n] = $1] = $2 }
        END { for (i = 1; i <= n; i++) printf "figures: %s/%s left out, because %s\n", paper, names[reasons[i]], reasons[i] }
    ' "$work/left_out"
    # The date that cairo writes into a PDF is all that differs from run to run.  From its version 1.18 on it packs the date
    # away: then figures as PDF differ, but not the report, which takes nothing but the drawing from them.
    for name in $names; do
        for kind in svg pdf tex; do
            [ -f "$work/$name.$kind" ] || continue
            if [ "$kind" = pdf ]; then
                LC_ALL=C sed 's|/CreationDate (D:[0-9]\{14\}|/CreationDate (D:20260101000000|' "$work/$name.pdf" >"$work/fixed"
                mv "$work/fixed" "$work/$name.pdf"
            fi
            mv "$work/$name.$kind" "$FIGURES/$paper/$name.$kind"
        done
        drawn=$((drawn + 1))
    done
    [ -z "$names" ] || echo "figures:$names in $FIGURES/$paper"
    for name in $names; do if [ "$formats" = svg ]; then echo -; else echo "$name"; fi; done >"$FIGURES/$paper/drawn"
    rm -rf "$work"
    work=
done
[ "$drawn" -gt 0 ] || echo "figures: none drawn${ONLY:+: no figure with data is of item $ONLY}"
