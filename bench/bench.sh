#!/bin/sh
# Measure this machine: `make bench`.  From the environment:
#   BUILD     the folder with the programs (build)
#   SIZE      smoke: --quick of every program, two minutes; otherwise ten to fifteen
#   MACHINE   a name of letters, digits and hyphens: the rows go to bench/machines/MACHINE.csv, for the report; empty:
#             only to BUILD/bench/machines/this-machine.csv
# Prints the table and draws BUILD/bench/figures/machines/*.svg.  PyTorch is compared with where a Python has it.
set -eu
: "${BUILD:=build}" "${SIZE:=paper}" "${MACHINE:=}" "${TORCH:=}"
export LC_ALL=C
fail() { printf 'bench: %s\n' "$*" >&2; exit 1; }
case $MACHINE in *[!a-z0-9-]* | -*) fail "MACHINE=$MACHINE is not a name of small letters, digits and hyphens" ;; esac
case $SIZE in paper) quick= ;; smoke) quick=--quick ;; *) fail "SIZE=$SIZE is neither paper nor smoke" ;; esac

if [ -z "$TORCH" ]; then
    for python in python3 /usr/bin/python3; do
        if "$python" -c 'import torch' 2>/dev/null; then TORCH=$python && break; fi
    done
fi
[ -n "$TORCH" ] || echo "bench: without PyTorch: no python3 has it (python3-torch)"
export TORCH

own=$BUILD/bench/machines
mkdir -p "$own"
part=$own/measuring.$$
trap 'rm -f "$part" "$part.rows"' EXIT
trap 'exit 130' INT TERM
: >"$part"
for program in machine products convolution elementwise order training study tsne; do
    if [ ! -x "$BUILD/bench/bench_$program" ]; then
        echo "bench: without $program: not built, because a library is missing (libdnnl-dev)"
        continue
    fi
    start=$(date +%s)
    "$BUILD/bench/bench_$program" $quick >"$part.rows" || fail "bench_$program failed"
    echo "bench: $program took $(($(date +%s) - start)) s"
    if [ -s "$part" ]; then sed 1d "$part.rows" >>"$part"; else cat "$part.rows" >"$part"; fi
done
# The date of the last change, where this folder is a clone.
date=$(git log -1 --format=%cs -- src 2>/dev/null || true)
printf 'machine,date,,,,,%s,,,\n' "${date:-unknown}" >>"$part"
printf 'machine,turns,,,,,%s,,,\n' "$([ -n "$quick" ] && echo quick || echo full)" >>"$part"

mv "$part" "$own/this-machine.csv"
awk -f figures/csv.awk -f bench/machines.awk -f bench/machines_table.awk "$own/this-machine.csv"
if [ -n "$MACHINE" ]; then
    cp "$own/this-machine.csv" "bench/machines/.$MACHINE.$$"
    mv "bench/machines/.$MACHINE.$$" "bench/machines/$MACHINE.csv"
    echo "bench: bench/machines/$MACHINE.csv, for the report"
else
    echo "bench: $own/this-machine.csv (MACHINE=NAME writes bench/machines/NAME.csv, for the report)"
fi
PAPER=machines MACHINES=$own FIGURES=$BUILD/bench/figures sh figures/draw.sh
