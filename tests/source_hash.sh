#!/bin/sh
# What a method's source hash covers:  sh tests/source_hash.sh   (SCALEDOWN is the command, default build/scaledown; the
# tool lies beside it).  Plants changes in a copy of the sources and compares hashes; then holds the closures against what
# the objects of each method's files need when they are linked.  Ends like a test made with Check.
build=$(cd "$(dirname "${SCALEDOWN:-build/scaledown}")" && pwd)
project=$(pwd) checks=0 failures=0
sandbox=$(mktemp -d "${TMPDIR:-/tmp}/scaledown-hash.XXXXXX") || exit 1
trap 'rm -rf "$sandbox"' EXIT
trap 'exit 130' INT TERM

fault() { failures=$((failures + 1)); printf 'tests/source_hash.sh: %s\n' "$*"; }
methods() { ls reproduce/*.c | grep -v registry; }
common() { ls src/*/*.[ch] | grep -E '^src/(exact|random|kernels|grad|nn|data|analysis)/' | grep -v _command; }
hashes() { # of the tree in the current folder: "NAME HASH" a line
    "$build/source_hash" $(common) src/base/real.h src/base/number.c -- $(methods) |
        sed -n 's/.*_COMMON "\(.*\)"/common \1/p; s/^ *{"reproduce\/\(.*\)\.c", "\(.*\)"}.*/\1 \2/p'
}
fresh() { # an unchanged copy, as the current folder
    rm -rf "$sandbox/tree" && mkdir "$sandbox/tree" && cp -R "$project/src" "$project/reproduce" "$sandbox/tree" &&
        cd "$sandbox/tree"
}
edit() { # edit FILE SED-PROGRAM: the file must change
    sed "$2" "$1" >"$sandbox/edited" && ! cmp -s "$1" "$sandbox/edited" && cp "$sandbox/edited" "$1" ||
        fault "the edit $2 of $1 changes nothing"
}
changed() { # names whose hash is not the original one, in one line
    hashes >"$sandbox/now" || fault "the tool failed: $1"
    diff "$sandbox/before" "$sandbox/now" | sed -n 's/^> \([^ ]*\) .*/\1/p' | tr '\n' ' '
}
expect() { # expect WHAT NAMES: these hashes have changed and no others
    checks=$((checks + 1)) now=$(changed "$1")
    [ "$now" = "$2" ] || fault "$1: changed '$now' instead of '$2'"
}
expect_without() { # expect_without WHAT IN OUT: among the changed hashes is IN and not OUT
    checks=$((checks + 1)) now=$(changed "$1")
    case " $now" in *" $2 "*) ;; *) fault "$1: the hash of $2 is what it was" ;; esac
    case " $now" in *" $3 "*) fault "$1: the hash of $3 changed" ;; esac
}
refused() { # refused WHAT NAMES: the tool fails and names it
    checks=$((checks + 1))
    said=$(hashes 2>&1 >/dev/null)
    case $said in "source_hash: "*"$2"*) ;; *) fault "$1: said '$said', not naming $2" ;; esac
}

fresh && hashes >"$sandbox/before" || fault "the tool fails on the sources as they are"
all="common $(methods | sed 's/reproduce\/\(.*\)\.c/\1/' | tr '\n' ' ')"
checks=$((checks + 1))
[ "$(sed 's/ .*//' "$sandbox/before" | tr '\n' ' ')" = "$all" ] || fault "no hash for each of $all"

# ---- what changes nothing ----
fresh
for file in src/kernels/convolution.c src/base/real.h reproduce/pooling.c; do
    { echo '/* a comment, "quoted", of'; echo ' * two lines */'; cat "$file"; echo '// and one more'; } >"$sandbox/edited"
    cp "$sandbox/edited" "$file"
done
expect "a comment" ""

fresh # lines broken before { and in a word's place, tabs, blanks at ends, CRLF; lines of macros end otherwise
edit src/kernels/convolution.c 's/ {$/ \
\
{  /; s/^    /		/; s/ = / =  /; s/^static /static\\\
 /; s/;$/ ;/; s/$/'"$(printf '\r')"'/'
edit src/kernels/gemm.c 's/ = /=/; s/^#define/#  define/; s/^#include </#include  </; s/ + /+/; s/, /,/'
expect "a reformatting" ""

fresh
mv src/kernels/convolution.c src/kernels/zigzag.c
mv src/kernels/convolution.h src/kernels/zigzag.h
edit src/kernels/zigzag.h 's/KERNELS_CONVOLUTION_H/KERNELS_ZIGZAG_H/'
for file in $(grep -rl '"kernels/convolution.h"' src reproduce); do edit "$file" 's|"kernels/convolution.h"|"kernels/zigzag.h"|'; done
expect "a renamed kernel file" ""

fresh
edit src/grad/convolution.c '/"grad\/convolution.h"/{h;d;}; /"grad\/primitive.h"/G'
expect "includes in another order" ""

fresh
echo 'int nothing_of_a_result;' >>src/base/csv.c
echo 'int nothing_of_a_result;' >>src/study/store.c
expect "a change of what reads, stores and prints" ""

# ---- what changes something ----
fresh
edit src/kernels/learned_tanh.h 's/0\.46713033f/0.46713034f/'
expect "a constant of the learned activation function" "common meta_activation "

fresh
# All layers are in one file, so a kernel of one is in the closure of every method with a network.
edit src/kernels/gru.c 's/TILE_COLUMNS = 7/TILE_COLUMNS = 8/'
expect "a constant of the recurrent unit" "common airbench classification double_descent generalization lottery meta_activation meta_learning_rate pooling questions self_supervised "

fresh
edit src/kernels/convolution_weights.c 's/BLOCK_LANES = 64/BLOCK_LANES = 65/'
expect_without "a constant of the convolution" pooling embedding

fresh
echo '/* * */ static const int one_more = 1;' >>reproduce/pooling.c
expect "a line of a method" "pooling "

fresh
edit src/base/number.c 's/%\.\*g/%.*e/'
expect "how a number is written" "$all"

fresh
echo '#define F(x) 1' >>src/kernels/pooling.c
hashes >"$sandbox/first"
fresh
echo '#define F (x) 1' >>src/kernels/pooling.c
hashes >"$sandbox/second"
fresh
echo '#  define   F(x)    1 /* one */' >>src/kernels/pooling.c
hashes >"$sandbox/third"
checks=$((checks + 2))
cmp -s "$sandbox/first" "$sandbox/second" && fault "a macro with an argument and one without have one hash"
cmp -s "$sandbox/first" "$sandbox/third" || fault "blanks in a #define change the hash"

for pair in 'x - -y|x --y' '"a b"|"a  b"' "' '|'	'" 'L "x"|L"x"' 'a + ++b|a ++ +b' '1 .x|1.x' '0xe -1|0xe-1' 'a / *b|a /b'; do
    for side in "${pair%|*}" "${pair#*|}"; do
        { cat "$project/src/kernels/pooling.c"; printf '%s\n' "$side"; } >src/kernels/pooling.c
        hashes >"$sandbox/side"
        [ "$side" = "${pair#*|}" ] || cp "$sandbox/side" "$sandbox/other"
    done
    checks=$((checks + 1))
    cmp -s "$sandbox/side" "$sandbox/other" && fault "$pair: the two have one hash"
done

# ---- what is refused ----
fresh
edit src/kernels/pooling.c 's|"kernels/pooling.h"|"kernels/poling.h"|'
refused "an include of no file" 'src/kernels/pooling.c:1: includes "kernels/poling.h"'
fresh
edit src/kernels/pooling.c 's|"kernels/pooling.h"|HEADER|'
refused "an include by a macro" 'src/kernels/pooling.c:1'
fresh
mkdir src/other && echo 'int x;' >src/other/other.h
edit src/kernels/pooling.c 's|"kernels/pooling.h"|"other/other.h"|'
refused "an include of another room" 'src/other/other.h'
fresh
mv src/kernels/pooling.c src/kernels/pools.c
refused "a kernel without a header" 'src/kernels/pools.h'
fresh
echo '/* no end' >>src/kernels/pooling.c
refused "a comment without an end" 'src/kernels/pooling.c'

# ---- nothing that a method calls in these rooms lies outside its closure ----
cd "$project" || exit 1
if command -v nm >/dev/null; then
    for file in $(common | grep '\.c$'); do
        [ -f "$build/float/${file%.c}.o" ] || continue
        nm -P "$build/float/${file%.c}.o" | awk -v file="$file" '$2 ~ /[TDRBC]/ {print $1, file}'
    done | sort >"$sandbox/defined"
    for method in $(methods); do
        checks=$((checks + 1))
        "$build/source_hash" --files "$method" | grep '\.c$' | sort >"$sandbox/closure"
        while read -r file; do
            nm -P "$build/float/${file%.c}.o" | awk '$2 == "U" {print $1}'
        done <"$sandbox/closure" | sort -u >"$sandbox/needed"
        join -o 2.2 "$sandbox/needed" "$sandbox/defined" | sort -u | comm -23 - "$sandbox/closure" >"$sandbox/outside"
        [ ! -s "$sandbox/outside" ] || fault "$method needs, and no include brings in: $(tr '\n' ' ' <"$sandbox/outside")"
    done
fi

echo "100%: Checks: $checks, Failures: $failures, Errors: 0"
[ "$failures" -eq 0 ]
