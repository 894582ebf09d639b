#!/bin/sh
# Files of machines, as `make bench` writes them: read, refused where they are damaged, told of and drawn.  Reports as Check
# does, for tests/run.sh.
set -u
export LC_ALL=C
unset DATA FIGURES PAPER ONLY MACHINES TORCH
root=$(cd "$(dirname "$0")/.." && pwd) || exit 1
cd "$root" || exit 1
: "${GNUPLOT:=gnuplot}"
export GNUPLOT
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM
checks=0 failures=0

check() { # check WHAT COMMAND...
    checks=$((checks + 1))
    what=$1
    shift
    if ! "$@"; then
        failures=$((failures + 1))
        echo "machines.sh: failed: $what"
        [ ! -f "$folder/out" ] || sed 's/^/    /' "$folder/out" | head -n 20
    fi
}
says() { grep -qF -- "$1" "$folder/out"; }
# tell VIEW FILE...: table, data or latex
tell() {
    view=$1
    shift
    (cd "$folder" && awk -f "$root/figures/csv.awk" -f "$root/report/text.awk" -f "$root/bench/machines.awk" -f "$root/bench/machines_$view.awk" "$@") \
        >"$folder/out" 2>&1
}

mkdir "$folder/machines"
good=$folder/machines/two-cores.csv
cat >"$good" <<'END'
part,name,size,against,threads,unit,value,low,high,turns
machine,cpu,,,,,"A CPU, \input{secret} & 50% $x_1$",,,
machine,cores,,,,,2,,,
machine,caches,,,,,"L1 32K, L2 1024K",,,
machine,instructions,,,,,avx2,,,
machine,compiler,,,,,gcc 12,,,
machine,source,,,,,0123,,,
machine,idle,,,,,yes,,,
machine,date,,,,,2026-01-01,,,
machine,turns,,,,,quick,,,
limit,multiply-adds,,,1,GFLOP/s,100,90,110,3
limit,multiply-adds,,,2,GFLOP/s,200,190,210,3
limit,memory,,,1,GB/s,10,9,11,3
product,lottery forward 4x4x4,,,1,GFLOP/s,50,40,60,3
product,lottery forward 4x4x4,,openblas,1,ratio,0.5,0.4,0.6,3
product,lottery forward 4x4x4,,blis,1,ratio,3,2,4,3
square,forward,16,,1,GFLOP/s,25,24,26,3
square,forward,16,blis,1,ratio,2,1,3,3
training,mlp,,,1,us,10,9,11,3
training,mlp,,pytorch,1,ratio,8,7,9,3
training,mlp,,,2,us,8,7,9,3
training,mlp,,one-thread,2,ratio,1.25,1.2,1.3,3
training,mlp,,pytorch,2,ratio,7,6,8,3
width,mlp,10,,1,us,10,9,11,3
width,mlp,100,,1,us,100,90,110,3
batch,mlp,50,,1,us,100,90,110,3
study,classification,,,1,us,2e+06,1e+06,3e+06,3
study,classification,,,2,us,1e+06,9e+05,2e+06,3
study,classification,,one-thread,2,ratio,1.75,1.5,2,3
END
tell table "$good"
check "a table: success" [ $? -eq 0 ]
check "a table: the share of the peak and all ratios" grep -q 'lottery forward 4x4x4 .* 50 .*40 to 60 GFLOP/s *0.50 *openblas 0.50 blis 3.00$' "$folder/out"
check "a table: the slowest ratio counts" says "product: 0.50 times as fast as the fastest of the others, the geometric mean of 1"
check "a table: one thread is no other program" says "training: 8.00 times as fast"
tell latex "$good"
check "for the report: success" [ $? -eq 0 ]
check "for the report: nothing that TeX obeys" says '{A CPU, \textbackslash{}input\{secret\} \& 50\% \$x\_1\$}'
check "for the report: the means" says '\machinespeeds{two-cores}{0.50}{2.00}{--}{--}{8.00}{--}{1.25}{1.75}'
check "for the report: 1 of 2 products" says '\newcommand{\productsall}{2}\newcommand{\productswon}{1}'
tell data "$good"
check "for the figure: success" [ $? -eq 0 ]
check "for the figure: a batch is told for one example" sh -c 'grep -A 1 "# two-cores/batch mlp |" "$1" | grep -qx "50 2 1.8 2.2"' sh "$folder/machines.dat"
check "for the figure: per cent of the peak" sh -c 'grep -A 1 "# two-cores/square forward |" "$1" | grep -qx "16 25 24 26"' sh "$folder/machines.dat"

# ---- damaged and hostile files ----
refused() { # refused WHAT MESSAGE SED-SCRIPT
    sed "$3" "$good" >"$folder/damaged.csv"
    checks=$((checks + 1))
    if ! cmp -s "$good" "$folder/damaged.csv" && ! tell table damaged.csv && says "damaged.csv" && says "$2"; then return; fi
    failures=$((failures + 1))
    echo "machines.sh: failed: $1"
    sed 's/^/    /' "$folder/out" | head -n 5
}
refused "cut off within a line" "ten fields are expected" '$s/,2,3$//'
refused "a quote that is not closed" "a quote is not closed" '4s/K"/K/'
refused "another column" "no column against" '1s/against/beside/'
refused "one more column" "ten columns" '1s/$/,more/'
refused "an unknown part" "line 14: unknown part: prodcut" '14s/product/prodcut/'
refused "an unknown fact" "unknown fact: host" '3s/cores/host/'
refused "a fact that is missing" "it does not say: machine,idle" '/^machine,idle/d'
refused "a fact twice" "twice: machine,cores" '3p'
refused "a row twice" "twice: product,lottery forward 4x4x4,,blis,1" '16p'
refused "a command as a name" "a name is of" "14s/lottery/\`id\`/"
refused "a quote in a name" "a name is of" "14s/lottery/x' system('id')/"
refused "an escape sequence" "not printable ASCII" "$(printf '2s/A CPU/\033[31m/')"
refused "no number" "low <= value <= high" '14s/,50,/,nan,/'
refused "a number that is 0" "low <= value <= high" '14s/,50,40,/,0,0,/'
refused "a value outside its quartiles" "low <= value <= high" '14s/,50,/,70,/'
refused "an unknown unit" "unit: " '14s/GFLOP/parsec/'
refused "a ratio to nobody" "unit: " '15s/openblas//'
refused "threads that are no number" "threads and turns" '14s/,1,GF/,-1,GF/'
refused "idle that is neither" "idle is yes, no or unknown" '/^machine,idle/s/yes/maybe/'
refused "no peak" "no limit of multiply-adds" '/^limit,multiply-adds,,,1,/d'
: >"$folder/damaged.csv"
tell table damaged.csv
check "an empty file: an error" [ $? -ne 0 ]
cp "$good" "$folder/It's \$(id).csv"
tell table "It's \$(id).csv"
check "an odd name: an error" [ $? -ne 0 ]
check "an odd name: said" says "the name is not of small letters"
tell table absent.csv
check "an absent file: an error" [ $? -ne 0 ]

# ---- those of the project, and the programs' own names ----
for file in bench/machines/*.csv; do
    [ -f "$file" ] || continue
    tell table "$root/$file"
    check "$file can be read" [ $? -eq 0 ]
done
for name in ../x Upper 'a b' -x; do
    MACHINE=$name SIZE=smoke BUILD=$folder/none sh bench/bench.sh >"$folder/out" 2>&1
    check "MACHINE=$name: an error" [ $? -ne 0 ]
    check "MACHINE=$name: said" says "is not a name of small letters"
done

# ---- which Python has PyTorch, with no program to measure ----
python_of_bench() { # python_of_bench STATUS TORCH: of a python3 that comes first in PATH and ends with the status
    printf '#!/bin/sh\nexit %s\n' "$1" >"$folder/python3"
    chmod +x "$folder/python3"
    PATH=$folder:$PATH TORCH=$2 MACHINE='' SIZE=smoke BUILD=$folder/none sh bench/bench.sh >"$folder/out" 2>&1
}
python_of_bench 0 ''
check "the first python3 has PyTorch: said" says "bench: PyTorch of $folder/python3"
python_of_bench 1 ''
if /usr/bin/python3 -c 'import torch' 2>/dev/null; then
    check "only the system's has it: said" says "bench: PyTorch of /usr/bin/python3"
else
    check "none has it: said" says "bench: without PyTorch"
fi
python_of_bench 1 "$folder/python3"
check "the one that was given has not: said" says "bench: TORCH=$folder/python3 is no Python that has PyTorch"

# ---- what programs print ----
programs=$(dirname "${SCALEDOWN:-build/scaledown}")/bench
if [ -x "$programs/bench_machine" ] && [ -x "$programs/bench_elementwise" ]; then
    {
        "$programs/bench_machine" --quick --turns 1
        "$programs/bench_elementwise" --quick --turns 2 | sed 1d
        sed -n '/^machine,date/p;/^machine,turns/p' "$good"
    } >"$folder/measured.csv"
    tell table measured.csv
    check "a measured file can be read" [ $? -eq 0 ]
    check "a measured file has the functions" grep -q '^elementwise  *tanh  *1 ' "$folder/out"
    "$programs/bench_elementwise" --quikc >"$folder/out" 2>&1
    check "a wrong option: status 2" [ $? -eq 2 ]
    check "a wrong option: said" says "did you mean --quick"
else
    echo "machines.sh: programs of bench/ not tested: not built (make bench-programs)"
fi

# ---- the figure ----
draw() { PAPER=machines MACHINES="$folder/machines" FIGURES="$folder/figures" sh figures/draw.sh >"$folder/out" 2>&1; }
if command -v "$GNUPLOT" >/dev/null; then
    sed 's/^\(machine,cpu,,,,,\).*/\1another,,,/' "$good" >"$folder/machines/another.csv"
    draw
    check "a figure of two machines: success" [ $? -eq 0 ]
    check "a figure of two machines: both are named" sh -c 'grep -q ">two-cores<" "$1" && grep -q ">another<" "$1"' sh "$folder/figures/machines/figurespeed.svg"
    sed '14s/50/fifty/' "$good" >"$folder/machines/another.csv"
    draw
    check "a figure with a damaged file: an error" [ $? -ne 0 ]
    check "a figure with a damaged file: said" says "another.csv line 14: low <= value <= high"
    rm "$folder/machines"/*.csv
    draw
    check "no machines: success" [ $? -eq 0 ]
    check "no machines: said" says "those of machines left out"
else
    echo "machines.sh: the figure is not tested: gnuplot is not installed"
fi
echo "$((failures ? 0 : 100))%: Checks: $checks, Failures: $failures, Errors: 0"
[ "$failures" -eq 0 ]
