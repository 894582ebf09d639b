#!/bin/sh
# Memory that runs out:  sh tests/memory_faults.sh
# Every sub-command is run with its n-th allocation failing, once and from then on, for a sample of all n that it
# reaches (SLOW=1: for every n).  It must end with the files and the status of an undisturbed run, or with status 1 or 2
# and one line; leave no temporary file; and a run after it, undisturbed, must leave what it would have left anyhow.
#
# SCALEDOWN is the command (build/scaledown), FAILING_MALLOC the library (build/tests/failing_malloc.so), SEED places the
# sample, SECONDS_EACH is about how long it may take for each entry of the table.  Ends like a test made with Check.

data_set="--num-samples 200 --batch 20"
small="--model logistic --features original --steps 20 --evaluate-every 10 $data_set --quiet"
long="--model logistic --features original --steps 300 --evaluate-every 1 $data_set --quiet" # cells of 1,200 rows
data="--results r --references references"

# The table: what is there before (a function below), then the words.  r are results, references golden ones of them.
table() {
    entry nothing --version
    entry nothing run classification --seeds 2 --threads 1 --results r --manifest m $long
    entry nothing run classification --seeds 4 --threads 2 --results r --manifest m $small
    entry results run classification --seeds 3 --threads 1 --results r --manifest m $small --format csv
    entry nothing run dataset --results r --manifest m --quiet --threads 1
    entry results list classification --threads 1 --results r
    entry results estimate classification --threads 1 --results r
    entry results plan classification --shards 3 --results r
    entry results missing classification --results r
    entry results merge dataset --results r
    entry results verify dataset $data
    entry results verify dataset --update $data
    entry results audit dataset --references references --minutes 0.1 --audit-seed 1 --threads 1 --quiet
    entry results claims meta-activation-deep --recorded --references references --report report
    entry results show meta-activation-deep-drawn --recorded --references references
    entry nothing dataset --num-samples 100 --out d
    entry nothing dataset --num-samples 100 --format csv --out d
    entry nothing train mlp --steps 3 --num-samples 100 --batch 20 --trace t.csv --save-init i.npy --save-final f.npy
    entry nothing train mlp --steps 3 --no-such-option
}
nothing() { :; }
results() {
    cp -r "$project/reference_results" references
    scaledown run classification --seeds 2 --threads 1 --results r --manifest m $small &&
        scaledown run dataset --results r --manifest m --quiet
}

project=$(pwd) checks=0 failures=0
command=${SCALEDOWN:-build/scaledown} library=${FAILING_MALLOC:-build/tests/failing_malloc.so}
case $command in /*) ;; *) command=$project/$command ;; esac
case $library in /*) ;; *) library=$project/$library ;; esac
seed=${SEED:-$(od -An -N2 -tu2 /dev/urandom | tr -d ' ')}
sandbox=$(mktemp -d "${TMPDIR:-/tmp}/scaledown-memory.XXXXXX") || exit 1
trap 'rm -rf "$sandbox"' EXIT
trap 'exit 130' INT TERM
cd "$sandbox" || exit 1
mkdir before expected here
newline='
'

fault() { failures=$((failures + 1)); printf 'tests/memory_faults.sh: %s\n' "$*"; }
# OpenMP's policy is given, so that the command need not begin anew to set it: one process, one count.
scaledown() { OMP_WAIT_POLICY=passive "$command" "$@"; }
disturbed() { # disturbed FROM COUNT WORDS...
    from=$1 number=$2
    shift 2
    timeout -k 5 60 env OMP_WAIT_POLICY=passive "FAIL_LOG=$sandbox/log" FAIL_FROM="$from" FAIL_COUNT="$number" \
        "LD_PRELOAD=$library" "$command" "$@" </dev/null >"$sandbox/out" 2>"$sandbox/err"
}
same() { diff -r -x m "$1" "$2" >"$sandbox/difference" 2>&1; } # m has times

# one FROM COUNT WORDS...: a disturbed run and the one after it, in here
one() {
    checks=$((checks + 1))
    rm -rf here && cp -r before here && cd here || exit 1
    disturbed "$@"
    code=$? said=$(sed '1{/^$/d;}' ../err) left=$(find . -name '*.tmp.*')
    cd ..
    case $code:$said in
    $status:*) [ $status -ne 0 ] || same expected here || fault "$*: status 0, but $(head -n 3 difference)" ;;
    [12]:*"$newline"*) fault "$*: not one line: $said" ;;
    [12]:"scaledown: "* | 1:"libgomp: "* | 1:"OMP: "*) ;; # OpenMP ends the program by itself, after an empty line
    *) fault "$*: status $code: $said" ;;
    esac
    [ -z "$left" ] || fault "$*: leaves $left"
    same before here && return # then the run after it is the undisturbed one
    cd here || exit 1
    shift 2
    scaledown "$@" >/dev/null 2>../err
    code=$?
    cd ..
    [ $code -eq $status ] || fault "$from $number $*: the run after it: status $code, $(cat err)"
    same expected here || fault "$from $number $*: the run after it: $(head -n 3 difference)"
}

# entry STATE WORDS...
entry() {
    state=$1
    shift
    rm -rf before expected && mkdir before && cd before && { $state >/dev/null || fault "cannot prepare $state"; } && cd .. || exit 1
    cp -r before expected && cd expected || exit 1
    : >../log
    disturbed 0 0 "$@"
    status=$?
    read -r reached took <../log || reached=0
    cd ..
    sample=$((${SECONDS_EACH:-2} * 500 / (took + 25)))
    [ $sample -ge 5 ] || sample=5
    [ -z "${SLOW-}" ] && [ $sample -lt "$reached" ] || sample=$reached
    i=0
    while [ $i -lt $sample ]; do
        n=$(((i * reached / sample + seed) % reached + 1)) i=$((i + 1))
        one $n 1 "$@"
        one $n 0 "$@"
    done
    [ -z "${SHOW-}" ] || echo "$sample of $reached allocations, status $status: $*"
}

: >log
disturbed 0 0 --version
if [ ! -s log ]; then
    echo "tests/memory_faults.sh: this build or system lets no library count its allocations; nothing is tested"
    echo "100%: Checks: 1, Failures: 0, Errors: 0"
    exit 0
fi
echo "SEED=$seed"
table
echo "$((failures ? 0 : 100))%: Checks: $checks, Failures: $failures, Errors: 0"
[ "$failures" -eq 0 ]
