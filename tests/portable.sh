#!/bin/sh
# The same bits everywhere:  sh tests/portable.sh BUILD [PART [SIZE]]
# Builds the command in many ways and compares all that each stores, merges and exports byte for byte with what the first
# build gave.  "tiny" is every method at a size that an emulator can bear; "smoke" is every experiment at its smoke size,
# or at another SIZE.
#   PART quick   tiny: two compilers, two optimisations, two generations of the processor, one to seven threads, and a
#                machine with the other order of bytes: within ten minutes
#   PART all     also the smoke size, kills and resumes, and all that cross compilers and emulators can stand for
# CONFIGURATIONS names the builds that are compared with the first one, of both parts, by patterns: CONFIGURATIONS='s390x* musl'.
# Ends with a table and a line "N passed, N failed"; what is not installed is skipped and said (make setup-portable
# installs it).  Run from the project's folder.
build=${1:-build}/portable part=${2:-all} size=${3:-smoke} passed=0 failed=0 skipped=0
make=${MAKE:-make} jobs=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES
CONFIGURATIONS=${CONFIGURATIONS-}
case $part in quick | all) ;; *) echo "tests/portable.sh: PART is '$part', but must be quick or all" >&2; exit 2 ;; esac
mkdir -p "$build" && : >"$build/table.txt" || exit 1

say() { # say CONFIGURATION WHAT VERDICT: now, and in the table at the end
    printf '%-30s %-26s %s\n' "$1" "$2" "$3" | tee -a "$build/table.txt"
}
pass() { passed=$((passed + 1)); say "$1" "$2" same; }
fail() { failed=$((failed + 1)); say "$1" "$2" "DIFFERENT: $3"; }
skip() { skipped=$((skipped + 1)); say "$1" "$2" "skipped: $3"; }
finish() {
    echo
    cat "$build/table.txt"
    echo "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" -eq 0 ]
    exit
}
milliseconds() { case $(date +%N) in *[!0-9]*) echo "$(date +%s)000" ;; *) echo "$(($(date +%s%N) / 1000000))" ;; esac; }
random() { od -An -N2 -tu2 /dev/urandom | tr -d ' '; } # 0 to 65535

compare() { # compare CONFIGURATION WHAT WANTED GOT
    if difference=$(diff -rq "$3" "$4" 2>&1); then pass "$1" "$2"; else fail "$1" "$2" "$difference"; fi
}

# ---- what is computed ----

. "$(dirname "$0")/support/tiny.sh"

smoke() { # smoke DIRECTORY THREADS: into what is there already
    "$build/$1/scaledown" run all --size "$size" --results "$build/$1/smoke-$2" --threads "$2" \
        --manifest "$build/$1/smoke-$2.txt" >"$build/$1/smoke-$2.log" 2>&1
}

# ---- builds ----

set -f # patterns are not for files
selected() {
    [ "$1" != first ] && [ -n "$CONFIGURATIONS" ] || return 0
    for pattern in $CONFIGURATIONS; do
        # shellcheck disable=SC2254
        case $1 in $pattern) return ;; esac
    done
    false
}

# made NAME MAKE-VARIABLE...: build there; false when that is not selected or cannot be
made() {
    selected "$1" || return
    name=$1
    shift
    for setting in "$@"; do
        case $setting in CC=*)
            command -v "${setting#CC=}" >/dev/null || { skip "$name" build "${setting#CC=} is not installed"; return 1; } ;;
        esac
    done
    mkdir -p "$build/$name"
    "$make" --no-print-directory -j "$jobs" "$@" BUILD="$build/$name" all >"$build/$name/make.log" 2>&1 && return
    fail "$name" build "see $build/$name/make.log"
    return 1
}

try_tiny() { # try_tiny NAME THREADS BEFORE: BEFORE runs the command: an emulator, or nothing
    if tiny "$build/$1/tiny-$2" "$2" "${3:+$3 }$build/$1/scaledown" >"$build/$1/tiny-$2.log" 2>&1; then
        compare "$1" "tiny, $2 threads" "$build/first/tiny-1" "$build/$1/tiny-$2"
    else
        fail "$1" "tiny, $2 threads" "the run failed, see $build/$1/tiny-$2.log"
    fi
}

try_smoke() { # try_smoke NAME THREADS
    [ -d "$build/first/smoke-1" ] || { skip "$1" "$size, $2 threads" "the first run failed"; return; }
    rm -rf "$build/$1/smoke-$2"
    if smoke "$1" "$2"; then
        compare "$1" "$size, $2 threads" "$build/first/smoke-1" "$build/$1/smoke-$2"
    else
        fail "$1" "$size, $2 threads" "the run failed, see $build/$1/smoke-$2.log"
    fi
}

# more COMMAND...: not in the quick part, but where it is asked for
more() { [ "$part$CONFIGURATIONS" = quick ] || "$@"; }

# native NAME MAKE-VARIABLE...: programs for this machine; a part of them at the smoke size, too
native() {
    name=$1
    shift
    made "$name" "$@" || return
    try_tiny "$name" 2
}

native_smoke() {
    selected "$1" || return
    native "$@"
    [ ! -x "$build/$1/scaledown" ] || [ "$part" = quick ] || try_smoke "$1" 2
}

# An emulator that hangs must not keep the table from being finished.
limit=
if command -v timeout >/dev/null; then limit='timeout 3600 '; fi

# foreign NAME EMULATOR MAKE-VARIABLE...: programs for another machine, linked so that they need nothing of it
foreign() {
    selected "$1" || return
    name=$1 emulator=$2
    shift 2
    command -v "${emulator%% *}" >/dev/null || { skip "$name" build "${emulator%% *} is not installed"; return; }
    made "$name" "$@" EXTRA="-static ${extra-}" || return
    try_tiny "$name" 2 "$limit$emulator"
}

# A run killed in its middle, at a random moment of the time that it is known to take, again and again, then run to the
# end.  A kill that came before the first cell or after the last one says nothing and is tried again.
interrupted() {
    directory=$build/first/smoke-3 kills=0 tries=0
    rm -rf "$directory"
    while [ "$kills" -lt 3 ] && [ "$tries" -lt 20 ]; do
        tries=$((tries + 1))
        wait_ms=$((10 + took * ($(random) % 900) / 1000 / (kills + 1)))
        "$build/first/scaledown" run all --size "$size" --results "$directory" --threads 3 \
            --manifest "$build/first/smoke-3.txt" >"$build/first/killed.log" 2>&1 &
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
    if [ "$kills" -eq 0 ]; then fail first interrupted "no kill in $tries hit the middle of a run"; return; fi
    smoke first 3 || fail first interrupted "the resumed run failed, see $build/first/smoke-3.log"
    compare first "$size, killed $kills times" "$build/first/smoke-1" "$directory"
}

# ---- this machine ----

made first CC=gcc || finish
tiny "$build/first/tiny-1" 1 "$build/first/scaledown" >"$build/first/tiny-1.log" 2>&1 ||
    { fail first "tiny, 1 thread" "the run failed, see $build/first/tiny-1.log"; finish; }
for threads in 2 3 7; do try_tiny first $threads; done
if [ "$part" = all ]; then
    rm -rf "$build/first/smoke-1"
    if smoke first 1; then
        before=$(milliseconds)
        try_smoke first 2
        took=$(($(milliseconds) - before))
        try_smoke first 7
        interrupted
    else
        fail first "$size, 1 thread" "the run failed, see $build/first/smoke-1.log"
        rm -rf "$build/first/smoke-1"
    fi
fi
# Neither the compiler nor the C library may use the fused instruction: every fma is made of others, which takes long.
without_fused_instruction() {
    made gcc-x86-64 CC=gcc ARCH=-march=x86-64 || return
    try_tiny gcc-x86-64 2 "env GLIBC_TUNABLES=glibc.cpu.hwcaps=-FMA,-FMA4,-AVX2"
}

native gcc-O0 CC=gcc OPT=-O0
more native gcc-O2 CC=gcc OPT=-O2
more native_smoke gcc-without-threads CC=gcc OPENMP=-fopenmp-simd
more native musl CC=musl-gcc
native_smoke clang CC=clang
more native clang-O1 CC=clang OPT=-O1
if [ "$(uname -m)" = x86_64 ]; then
    native_smoke gcc-x86-64-v3 CC=gcc ARCH=-march=x86-64-v3
    more native clang-x86-64-v3 CC=clang ARCH=-march=x86-64-v3
    if grep -qw avx512vl /proc/cpuinfo 2>/dev/null; then native gcc-x86-64-v4 CC=gcc ARCH=-march=x86-64-v4; fi
    more without_fused_instruction
fi

# ---- other machines ----

[ "$(uname -m)" = aarch64 ] || more foreign aarch64 qemu-aarch64 CC=aarch64-linux-gnu-gcc
[ "$(uname -m)" = riscv64 ] || more foreign riscv64 qemu-riscv64 CC=riscv64-linux-gnu-gcc
[ "$(uname -m)" = s390x ] || foreign s390x-big-endian qemu-s390x CC=s390x-linux-gnu-gcc
extra='-mfpu=neon-vfpv4'
more foreign armhf qemu-arm CC=arm-linux-gnueabihf-gcc
# The compiler would take this machine's processor, which the emulator does not have.
extra='-mfpmath=sse'
more foreign i386-with-SSE qemu-i386 CC=i686-linux-gnu-gcc ARCH=-march=pentium4
finish
