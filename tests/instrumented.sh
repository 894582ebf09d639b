#!/bin/sh
# What instruments see while the program runs:  sh tests/instrumented.sh BUILD threads|memory
#   threads  clang's ThreadSanitizer.  libarcher, of clang's OpenMP, tells it what threads wait for; gcc's OpenMP tells
#            nobody, so that every parallel region would be taken for a race.
#   memory   valgrind's memcheck: use of what was never written, which AddressSanitizer does not see, and leaks.
# First a planted fault must be found, and a program without it must not be blamed.  Then every method runs at a tiny size
# on three threads and must give the bytes of the plain build, SCALEDOWN (build/scaledown), and some suites must pass.
# Run from the project's folder.  Ends with "N passed, N failed"; an instrument that is not here is said, and is no pass.
build=$1/instrumented-$2 instrument=$2 make=${MAKE:-make} plain=${SCALEDOWN:-build/scaledown} passed=0 failed=0
jobs=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES
. "$(dirname "$0")/support/tiny.sh"
mkdir -p "$build" || exit 1
# The program sets the policy by beginning anew, and valgrind would not see it any more.
export OMP_WAIT_POLICY=passive

check() { # check WHAT COMMAND...
    what=$1
    shift
    if "$@" >"$build/log" 2>&1; then
        passed=$((passed + 1))
        echo "ok      $what"
    else
        failed=$((failed + 1))
        echo "FAILED  $what"
        head -n 60 "$build/log"
    fi
}
fails() { ! "$@"; }
finish() {
    echo "$passed passed, $failed failed${1:+, $1 skipped}"
    [ "$failed" -eq 0 ]
    exit
}
missing() {
    echo "tests/instrumented.sh: $instrument: not tested: $1 (make setup-tests installs it)"
    finish 1
}

case $instrument in
threads)
    archer=$(clang -print-file-name=libarcher.so 2>/dev/null)
    [ -f "$archer" ] || archer=$(dirname "$(readlink -f "$(command -v clang)")")/../lib/libarcher.so
    [ -f "$archer" ] || missing 'there is no clang with libarcher'
    export OMP_TOOL_LIBRARIES="$archer" TSAN_OPTIONS=ignore_noninstrumented_modules=1
    compile() { clang -std=c99 -O1 -g -fsanitize=thread -fopenmp "$@"; }
    set -- CC=clang OPT=-O1 EXTRA='-fsanitize=thread -g'
    watch= watch_suite= suites='check_threads check_kernels check_skipping'
    cat >"$build/planted.c" <<'END_OF_C'
int main(void) {
    int values[1000], sum = 0;
#pragma omp parallel for num_threads(3)
    for (int i = 0; i < 1000; i++) values[i] = i;
#pragma omp parallel for num_threads(3)
    for (int i = 0; i < 1000; i++) {
#ifndef FAULT
#pragma omp critical
#endif
        sum += values[999 - i];
    }
    return sum == 0;
}
END_OF_C
    ;;
memory)
    command -v valgrind >/dev/null || missing 'there is no valgrind'
    compile() { ${CC:-cc} -std=c99 -O0 -g "$@"; }
    # valgrind knows no 512-bit registers
    set -- OPT=-O2 ARCH= EXTRA=-g
    watch='valgrind -q --error-exitcode=9 --leak-check=full --errors-for-leak-kinds=definite'
    watch_suite='valgrind -q --error-exitcode=9' suites='check_file check_store check_text check_options check_paper'
    cat >"$build/planted.c" <<'END_OF_C'
#include <stdlib.h>
int main(int argc, char **argv) {
    int *numbers = malloc(2 * sizeof *numbers), status = 1;
#ifndef FAULT
    numbers[1] = argc;
#endif
    if (numbers[1] != 12345 && argv) status = 0;
    free(numbers);
    return status;
}
END_OF_C
    ;;
*)
    echo "tests/instrumented.sh: '$instrument' is neither threads nor memory" >&2
    exit 2
    ;;
esac

check 'compiling a program without a fault' compile -o "$build/right" "$build/planted.c"
check 'compiling one with it' compile -DFAULT -o "$build/wrong" "$build/planted.c"
# shellcheck disable=SC2086  # words
{
    check 'the one without it is not blamed' $watch "$build/right"
    check 'the planted fault is found' fails $watch "$build/wrong"
}
targets=
for suite in $suites; do targets="$targets $build/tests/$suite"; done
# shellcheck disable=SC2086
check 'a build' "$make" --no-print-directory -j "$jobs" "$@" BUILD="$build" all $targets
[ $failed -eq 0 ] || finish
check 'every method, tiny, without it' tiny "$build/plain" 1 "$plain"
check 'every method, tiny, watched' tiny "$build/watched" 3 "${watch:+$watch }$build/scaledown"
check 'the same bytes' diff -r "$build/plain" "$build/watched"
for suite in $suites; do # a suite takes many times as long
    check "$suite" env CK_TIMEOUT_MULTIPLIER=50 $watch_suite "$build/tests/$suite"
done
finish
