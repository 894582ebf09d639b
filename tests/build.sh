#!/bin/sh
# What the Makefile does with settings, changes and dry runs:  sh tests/build.sh
# The compiler is a stand-in: it writes down what it is asked to compile, and every program that it makes writes down how
# it was called.  So nothing is computed, and a build takes a second.  tests/slow_build.sh does the same with real ones.
# Run from the project's folder; ends like a test made with Check.
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES
make=${MAKE:-make} project=$(pwd) checks=0 failures=0
sandbox=$(mktemp -d "${TMPDIR:-/tmp}/scaledown-build.XXXXXX") || exit 1
trap 'rm -rf "$sandbox"' EXIT
trap 'exit 130' INT TERM

fault() { failures=$((failures + 1)); printf 'tests/build.sh: %s\n' "$*"; }
check() { # check WHAT COMMAND...: COMMAND succeeds
    what=$1 checks=$((checks + 1))
    shift
    "$@" >"$sandbox/out" 2>&1 || fault "$what: $(tail -n 5 "$sandbox/out")"
}
refused() { # refused TEXT COMMAND...: COMMAND fails and says TEXT
    text=$1 checks=$((checks + 1))
    shift
    if "$@" >"$sandbox/out" 2>&1; then fault "$* succeeds"; fi
    grep -qF -e "$text" "$sandbox/out" || fault "$*: does not say \"$text\" but: $(tail -n 3 "$sandbox/out")"
}

# ---- the stand-ins ----
export FAKE="$sandbox/fake"
mkdir "$FAKE"
cat >"$FAKE/program" <<'END'
#!/bin/sh
name=${0##*/}
[ "$name" != openmp ] || exit "${FAKE_OPENMP:-0}"
[ "$name" != source_hash ] || { cat "$@" 2>/dev/null | cksum; exit; }
for word; do name="$name|$word"; done
printf '%s\n' "$name" >>"$FAKE/calls"
echo '100%: Checks: 1, Failures: 0, Errors: 0'
END
cat >"$FAKE/cc" <<'END'
#!/bin/sh
case " $* " in
*' --version '*) echo "stand-in ${FAKE_VERSION:-1}"; exit ;;
*' -dM '*) echo "#define ${FAKE_MACHINE:-__some_machine__} 1"; exit ;;
esac
words=$* output= source=
while [ $# -gt 0 ]; do
    case $1 in
    -o) output=$2; shift ;;
    *.c) source=$1 ;;
    esac
    shift
done
case $output in */scaledown-probe.*) ;; *) echo "$output" >>"$FAKE/compiled" ;; esac
case $output in
*.o) # includes next to the source are enough of dependencies for a test
    echo "$words" >"$output"
    folder=${source%/*}
    { printf '%s: %s' "$output" "$source"
      sed -n 's/^#include "\([^"]*\)".*/\1/p' "$source" | while read -r header; do
          for place in "$folder" "${source%%src/*}src" "${source%%tests/*}tests/support"; do
              [ ! -f "$place/$header" ] || printf ' %s' "$place/$header"
          done
      done; echo; } >"${output%.o}.d" ;;
*) cp "$FAKE/program" "$output" && chmod +x "$output" ;;
esac
END
chmod +x "$FAKE/cc" "$FAKE/program"
export PATH="$FAKE:$PATH"
printf '#!/bin/sh\necho "%s $DATA|$FIGURES|$REPORT_BUILD|$REPORT_PDF|$PAPER|$ONLY|$RECORDED" >>"$FAKE/calls"\n' draw >"$FAKE/draw.sh"
sed 's/draw/compile/; s/$/\n/' "$FAKE/draw.sh" >"$FAKE/compile.sh"
printf '#!/bin/sh\necho "browse $DATA|$FIGURES|$PAGE|$MANIFEST|$PAPER|$RECORDED" >>"$FAKE/calls"\n' >"$FAKE/browse.sh"
echo 'mkdir -p "$(dirname "$REPORT_PDF")" && echo report >"$REPORT_PDF"' >>"$FAKE/compile.sh"

# copy FOLDER: the project, without what was built; the scripts that draw and compile are stand-ins too
copy() {
    mkdir -p "$1"
    for file in Makefile tools src reproduce tests bench figures page report; do cp -R "$project/$file" "$1/"; done
    cp "$FAKE/draw.sh" "$1/figures/draw.sh"
    cp "$FAKE/browse.sh" "$1/page/build.sh"
    cp "$FAKE/compile.sh" "$1/report/compile.sh"
    for script in "$1"/tests/*.sh; do
        [ "${script##*/}" = run.sh ] || cp "$FAKE/program" "$script"
    done
    rm -f "$1/report/report.pdf"
}
make() { command "$make" --no-print-directory CC=cc "$@"; }
compiled() { # compiled COUNT-OR-WORD MAKE...: so many files are compiled by make, or none, some, all
    wanted=$1 checks=$((checks + 1))
    shift
    : >"$FAKE/compiled"
    make "$@" >"$sandbox/out" 2>&1 || { fault "make $*: $(tail -n 5 "$sandbox/out")"; return; }
    objects=$(grep -c '\.o$' "$FAKE/compiled")
    case $wanted in
    none) [ "$objects" -eq 0 ] ;;
    some) [ "$objects" -gt 0 ] && [ "$objects" -lt $((all_objects / 2)) ] ;;
    all) [ "$objects" -eq "$all_objects" ] ;;
    esac || fault "make $*: $objects of $all_objects objects were compiled, expected $wanted"
}

# ---- what is compiled again ----
copy "$sandbox/plain"
cd "$sandbox/plain" || exit 1
: >"$FAKE/compiled"
check 'a build' make
all_objects=$(grep -c '\.o$' "$FAKE/compiled")
[ "$all_objects" -gt 40 ] || fault "a build compiled $all_objects objects"
compiled none
compiled all OPT=-O1
compiled none OPT=-O1
compiled all
compiled all ARCH=
grep -q -e -march=native build/compile_command.txt && fault 'ARCH= builds for this machine'
compiled all ARCH=-march=x86-64-v3
compiled all EXTRA='-DTEXT="a b"'
grep -qF 'TEXT=\"a b\"' build/generated/build_flags.h || fault 'the flags in build_flags.h are not those of the build'
compiled none EXTRA='-DTEXT="a b"'
FAKE_VERSION=2 compiled all
FAKE_VERSION=2 FAKE_MACHINE=__another_machine__ compiled all
compiled all
touch src/base/arena.h
compiled some
compiled none
touch tests/support/suite.h
compiled none
check 'tests are built' make tests
touch tests/support/suite.h
compiled some tests
compiled none tests
before=$(cat build/generated/source_hash.h)
echo '/* another number */' >>src/exact/exact.c
compiled some
[ "$before" != "$(cat build/generated/source_hash.h)" ] || fault 'a changed source leaves the hash as it was'
cp "$project/src/exact/exact.c" src/exact/exact.c
echo 'int added;' >src/base/added.c
compiled some
ar t build/libscaledown.a | grep -q added.o || fault 'a new source does not reach the library'
rm src/base/added.c
compiled some
ar t build/libscaledown.a | grep -q added.o && fault 'a source that is gone stays in the library'
for file in src/main src/base/cpu; do
    [ -f "$file.c" ] || continue
    grep -q -e '-march\|-mprefer' "build/float/$file.o" && fault "$file.c, which looks at the processor, is compiled for one"
done
grep -q -e -march=native build/float/src/base/arena.o || fault 'the rest is not compiled for this machine'
FAKE_OPENMP=1 check 'a build without OpenMP' make
grep -q 'one thread only' "$sandbox/out" || fault 'a build without OpenMP does not say so'
grep -q -e -fopenmp-simd build/compile_command.txt || fault 'a build without OpenMP is made with it'
check 'a build with it again' make

# ---- a dry run does nothing ----
targets=$(command "$make" help | sed -n 's/^  \([a-z-]*\)  .*/\1/p' | grep -v '^[A-Z]')
case $targets in *reproduce*) ;; *) fault "make help names no targets: $targets" ;; esac
snapshot() { (cd "$sandbox" && find . -path ./fake -prune -o ! -path . ! -path ./out -print | sort); }
touched() { (cd "$sandbox" && find . -path ./fake -prune -o ! -path . ! -path ./out -newer fake/mark -print); }
dry() { # dry MAKE...: every target
    for target in $targets; do
        checks=$((checks + 1))
        before=$(snapshot)
        : >"$FAKE/calls"
        : >"$FAKE/mark"
        : >"$FAKE/compiled"
        make -n "$@" "$target" >"$sandbox/out" 2>&1 || fault "make -n $* $target: $(tail -n 3 "$sandbox/out")"
        [ "$(snapshot)" = "$before" ] && [ -z "$(touched)" ] || fault "make -n $* $target changes files: $(touched)"
        [ ! -s "$FAKE/calls" ] && [ ! -s "$FAKE/compiled" ] || fault "make -n $* $target runs $(cat "$FAKE/calls")"
    done
}
echo 'a report' >report/report.pdf
dry
dry BUILD=elsewhere
dry BUILD="$sandbox/an odd 'name'"
rm report/report.pdf

# ---- settings are text ----
called() { grep -qxF -e "$1" "$FAKE/calls" || fault "$2: no call $1 among: $(cat "$FAKE/calls")"; }
newline='
'
for value in 'x; touch pwned' '$(touch pwned)${shell touch pwned}$(shell touch pwned)' '`touch pwned`' '"; touch pwned; "' \
    "'; touch pwned; '" "x${newline}touch pwned" '>pwned a  b * \ # $$ %s | & !! ä \'; do
    : >"$FAKE/calls"
    for target in run list estimate claims verify figures page report recorded audit reproduce smoke; do
        checks=$((checks + 1))
        case $target in
        audit) set -- MINUTES="$value" AUDIT_SEED="$value" ;;
        recorded | smoke) set -- ;;
        *) set -- SEEDS="$value" ;;
        esac
        make "$target" EXPERIMENT="$value" PAPER="$value" ONLY="$value" THREADS="$value" RESULTS="$value" \
            REPORT="out/$value" "$@" >"$sandbox/out" 2>&1 ||
            fault "$target with $value: $(cat "$sandbox/out")"
    done
    checks=$((checks + 1))
    make run SIZE="$value" >"$sandbox/out" 2>&1 || fault "run with SIZE=$value: $(cat "$sandbox/out")"
    if [ -e pwned ]; then fault "a command ran: $value"; rm -f pwned; fi
    case $value in *"$newline"*) continue ;; esac # a call is a line
    selected="$value|--paper=$value|--only=$value"
    called "scaledown|run|$selected|--results=$value|--size=paper|--seeds=$value|--threads=$value|--manifest=build/manifest.txt" "$value"
    called "scaledown|claims|$selected|--results=$value|--seeds=$value|--report=build/report" "$value"
    called "scaledown|verify|$selected|--results=$value|--seeds=$value" "$value"
    called "scaledown|claims|$selected|--recorded|--report=build/recorded/report" "$value"
    called "scaledown|audit|$selected|--minutes=$value|--audit-seed=$value|--threads=$value" "$value"
    called "scaledown|run|all|--results=results|--size=$value|--manifest=build/manifest.txt" "$value"
    called "draw build/report|build/figures|build/latex|out/$value|$value|$value|" "$value"
    called "browse build/report|build/figures|build/page/index.html|build/manifest.txt|$value|" "$value"
    called "browse build/recorded/report|build/recorded/figures|build/recorded/page/index.html|build/manifest.txt|$value|1" "$value"
    called "compile build/recorded/report|build/recorded/figures|build/recorded/latex|build/recorded/report.pdf|$value|$value|1" "$value"
done
rm -rf out
: >"$FAKE/calls"
check 'without settings' make audit
called 'scaledown|audit|all|--minutes=5' 'make audit'
PAPER=a4 SIZE=large RESULTS=/nowhere check 'the environment is not asked' make run
called 'scaledown|run|all|--results=results|--size=paper|--manifest=build/manifest.txt' 'make run'
refused 'EXPERIMENT=' make run STUDY=pooling
refused 'no EXPERIMNT=' make reproduce EXPERIMNT=pooling
refused 'OPT=' make CFLAGS=-O2
refused '-Ofast would give other results' make OPT=-Ofast
refused '-ffast-math would give other results' make EXTRA='-g -ffast-math'
refused 'hyphen' make run EXPERIMENT=--fresh
refused 'SEEDS= has no meaning for `make recorded`; it is for: list' make recorded SEEDS=2
refused 'SEEDS= has no meaning for `make audit`' make audit SEEDS=2
refused 'SIZE= has no meaning for `make claims figures`' make claims figures SIZE=smoke
refused 'MINUTES= has no meaning for `make`; it is for: audit' make MINUTES=3
check 'a setting of one of two targets' make run audit MINUTES=3
for name in RESULTS BUILD REPORT; do refused 'a ~ that the shell has not put your folder for' make run $name='~/x'; done
[ ! -e '~' ] || fault 'a folder named ~ was made'
: >"$FAKE/calls"
check 'verify' make verify
called 'scaledown|verify|all|--results=results' 'make verify'
called 'scaledown|claims|all|--results=results|--report=build/verified|--check' 'make verify'
: >"$FAKE/calls"
check 'verify of some seeds' make verify SEEDS=2
called 'scaledown|verify|all|--results=results|--seeds=2' 'make verify SEEDS=2'
grep -q 'verdicts: not compared' "$sandbox/out" || fault "verify SEEDS=2 does not say that verdicts are not compared"
refused 'empty' make BUILD=
refused 'empty' make run RESULTS=

# ---- what reproduce says ----
check 'reproduce' make reproduce
calls=$(tail -n 6 "$FAKE/calls" | sed 's/|all.*//; s/ .*//' | tr '\n' ' ')
[ "$calls" = 'scaledown|estimate scaledown|run scaledown|claims draw browse compile ' ] || fault "reproduce calls $calls"
[ "$(tail -n 2 "$sandbox/out" | sed 's/[0-9]* s$/N s/' | tr '\n' ';')" = 'report: report/report.pdf;time taken: N s;' ] ||
    fault "reproduce ends with $(tail -n 2 "$sandbox/out")"
check 'reproduce to a place of its own' make reproduce REPORT="$sandbox/my report.pdf"
[ -f "$sandbox/my report.pdf" ] || fault 'REPORT= is not heeded'

# ---- folders with any name ----
for name in 'with space' "a'b\"c" 'a:b#c%d' 'a$b$(shell touch pwned)' '`touch pwned`;c' ' a ' '(a\)'; do
    rm -rf "$sandbox/there"
    mkdir "$sandbox/there"
    : >"$FAKE/calls"
    check "BUILD=$name" make -j4 check BUILD="$sandbox/there/$name"
    for file in scaledown tests/check_base tests/double_grad; do
        [ -x "$sandbox/there/$name/$file" ] || fault "BUILD=$name: no $file there: $(ls "$sandbox/there")"
    done
    called check_base "BUILD=$name"
    compiled none BUILD="$sandbox/there/$name"
    check "BUILD=$name" make run report BUILD="$sandbox/there/$name" RESULTS="$sandbox/there/results"
    called "scaledown|run|all|--results=$sandbox/there/results|--size=paper|--manifest=$sandbox/there/$name/manifest.txt" "$name"
    [ "$(cksum <"$sandbox/there/$name/generated/source_hash.h")" = "$(cksum <build/generated/source_hash.h)" ] ||
        fault "BUILD=$name: another source hash"
    check "clean BUILD=$name" make clean BUILD="$sandbox/there/$name"
    [ -z "$(ls "$sandbox/there")" ] || fault "clean BUILD=$name leaves $(find "$sandbox/there" | head -n 3)"
    [ ! -e pwned ] || { fault "a command ran: BUILD=$name"; rm pwned; }
done
for name in "with space" "colon:quote'" 'dollar$x'; do
    copy "$sandbox/$name"
    check "a clone in $name" make -C "$sandbox/$name" check report
    [ -f "$sandbox/$name/report/report.pdf" ] || fault "a clone in $name: no report"
    rm -rf "${sandbox:?}/$name"
done
refused 'not of this build' make BUILD=.
[ -d tests/support ] || fault 'BUILD=. removes sources'

# ---- clean removes what make made ----
check 'a build' make
echo mine >build/notes.txt
echo 'of a shard' >build/manifest-1-of-3.txt
mkdir -p build/verified
mkdir -p results && echo cells >results/cells
check 'clean' make clean
[ "$(ls build)" = notes.txt ] && [ -f results/cells ] || fault "clean leaves $(ls build), results $(ls results)"
mkdir -p foreign/tests && echo mine >foreign/tests/mine
check 'clean of a folder that is not ours' make clean BUILD=foreign
refused 'not of this build' make BUILD=foreign
[ -f foreign/tests/mine ] || fault 'clean removes what make has not made'

# ---- a read-only source ----
if unshare -rm true 2>/dev/null && mkdir "$sandbox/fixed" && unshare -rm mount --bind -r "$sandbox/plain" "$sandbox/fixed" 2>/dev/null; then
    check 'a read-only source' unshare -rm sh -c 'mount --bind -r "$1/plain" "$1/fixed" && cd "$1/fixed" &&
        "$2" CC=cc report BUILD="$1/away" RESULTS="$1/away/results"' sh "$sandbox" "$make"
    [ -f "$sandbox/away/report.pdf" ] || fault 'a read-only source: the report is not in BUILD'
else
    echo 'tests/build.sh: not tried, for want of name spaces: a read-only source'
fi

# ---- line ends ----
cd "$project" || exit 1
if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
    check 'a clone with Windows line ends' git -c core.autocrlf=true -c core.eol=crlf clone -q -c core.autocrlf=true \
        -c core.eol=crlf --no-hardlinks "$project" "$sandbox/crlf"
    turned=$(git -C "$sandbox/crlf" ls-files --eol | grep -c 'w/crlf\|w/mixed')
    [ "$turned" -eq 0 ] || fault "$turned files of a clone have Windows line ends"
    check 'its setup.sh' sh -n "$sandbox/crlf/setup.sh"
else
    echo 'tests/build.sh: not tried, for want of git: a clone with Windows line ends'
fi

echo "$((failures ? 0 : 100))%: Checks: $checks, Failures: $failures, Errors: 0"
[ "$failures" -eq 0 ]
