#!/bin/sh
# The same bits everywhere:  sh tests/bits.sh BUILD SIZE
# Builds the command in several ways, runs every experiment with each on one, two and seven threads, kills a run at random
# moments and resumes it, and compares all that is stored and merged byte for byte with the first build's.  A machine
# without fused multiply-add and those with another instruction set compute a few tiny cells.  Ends with "N passed, N
# failed"; a compiler or emulator that is not installed is skipped and said so.  Run from the project's folder.
build=${1:-build}/bits size=${2:-smoke} passed=0 failed=0 skipped=0
make=${MAKE:-make} jobs=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES

say() { printf '%-44s %s\n' "$1" "$2"; }
pass() { passed=$((passed + 1)); say "$1" "${2:-same}"; }
fail() { failed=$((failed + 1)); say "$1" "DIFFERENT: $2"; }
skip() { skipped=$((skipped + 1)); say "$1" "skipped: $2"; }
finish() { echo "$passed passed, $failed failed, $skipped skipped"; [ "$failed" -eq 0 ]; exit; }
milliseconds() { case $(date +%N) in *[!0-9]*) echo "$(date +%s)000" ;; *) echo "$(($(date +%s%N) / 1000000))" ;; esac; }
random() { od -An -N2 -tu2 /dev/urandom | tr -d ' '; } # 0 to 65535

run() { # run DIRECTORY THREADS
    rm -rf "$build/$1/results-$2"
    resume "$1" "$2"
}

resume() {
    "$build/$1/scaledown" run all --size "$size" --results "$build/$1/results-$2" --threads "$2" \
        --manifest "$build/$1/manifest-$2.txt" >"$build/$1/run-$2.log" 2>&1
}

compare() { # compare LABEL WANTED GOT
    if difference=$(diff -rq "$2" "$3" 2>&1); then pass "$1"; else fail "$1" "$difference"; fi
}

# tiny OUT COMMAND...: cells and data small enough for an emulator, from the command with its runner before it
tiny() {
    out=$1
    shift
    rm -rf "$out"
    "$@" run classification --size smoke --model logistic,mlp,cnn,gru --seeds 1 --steps 5 --evaluate-every 5 \
        --num-samples 200 --batch 20 --results "$out/results" --manifest "$out.manifest" --quiet &&
        "$@" dataset --num-samples 200 --dtype f8 --format npy --out "$out/data"
}

# made NAME MAKE-VARIABLE...: build there; false when that cannot be
made() {
    name=$1
    shift
    for setting in "$@"; do
        case $setting in CC=*)
            command -v "${setting#CC=}" >/dev/null || { skip "$name" "${setting#CC=} is not installed"; return 1; } ;;
        esac
    done
    mkdir -p "$build/$name"
    "$make" --no-print-directory -j "$jobs" "$@" BUILD="$build/$name" all >"$build/$name/make.log" 2>&1 && return
    fail "$name" "the build failed, see $build/$name/make.log"
    return 1
}

variant() { # variant NAME THREADS MAKE-VARIABLE...
    name=$1 threads=$2
    shift 2
    made "$name" "$@" || return
    if ! run "$name" "$threads"; then
        fail "$name" "the run failed, see $build/$name/run-$threads.log"
    else
        compare "$name, $threads threads" "$build/first/results-1" "$build/$name/results-$threads"
    fi
}

# tiny_variant NAME RUNNER MAKE-VARIABLE...: RUNNER is a command before ours, or env
tiny_variant() {
    name=$1 runner=$2
    shift 2
    command -v "${runner%% *}" >/dev/null || { skip "$name" "${runner%% *} is not installed"; return; }
    made "$name" "$@" || return
    # shellcheck disable=SC2086  # a runner may be several words
    if ! tiny "$build/$name/tiny" $runner "$build/$name/scaledown" >"$build/$name/tiny.log" 2>&1; then
        fail "$name" "the run failed, see $build/$name/tiny.log"
    else
        compare "$name, tiny" "$build/first/tiny" "$build/$name/tiny"
    fi
}

# A run killed in its middle, at a random moment of the time that it is known to take, again and again, then run to the
# end.  A kill that came before the first cell or after the last one says nothing and is tried again.
interrupted() {
    directory=$build/first/results-2 kills=0 tries=0
    rm -rf "$directory"
    while [ "$kills" -lt 3 ] && [ "$tries" -lt 20 ]; do
        tries=$((tries + 1))
        wait_ms=$((10 + took * ($(random) % 900) / 1000 / (kills + 1)))
        "$build/first/scaledown" run all --size "$size" --results "$directory" --threads 2 \
            --manifest "$build/first/manifest-2.txt" >"$build/first/killed.log" 2>&1 &
        child=$!
        sleep "$((wait_ms / 1000)).$(printf '%03d' $((wait_ms % 1000)))"
        kill -9 "$child" 2>/dev/null
        wait "$child" 2>/dev/null
        ended=$?
        stored=$(find "$directory/cells" -name '*.csv' 2>/dev/null | wc -l)
        if [ "$ended" -eq 0 ]; then # it had finished
            rm -rf "$directory"
            kills=0
        elif [ "$stored" -gt 0 ]; then
            kills=$((kills + 1))
        fi
    done
    if [ "$kills" -eq 0 ]; then fail interrupted "no kill in $tries hit the middle of a run"; return; fi
    resume first 2 || fail interrupted "the resumed run failed, see $build/first/run-2.log"
    compare "killed $kills times and resumed" "$build/first/results-1" "$directory"
}

variant first 1 CC=gcc
[ "$failed" -eq 0 ] || finish
before=$(milliseconds)
run first 2
compare "two threads" "$build/first/results-1" "$build/first/results-2"
took=$(($(milliseconds) - before))
run first 7
compare "seven threads" "$build/first/results-1" "$build/first/results-7"
interrupted
variant gcc-O1 1 CC=gcc OPT=-O1
variant gcc-without-threads 1 CC=gcc OPENMP=-fopenmp-simd
variant musl 1 CC=musl-gcc
variant clang 2 CC=clang
variant clang-O1 1 CC=clang OPT=-O1
tiny "$build/first/tiny" env "$build/first/scaledown" >"$build/first/tiny.log" 2>&1 || { fail tiny "see $build/first/tiny.log"; finish; }
if [ "$(uname -m)" = x86_64 ]; then
    variant gcc-x86-64-v3 2 CC=gcc ARCH=-march=x86-64-v3
    variant clang-x86-64-v3 2 CC=clang ARCH=-march=x86-64-v3
    # Neither the compiler nor the C library may use the fused instruction: every fma is made of others.
    tiny_variant gcc-x86-64-no-fma "env GLIBC_TUNABLES=glibc.cpu.hwcaps=-FMA,-FMA4,-AVX2" CC=gcc ARCH=-march=x86-64
fi
[ "$(uname -m)" = aarch64 ] ||
    tiny_variant aarch64 qemu-aarch64 CC=aarch64-linux-gnu-gcc EXTRA=-static
[ "$(uname -m)" = riscv64 ] ||
    tiny_variant riscv64 qemu-riscv64 CC=riscv64-linux-gnu-gcc EXTRA=-static
[ "$(uname -m)" = s390x ] || # big-endian
    tiny_variant s390x qemu-s390x CC=s390x-linux-gnu-gcc EXTRA=-static
finish
