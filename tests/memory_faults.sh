#!/bin/sh
# Memory that runs out:  sh tests/memory_faults.sh
# Every sub-command is run with its n-th allocation failing, once and from then on, for a sample of all n that it
# reaches (SLOW=1: for every n).  It must end with the files and the status of an undisturbed run, or with status 1 or 2
# and one line; leave no temporary file; and a run after it, undisturbed, must leave what it would have left anyhow.
#
# SCALEDOWN is the command (build/scaledown), FAILING_MALLOC the library (build/tests/failing_malloc.so), SEED places the
# sample, SECONDS_EACH is about how long it may take for each entry of the table.  Ends like a test made with Check.
library=${FAILING_MALLOC:-build/tests/failing_malloc.so}
case $library in /*) ;; *) library=$(pwd)/$library ;; esac
. "$(dirname "$0")/support/disturbed.sh"

disturb() { # disturb WORDS...: from number `from` on, `number` allocations fail
    timeout -k 5 60 env "FAIL_LOG=$sandbox/log" FAIL_FROM="$from" FAIL_COUNT="$number" "LD_PRELOAD=$library" \
        "$undisturbed" "$@"
}

# one FROM COUNT WORDS...: a disturbed run and the one after it
one() {
    from=$1 number=$2 checks=$((checks + 1))
    shift 2
    again here
    disturbed "$@"
    left=$(find . -name '*.tmp.*')
    case $code:$said in
    $status:*) [ $status -ne 0 ] || same "$sandbox/expected" . || fault "$from $number $*: status 0, but $(head -n 3 "$sandbox/difference")" ;;
    [12]:*"$newline"*) fault "$from $number $*: not one line: $said" ;;
    [12]:"scaledown: "* | 1:"libgomp: "* | 1:"OMP: "*) ;; # OpenMP ends the program by itself
    *) fault "$from $number $*: status $code: $said" ;;
    esac
    [ -z "$left" ] || fault "$from $number $*: leaves $left"
    recovers "$from $number $*" "$@"
}

# entry STATE WORDS...
entry() {
    fresh "$1" expected
    shift
    : >"$sandbox/log"
    from=0 number=0
    disturbed "$@"
    status=$code
    read -r reached took <"$sandbox/log" || reached=0
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

: >"$sandbox/log"
from=0 number=0
disturbed --version
if [ ! -s "$sandbox/log" ]; then
    echo "tests/memory_faults.sh: this build or system lets no library count its allocations; nothing is tested"
    echo "100%: Checks: 1, Failures: 0, Errors: 0"
    exit 0
fi
table
finish
