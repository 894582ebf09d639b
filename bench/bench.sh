#!/bin/sh
# Measure this machine: `make bench`.  From the environment:
#   BUILD     the folder with the programs (build)
#   SIZE      smoke: --quick of every program, two minutes; otherwise a quarter of an hour
#   MACHINE   a name of letters, digits and hyphens: the rows go to bench/machines/MACHINE.csv, for the report; empty:
#             only to BUILD/bench/machines/this-machine.csv
#   TORCH     a Python that has PyTorch, to be compared with; empty: python3 or /usr/bin/python3, the first that has it
# Prints the table and draws BUILD/bench/figures/machines/*.svg.
set -eu
: "${BUILD:=build}" "${SIZE:=paper}" "${MACHINE:=}" "${TORCH:=}"
export LC_ALL=C
fail() { printf 'bench: %s\n' "$*" >&2; exit 1; }
case $MACHINE in *[!a-z0-9-]* | -*) fail "MACHINE=$MACHINE is not a name of small letters, digits and hyphens" ;; esac
case $SIZE in paper) quick= ;; smoke) quick=--quick ;; *) fail "SIZE=$SIZE is neither paper nor smoke" ;; esac

has_torch() { "$1" -c 'import torch' >/dev/null 2>&1; }
if [ -n "$TORCH" ]; then
    has_torch "$TORCH" || fail "TORCH=$TORCH is no Python that has PyTorch"
else
    # Where another python3 comes first in PATH, the system's may be the one that has it.
    for python in python3 /usr/bin/python3; do
        if has_torch "$python"; then TORCH=$python && break; fi
    done
fi
if [ -n "$TORCH" ]; then
    echo "bench: PyTorch of $(command -v "$TORCH")"
else
    echo "bench: without PyTorch: neither python3 nor /usr/bin/python3 has it (python3-torch)"
fi
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
