#!/bin/sh
# Run tests and add up what they report:  sh tests/run.sh TEST...
# A test is an executable made with Check, or a shell script (*.sh) that prints the same line, "100%: Checks: 9,
# Failures: 0, Errors: 0".  Ends with "N passed, N failed"; a test that reports nothing or dies counts as one failure.
passed=0 failed=0
CK_DEFAULT_TIMEOUT=${CK_DEFAULT_TIMEOUT:-120} # seconds, for tests that name none: machines differ
OMP_WAIT_POLICY=${OMP_WAIT_POLICY:-passive} # waiting threads sleep: other tests may want the cores
export CK_DEFAULT_TIMEOUT OMP_WAIT_POLICY
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT
for test in "$@"; do
    case $test in
    *.sh) sh "$test" >"$log" 2>&1 ;;
    *) "$test" >"$log" 2>&1 ;;
    esac
    code=$?
    counts=$(sed -n 's/^[0-9]*%: Checks: \([0-9]*\), Failures: \([0-9]*\), Errors: \([0-9]*\).*/\1 \2 \3/p' "$log" |
        awk '{c += $1; f += $2 + $3} END {print c + 0, f + 0}')
    checks=${counts% *} bad=${counts#* }
    [ "$checks" -eq 0 ] && checks=1 bad=1
    [ "$code" -ne 0 ] && [ "$bad" -eq 0 ] && bad=1
    passed=$((passed + checks - bad)) failed=$((failed + bad))
    if [ "$bad" -eq 0 ]; then
        echo "ok      $(basename "$test" .sh) ($checks)"
        grep ' not tested' "$log" # what is missing for a part of it
    else
        echo "FAILED  $(basename "$test" .sh) ($bad of $checks)"
        cat "$log"
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
