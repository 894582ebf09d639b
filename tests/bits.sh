#!/bin/sh
# The same bits everywhere:  sh tests/bits.sh BUILD SIZE
# Builds the command in several ways, runs every study with each on one and two threads, kills one run at a random
# moment and resumes it, and compares all results byte for byte with the first build's.  Ends with
# "N passed, N failed"; a compiler or emulator that is not installed is skipped and said so.
build=${1:-build}/bits size=${2:-smoke} passed=0 failed=0 skipped=0
make=${MAKE:-make}

say() { printf '%-44s %s\n' "$1" "$2"; }
pass() { passed=$((passed + 1)); say "$1" same; }
fail() { failed=$((failed + 1)); say "$1" "DIFFERENT: $2"; }
skip() { skipped=$((skipped + 1)); say "$1" "skipped: $2"; }

run() { # run DIRECTORY THREADS
    rm -rf "$build/$1/results-$2"
    "$build/$1/scaledown" run all --size "$size" --results "$build/$1/results-$2" --threads "$2" \
        --manifest "$build/$1/manifest-$2.txt" >"$build/$1/run-$2.log" 2>&1
}

compare() { # compare LABEL DIRECTORY
    if difference=$(diff -rq "$build/first/results-1" "$2" 2>&1); then pass "$1"; else fail "$1" "$difference"; fi
}

variant() { # variant NAME THREADS MAKE-VARIABLE...
    name=$1 threads=$2
    shift 2
    for setting in "$@"; do
        case $setting in CC=*)
            command -v "${setting#CC=}" >/dev/null || { skip "$name" "${setting#CC=} is not installed"; return; } ;;
        esac
    done
    mkdir -p "$build/$name"
    if ! $make --no-print-directory "$@" BUILD="$build/$name" all >"$build/$name/make.log" 2>&1; then
        fail "$name" "the build failed, see $build/$name/make.log"
    elif ! run "$name" "$threads"; then
        fail "$name" "the run failed, see $build/$name/run-$threads.log"
    else
        compare "$name, $threads threads" "$build/$name/results-$threads"
    fi
}

interrupted() { # a run killed at a random moment, then run again
    directory=$build/first/results-2
    rm -rf "$directory"
    "$build/first/scaledown" run all --size "$size" --results "$directory" --threads 2 \
        --manifest "$build/first/manifest-2.txt" >"$build/first/killed.log" 2>&1 &
    pid=$!
    sleep "0.$(awk 'BEGIN { srand(); printf "%03d", 50 + rand() * 900 }')"
    kill -9 $pid 2>/dev/null
    wait $pid 2>/dev/null
    "$build/first/scaledown" run all --size "$size" --results "$directory" --threads 2 \
        --manifest "$build/first/manifest-2.txt" >"$build/first/resumed.log" 2>&1 || fail interrupted "the resumed run failed"
    compare "killed and resumed" "$directory"
}

variant first 1 CC=gcc
[ "$failed" -eq 0 ] || { echo "$passed passed, $failed failed"; exit 1; }
run first 2 && compare "two threads" "$build/first/results-2"
interrupted
variant gcc-O1 2 CC=gcc OPT=-O1
variant clang 2 CC=clang
variant clang-O1 1 CC=clang OPT=-O1
if [ "$(uname -m)" = x86_64 ]; then
    variant gcc-x86-64-v3 2 CC=gcc ARCH=-march=x86-64-v3
    variant clang-x86-64-v3 2 CC=clang ARCH=-march=x86-64-v3
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
