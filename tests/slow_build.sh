#!/bin/sh
# Builds with real compilers, in folders with odd names, after changes of flags, from a checkout with Windows line ends:
# sh tests/slow_build.sh.  What make does with settings is in tests/build.sh, the bits of many builds in tests/portable.sh.
# Run from the project's folder; ends like a test made with Check.  A compiler that is not installed is left out, and said.
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES
make=${MAKE:-make} project=$(pwd) checks=0 failures=0
jobs=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)
sandbox=$(mktemp -d "${TMPDIR:-/tmp}/scaledown-build.XXXXXX") || exit 1
trap 'rm -rf "$sandbox"' EXIT
trap 'exit 130' INT TERM

fault() { failures=$((failures + 1)); printf 'tests/slow_build.sh: %s\n' "$*"; }
check() { # check WHAT COMMAND...: COMMAND succeeds
    what=$1 checks=$((checks + 1))
    shift
    "$@" >"$sandbox/out" 2>&1 || fault "$what: $(tail -n 5 "$sandbox/out")"
}
says() { grep -qF -e "$1" "$sandbox/out" || fault "$what does not say \"$1\""; }
make() { command "$make" --no-print-directory -j "$jobs" "$@"; }

# The folder's name and that of the build are what a path can be worst.
there="$sandbox/a clone: \"it's\" \$(here)" build="it's a \"build\": \$x"
mkdir "$there"
for file in Makefile setup.sh tools src reproduce reference_results tests bench figures page report; do
    cp -R "$file" "$there/"
done
cd "$there" || exit 1

# few FOLDER: a few tiny cells of the program in this build folder, results there
few() {
    "$1/scaledown" run classification --size smoke --model mlp,cnn --seeds 1 --steps 5 --evaluate-every 5 \
        --num-samples 200 --batch 20 --quiet --results "$1/results" --manifest "$1/manifest.txt"
}
same() { check "$1 has the same bits" diff -r "$build/results" "$2/results"; }
flags() { sed -n 's/^flags *//p' "$1/manifest.txt"; }

check 'a build in an odd folder' make BUILD="$build" CC=gcc
check 'a run' few "$build"
flags "$build" | grep -q -e '-O3' || fault "the manifest's flags are $(flags "$build")"
: >"$sandbox/mark"
check 'a second build' make BUILD="$build" CC=gcc
[ -z "$(find "$build" -newer "$sandbox/mark" -type f)" ] || fault "a second build makes $(find "$build" -newer "$sandbox/mark" -type f)"
for name in first second; do # the second after the first in one folder
    rm -rf other/results
    case $name in
    first) check 'a build for one machine' make BUILD=other CC=gcc OPT=-O1 ;;
    second) check 'then for any machine' make BUILD=other CC=gcc OPT=-O2 ARCH= EXTRA='-DREMARK="a remark"' ;;
    esac
    check "a run of the $name" few other
    same "the $name" other
done
case $(flags other) in
*-march=native* | *-mcpu=native* | *-O1*) fault "the manifest names flags of another build: $(flags other)" ;;
*'-O2'*'-DREMARK="a remark"'*) ;;
*) fault "the manifest's flags are $(flags other)" ;;
esac
check 'tests in an odd folder' make BUILD="$build" CC=gcc tests
check 'one of them' "$build/tests/check_exact"
check 'the recorded report in an odd folder' make BUILD="$build" CC=gcc recorded
if command -v gnuplot >/dev/null && command -v pdflatex >/dev/null; then
    [ -s "$build/recorded/report.pdf" ] || fault "no report in an odd folder: $(tail -n 3 "$sandbox/out")"
fi

# ---- without OpenMP ----
cat >"$sandbox/poor-cc" <<'END'
#!/bin/sh
case " $* " in *' -fopenmp '*) echo 'fatal error: omp.h: No such file' >&2; exit 1 ;; esac
exec gcc "$@"
END
chmod +x "$sandbox/poor-cc"
check 'a compiler without omp.h' make BUILD=poor CC="$(cd "$sandbox" && pwd)/poor-cc"
says 'one thread only'
check 'its run' few poor
same 'a compiler without omp.h' poor
for compiler in clang musl-gcc; do
    command -v $compiler >/dev/null || { echo "tests/slow_build.sh: $compiler is not installed"; continue; }
    check "a build with $compiler" make BUILD=$compiler CC=$compiler
    check "a run of $compiler" few $compiler
    same $compiler $compiler
done

# ---- the source hash does not depend on the place, nor on how it was checked out ----
cd "$project" || exit 1
if git diff --quiet HEAD 2>/dev/null && [ -z "$(git ls-files --others --exclude-standard)" ]; then
    git -c core.autocrlf=true clone -q -c core.autocrlf=true -c core.eol=crlf --no-hardlinks "$project" "$sandbox/crlf"
    check 'setup in a clone with Windows line ends' sh -c 'cd "$1" && sh setup.sh --dry-run' sh "$sandbox/crlf"
    check 'a build of it' make -C "$sandbox/crlf" CC=gcc
    [ "$("$sandbox/crlf/build/scaledown" --version)" = "$("$there/$build/scaledown" --version)" ] ||
        fault 'the clone with Windows line ends has another source hash'
else
    echo 'tests/slow_build.sh: not tried, since the folder differs from the last commit: a clone with Windows line ends'
fi

echo "$((failures ? 0 : 100))%: Checks: $checks, Failures: $failures, Errors: 0"
[ "$failures" -eq 0 ]
