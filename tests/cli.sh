#!/bin/sh
# Bad input, as whoever types it meets it:  sh tests/cli.sh   (SCALEDOWN is the command, default build/scaledown)
# Every refusal must exit with 1 or 2, say one line "scaledown: ..." that names what is wrong, and leave the folder that
# it was made in exactly as it was.  SHOW=1 prints the lines, to be read by a person.  Ends like a test made with Check.
command=$(cd "$(dirname "${SCALEDOWN:-build/scaledown}")" && pwd)/$(basename "${SCALEDOWN:-build/scaledown}")
sandbox=$(mktemp -d "${TMPDIR:-/tmp}/scaledown-cli.XXXXXX") || exit 1
project=$(pwd) checks=0 failures=0
trap 'rm -rf "$sandbox"' EXIT
trap 'exit 130' INT TERM
mkdir "$sandbox/here" && cd "$sandbox/here" || exit 1

fault() { failures=$((failures + 1)); printf 'tests/cli.sh: %s\n' "$*"; }
check() { # check WHAT COMMAND...: COMMAND succeeds
    what=$1 checks=$((checks + 1))
    shift
    "$@" >"$sandbox/out" 2>"$sandbox/err" || fault "$what: $(cat "$sandbox/err")"
}
scaledown() { "$command" "$@"; }
snapshot() { find . -exec cksum {} + 2>&1; } # of a folder cksum says that it is one
newline='
'

# refused NAMES COMMAND...: NAMES is in the line
refused() {
    names=$1 checks=$((checks + 1)) before=$(snapshot)
    shift
    said=$("$@" 2>&1 >/dev/null </dev/null)
    code=$? after=$(snapshot)
    [ -z "${SHOW-}" ] || printf '%s\n' "$said"
    case $code:$said in
    [12]:*"$newline"*) fault "$*: not one line: $said" ;;
    [12]:*.tmp.*) fault "$*: names a temporary file: $said" ;;
    [12]:"scaledown: "*"$names"*) [ "$after" = "$before" ] || fault "$*: left something behind: $after" ;;
    *) fault "$*: status $code, not naming $names: $said" ;;
    esac
}

# ---- unknown names ----
refused 'unknown command "rnu" (nearest: run)' scaledown rnu classification
refused 'nearest: classification' scaledown run clasification
refused 'nearest: classification' scaledown list clasification
refused 'nearest: classification' scaledown claims clasification
refused 'nearest: classification' scaledown verify clasification
refused 'nearest: classification-order-cnn-gru' scaledown show classification-order-cnn-grv
refused 'logistic, mlp, cnn' scaledown train transformer
refused '--model' scaledown run classification --model transformer
refused '--features' scaledown run classification --features sorted
for name in run list estimate claims show verify dataset figure-data train; do
    refused '--no-such-option' scaledown "$name" --no-such-option 1
    refused 'unknown option -x' scaledown "$name" -x
    case $name in
    run) refused 'unexpected word "stray"' scaledown run classification stray ;;
    train) refused 'got 2 words' scaledown train mlp stray ;;
    *) refused stray scaledown "$name" stray stray ;;
    esac
done
refused 'expected the name of a study' scaledown run
refused 'expected the id of a claim' scaledown show
refused '--help' scaledown help-me

# ---- numbers: malformed, overflowing, out of range, for every option that takes one ----
# bad_numbers OPTION COMMAND...
bad_numbers() {
    option=$1
    shift
    for value in x 1x 0x10 nan inf -inf 1e999 99999999999999999999 -99999999999999999999 ' 1' '1 ' 1,, ,1 1e 0x1p3 .; do
        refused "$option" scaledown "$@" "$option=$value"
    done
    refused "$option" scaledown "$@" "$option="
    refused "$option" scaledown "$@" "$option"
    refused "twice" scaledown "$@" "$option" 12 "$option" 12
}
for option in seeds first-seed threads; do bad_numbers --$option run classification --model logistic --results r; done
for option in seed steps batch learning-rate data-seed num-samples evaluate-every; do bad_numbers --$option train mlp; done
bad_numbers --momentum train mlp --optimizer sgd
for option in num-samples train-split seed final-seq-length max-translation scale-coeff corr-noise-scale \
    iid-noise-scale shear-scale padding; do
    bad_numbers --$option dataset --out d
done
# Parameters of every study; a comma list is theirs to take, and its faults are others.
studies=$(scaledown list --threads 1 | sed '1d;s/ .*//')
[ -n "$studies" ] || fault "list names no study"
for study in $studies; do
    for option in $(scaledown run "$study" --help | sed -n 's/^ *\(--[a-z0-9-]*\) LIST .*/\1/p'); do
        for value in x 1x nan inf 1e999 -1e999 99999999999999999999999 ,1 1, 1,,2 ' 1' 0x1p3; do
            refused "$option" scaledown run "$study" --results r "$option=$value"
        done
    done
    for option in $(scaledown run "$study" --help | sed -n 's/^ *\(--[a-z0-9-]*\) [a-z0-9-]*,[a-z0-9,-]* .*/\1/p'); do
        refused "$option" scaledown run "$study" --results r "$option=none-such"
    done
    refused --size scaledown run "$study" --results r --size medium
    refused --seeds scaledown run "$study" --results r --seeds 0
done
refused '10' scaledown dataset --out d --num-samples 9
refused '10' scaledown train mlp --num-samples 9
refused '10' scaledown run classification --results r --num-samples 9
refused --train-split scaledown dataset --out d --train-split 1.01
refused --seed scaledown dataset --out d --seed 4294967296
refused --padding scaledown dataset --out d --padding 60,36
refused 'does not divide' scaledown train mlp --batch 7
refused --format scaledown dataset --out d --format xls
refused --dtype scaledown dataset --out d --dtype f16
refused --out scaledown dataset

# ---- a folder or file that cannot be written ----
quick="--seeds 2 --model logistic --features original --steps 20 --evaluate-every 10 --num-samples 200 --batch 20 --threads 1 --quiet"
echo text >file
echo 'An old result.' >old.csv
for place in /proc/none /dev/null file; do
    refused "$place" scaledown dataset --num-samples 100 --out "$place/x"
    # shellcheck disable=SC2086
    refused "$place" scaledown run classification $quick --results "$place/x" --manifest m
    # shellcheck disable=SC2086
    refused "$place" scaledown run classification $quick --results r --manifest "$place/x"
    rm -rf r
    refused "$place" scaledown train logistic --steps 1 --trace "$place/x"
    refused "$place" scaledown figure-data --out "$place/x"
done
refused 'none/t.csv' scaledown train logistic --steps 1 --trace none/t.csv
refused 'none/t.npy' scaledown train logistic --steps 1 --save-init i.npy --save-final none/t.npy
refused 'cannot write .: Is a directory' scaledown train logistic --steps 1 --trace .
refused 'different files' scaledown train logistic --steps 1 --trace same --save-init same
chmod 500 . # nothing can be made here, except by root
if ! (: >probe) 2>/dev/null; then
    refused d scaledown dataset --num-samples 100 --out d
    refused t.csv scaledown train logistic --steps 1 --trace t.csv
fi
chmod 700 .
rm -f probe

# ---- a full disk ----
if [ -c /dev/full ]; then
    refused /dev/full scaledown train logistic --steps 10 --trace /dev/full
    refused /dev/full scaledown train logistic --steps 1 --save-init i.npy --save-final /dev/full
    to_full() { scaledown "$@" >/dev/full; }
    refused 'standard output' to_full list
    refused 'standard output' to_full --help
fi
to_nowhere() { scaledown "$@" >&-; }
refused 'standard output' to_nowhere list
limited() { (ulimit -f "$1" && shift && scaledown "$@"); } # blocks of 512 bytes
for format in npy csv; do refused "d/x.$format: File too large" limited 40 dataset --num-samples 1000 --format $format --out d; done
mkdir d && echo old >d/t.npy
refused 'd/x.npy: File too large' limited 40 dataset --num-samples 1000 --out d
refused 'i.npy: File too large' limited 1 train logistic --steps 200 --save-init i.npy --trace t.csv
# shellcheck disable=SC2086
tiny_disk() {
    unshare -rm sh -c 'mount -t tmpfs -o size=24k none "$1" && shift && "$@"' sh disk "$command" "$@"
}
mkdir disk
if unshare -rm mount -t tmpfs -o size=24k none disk 2>/dev/null; then
    refused 'disk/d/x.npy: No space' tiny_disk dataset --num-samples 1000 --out disk/d
    refused 'disk/t.csv: No space' tiny_disk train logistic --steps 2000 --num-samples 100 --batch 10 --trace disk/t.csv
    # shellcheck disable=SC2086
    refused 'No space' tiny_disk run classification ${quick#--seeds 2} --results disk/r --manifest disk/m
fi
rmdir disk

# ---- cells and results ----
cp -r "$project/reference_results" references
small() { # the results in r, of the paper's size in name
    # shellcheck disable=SC2086
    scaledown run classification $quick --results r --manifest m "$@"
}
check 'a small run' small
check 'golden results of it' scaledown verify classification --results r --references references --update
check 'verify' scaledown verify classification --results r --references references
cp -r r whole
cell=$(find r/cells -name '*.csv' | head -n 1)

# damage FILE HOW: cut, changed or emptied
damage() {
    case $2 in
    cut) size=$(wc -c <"$1") && head -c $((size - 10)) "$1" >part && mv part "$1" ;;
    changed) sed 's/,\([0-9]\)\([0-9]*\.[0-9]\)/,9\1\2/;y/0/1/' "$1" >part && mv part "$1" ;;
    emptied) : >"$1" ;;
    gone) rm "$1" ;;
    folder) rm "$1" && mkdir "$1" ;;
    esac
}
judge() { scaledown claims classification --results r --references references --report report "$@"; }
compare() { scaledown verify classification --results r --references references; }
for how in cut changed emptied gone; do
    damage "$cell" $how
    refused 'classification' judge
    check "a cell $how is computed again" small
    [ $how = gone ] || grep -qF "$cell" "$sandbox/err" || fault "a cell $how is computed again without a word"
    check "a cell $how comes back" cmp "$cell" "whole/${cell#r/}"
done
for name in classification.csv classification_summary.csv classification_grid.csv; do
    for how in cut changed emptied gone folder; do
        damage r/$name $how
        refused r/classification compare
        rm -rf r/$name
        cp whole/$name r/
    done
done
for how in cut changed emptied; do
    for name in classification.csv classification_summary.csv classification_grid.csv; do
        damage r/$name $how
        refused 'classification' judge
        cp whole/$name r/
    done
done

# ---- golden and published files ----
cp -r references right
restore() { rm -rf "references/$1" && cp -r "right/$1" "references/$1"; }
for name in golden/classification.csv golden/SHA256SUMS; do
    for how in cut changed emptied gone folder; do
        damage references/$name $how
        refused references/golden/ compare
        restore $name
    done
done
for name in published/classification.csv published/classification_curves.csv published/SHA256SUMS; do
    for how in cut changed emptied gone folder; do
        damage references/$name $how
        refused references/published/ judge
        restore $name
    done
done
published=references/published/classification.csv
edit() { # a published file that its author changed: with the right checksum
    sed "$2" "$1" >part && mv part "$1"
    (cd references/published && { sha256sum -- *.csv 2>/dev/null || shasum -a 256 -- *.csv; } >SHA256SUMS)
}
edit $published '/^table1-logistic-original,/d'
refused 'no row with the id table1-logistic-original' judge
restore published
for value in nan inf 32 '' 1e999 32.0x; do
    edit $published "s/^\(table1-logistic-original,[^,]*,[^,]*,[^,]*\),[^,]*,/\1,$value,/"
    refused 'table1-logistic-original' judge
    restore published
done
edit $published 's/^table1-mlp-original,/table1-logistic-original,/'
refused 'table1-logistic-original' judge
restore published/classification.csv
refused 'none/published' scaledown claims --results r --references none

# ---- NaN in a result ----
refused '--learning-rate' scaledown train mlp --optimizer sgd --learning-rate 1e6 --steps 50 --trace t.csv

# ---- left over from a killed run ----
# Of another machine only the age tells; what this machine left is for tests/check_file.c.
for leftover in r/classification.csv "$cell" t.csv; do echo half >"$leftover.tmp.elsewhere.1" && touch -t 202001010000 "$leftover.tmp.elsewhere.1"; done
echo half >"$cell.tmp.elsewhere.2"
check 'a run over leftovers' small
check 'a trace beside a leftover' scaledown train logistic --steps 1 --trace t.csv
checks=$((checks + 1))
for leftover in r/classification.csv "$cell" t.csv; do
    [ ! -e "$leftover.tmp.elsewhere.1" ] || fault "what was left beside $leftover long ago stays"
done
[ -e "$cell.tmp.elsewhere.2" ] || fault "another machine's file in flight is gone"

# ---- signals: 128 + number, and no half-written file ----
for number in 1 15; do # a shell's background jobs ignore SIGINT
    checks=$((checks + 1))
    : >"$sandbox/out"
    "$command" train logistic --steps 10000000 --evaluate-every 1000 --trace never.csv >"$sandbox/out" 2>&1 &
    process=$!
    until [ -s "$sandbox/out" ] || ! kill -0 $process 2>/dev/null; do sleep 0.05; done
    kill -$number $process
    wait $process 2>/dev/null
    code=$?
    [ $code -eq $((128 + number)) ] || fault "signal $number ends with status $code"
    set -- never.csv*
    [ ! -e "$1" ] || fault "signal $number leaves $*"
done

# ---- a reader who has seen enough ----
checks=$((checks + 2))
{ scaledown train logistic --steps 300 --evaluate-every 1 --trace seen.csv 2>"$sandbox/err"; echo $? >"$sandbox/code"; } | head -n 1 >"$sandbox/out"
[ "$(cat "$sandbox/code")" = 0 ] && [ ! -s "$sandbox/err" ] || fault "train | head: status $(cat "$sandbox/code"), $(cat "$sandbox/err")"
[ "$(wc -l <seen.csv)" -eq 301 ] || fault "train | head: the trace is not whole"

echo "$((failures ? 0 : 100))%: Checks: $checks, Failures: $failures, Errors: 0"
[ "$failures" -eq 0 ]
