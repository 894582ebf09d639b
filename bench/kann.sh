#!/bin/sh
# bench_kann beside KANN's own programs, one thread each, one after the other: CPU seconds of training and test accuracy on
# MNIST, as CSV.
# usage: KANN=FOLDER sh bench/kann.sh [mlp|cnn [EPOCHS [EXAMPLES]]]   (make bench-programs first)
#   KANN      KANN's source (git clone https://github.com/attractivechaos/kann); it is built in a copy
#   SCALEDOWN_DATA, BUILD   where MNIST is, not compressed, and where the programs are (data, build)
#   CC, CFLAGS              to build KANN with (gcc; -O3 -march=native)
#   EPOCHS    20 of mlp, 15 of cnn, as published    EXAMPLES    the first so many of the training set, all 60000
# What KANN's process takes to read its data, as text, is measured by a run of no epochs and subtracted.
set -eu
: "${KANN:?is to name the folder of the source of KANN}"
: "${SCALEDOWN_DATA:=data}" "${BUILD:=build}" "${CC:=gcc}" "${CFLAGS:=-O3 -march=native}"
network=${1:-mlp}
case $network in
mlp) epochs=${2:-20} program=examples/mlp ;;
cnn) epochs=${2:-15} program=examples/mnist-cnn ;;
*) echo "kann.sh: \"$network\" is neither mlp nor cnn" >&2; exit 2 ;;
esac
examples=${3:-60000}
for file in train-images-idx3-ubyte train-labels-idx1-ubyte t10k-images-idx3-ubyte t10k-labels-idx1-ubyte; do
    [ -f "$SCALEDOWN_DATA/mnist/$file" ] && continue
    echo "kann.sh: no $SCALEDOWN_DATA/mnist/$file, not compressed; make data SETS=mnist fetches it" >&2
    exit 1
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/kann"
cp -R "$KANN"/. "$work/kann"
(cd "$work/kann" && make -s clean && make -s CC="$CC" CFLAGS="$CFLAGS" "$program") >"$work/log" 2>&1 || {
    cat "$work/log" >&2
    exit 1
}

# A row of text: its number, then its values.
images() {
    od -An -v -tu1 -w784 -j16 "$SCALEDOWN_DATA/mnist/$1" | head -n "$2" |
        awk '{printf "%d", NR; for (i = 1; i <= NF; i++) printf "\t%.6g", $i / 255; print ""}'
}
labels() {
    od -An -v -tu1 -w1 -j8 "$SCALEDOWN_DATA/mnist/$1" | head -n "$2" |
        awk '{printf "%d", NR; for (i = 0; i < 10; i++) printf "\t%d", i == $1; print ""}'
}
images train-images-idx3-ubyte "$examples" >"$work/x"
labels train-labels-idx1-ubyte "$examples" >"$work/y"
images t10k-images-idx3-ubyte 10000 >"$work/x_test"
labels t10k-labels-idx1-ubyte 10000 >"$work/y_test"

# CPU seconds of the processes that have ended, into a variable.
spent() {
    times >"$work/times"
    eval "$1=$(awk -F '[ms ]+' 'NR == 2 {print 60 * $1 + $2 + 60 * $3 + $4}' "$work/times")"
}
train() {
    "$work/kann/$program" -v0 -m"$1" -o "$work/network" "$work/x" "$work/y" 2>"$work/log" || { cat "$work/log" >&2; exit 1; }
}
spent began
train 0
spent read
train "$epochs"
spent trained
accuracy=$("$work/kann/$program" -i "$work/network" "$work/x_test" | awk -v truth="$work/y_test" '
    /^#/ {next}
    {getline line <truth; split(line, y, "\t"); best = 2; for (i = 3; i <= 11; i++) if ($i > $best) best = i; right += y[best]; n++}
    END {printf "%.2f", 100 * right / n}')
echo "program,network,threads,epochs,examples,cpu_seconds,test_accuracy"
echo "$began $read $trained" | awk -v rest="$network,1,$epochs,$examples" -v accuracy="$accuracy" \
    '{printf "KANN,%s,%.2f,%s\n", rest, ($3 - $2) - ($2 - $1), accuracy}'
OMP_NUM_THREADS=1 "$BUILD/bench/bench_kann" "$SCALEDOWN_DATA" "$network" "$epochs" "$examples" |
    awk -F , 'NR > 1 {print "scaledown," $1 "," $2 "," $3 "," $4 "," $6 "," $7}'
