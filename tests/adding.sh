#!/bin/sh
# docs/adding-a-study.md is right:  sh tests/adding.sh   (SCALEDOWN is the command, default build/scaledown)
# In a copy of the project every file that the page shows is written and every command that it shows is run, in its order.
# Ends like a test made with Check.
command=${SCALEDOWN:-build/scaledown} project=$(pwd) checks=0 failures=0
sandbox=$(mktemp -d "${TMPDIR:-/tmp}/scaledown-adding.XXXXXX") || exit 1
trap 'rm -rf "$sandbox"' EXIT
trap 'exit 130' INT TERM
copy=$sandbox/project
mkdir -p "$copy" "$sandbox/blocks"
cp -R src reproduce reference_results figures page report docs tests tools bench Makefile "$copy/" || exit 1
cp -Rp "$(dirname "$command")" "$copy/build" || exit 1 # with its times, so that nothing is compiled again
rm -rf "$copy/build/report" "$copy/build/figures"
cd "$copy" || exit 1

check() { # check WHAT COMMAND...
    what=$1 checks=$((checks + 1))
    shift
    "$@" >"$sandbox/out" 2>&1 && return
    failures=$((failures + 1))
    printf 'tests/adding.sh: %s\n' "$what"
    tail -n 5 "$sandbox/out"
}

# Blocks in order: N.file holds the path that stands above a block, or N.sh the commands.
awk -v out="$sandbox/blocks" '
    /^```/ && inside { close(name); inside = 0; path = ""; next }
    /^```/ { name = sprintf("%s/%02d", out, ++n); inside = 1
             if ($0 == "```sh") name = name ".sh"
             else if (path != "") { print path >(name ".path"); close(name ".path"); name = name ".file" }
             next }
    inside { print >name }
    !inside && /^`[^`]*`$/ { path = substr($0, 2, length($0) - 2) }
' docs/adding-a-study.md
for block in "$sandbox"/blocks/*; do
    case $block in
    *.path)
        path=$(cat "$block")
        mkdir -p "$(dirname "$path")"
        check "the page shows $path" cp "${block%.path}.file" "$path"
        ;;
    *.sh) check "$(head -n 1 "$block")" sh -e "$block" ;;
    esac
done

# What the page promises.
check 'four widths, three seeds' test "$(cut -d, -f2,3 results/widths/hidden-size.csv | sort -u | grep -c '^hidden=')" -eq 12
check 'a curve and its four points, and two more' test "$(wc -l <reference_results/widths/verdicts.csv)" -eq 8
check 'the wider network wants the smaller rate' grep -q '^widths-falls,reproduced$' reference_results/widths/verdicts.csv
check 'recorded results' test -s reference_results/widths/golden/hidden-size.csv
if command -v gnuplot >/dev/null 2>&1; then check 'the figure' test -s build/figures/widths/figure10.svg; fi
check 'verify' make verify PAPER=widths
checks=$((checks + 1))
case $(grep -v '^make' "$sandbox/out" | tail -n 2 | tr '\n' ' ') in # make itself may say which folder it leaves
'results: bit for bit the recorded ones: '*' 12 cells verdicts: all 7 equal the recorded ones, '*) ;;
*) failures=$((failures + 1)) && echo "tests/adding.sh: verify ends with $(tail -n 2 "$sandbox/out")" ;;
esac
if command -v gnuplot >/dev/null 2>&1 && command -v pdflatex >/dev/null 2>&1; then check 'the report' test -s report/report.pdf; fi
# Nothing else has changed its name: the cells of the other papers are those that their recorded results name.
check 'other experiments keep their cells' "$project/$command" audit --project "$copy" --minutes 60 --audit-seed 1 meta-learning-rate
echo "$((failures ? 0 : 100))%: Checks: $checks, Failures: $failures, Errors: 0"
[ "$failures" -eq 0 ]
