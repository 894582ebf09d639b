# What the tests of the command line share; they read it.  SCALEDOWN is the command, default build/scaledown.  Goes to
# an empty folder, $sandbox/here, beside a project of its own, $tables, with the tables of mnist1d and a paper "tiny",
# whose experiment "little" takes a blink of an eye.
test=$0
command=$(cd "$(dirname "${SCALEDOWN:-build/scaledown}")" && pwd)/$(basename "${SCALEDOWN:-build/scaledown}")
sandbox=$(mktemp -d "${TMPDIR:-/tmp}/scaledown-cli.XXXXXX") || exit 1
project=$(cd "$(dirname "$0")/.." && pwd) checks=0 failures=0 tables=$sandbox/project
trap 'rm -rf "$sandbox"' EXIT
trap 'exit 130' INT TERM
mkdir "$sandbox/here" && cd "$sandbox/here" || exit 1

fault() { failures=$((failures + 1)); printf '%s: %s\n' "$test" "$*"; }
check() { # check WHAT COMMAND...: COMMAND succeeds
    what=$1 checks=$((checks + 1))
    shift
    "$@" >"$sandbox/out" 2>"$sandbox/err" || fault "$what: status $?: $(cat "$sandbox/err")"
}
has() { tr -s ' \n' ' ' <"$1" | grep -qF -e "$2"; } # whichever way lines are broken
says() { # says WORDS: on standard error, by the command before
    checks=$((checks + 1))
    has "$sandbox/err" "$1" || fault "does not say \"$1\": $(cat "$sandbox/err")"
}
shows() { # shows WORDS: on standard output, by the command before
    checks=$((checks + 1))
    has "$sandbox/out" "$1" || fault "does not show \"$1\": $(cat "$sandbox/out")"
}
fails() { # fails STATUS COMMAND...: with that status
    wanted=$1 checks=$((checks + 1))
    shift
    "$@" >"$sandbox/out" 2>"$sandbox/err"
    code=$?
    [ $code -eq "$wanted" ] || fault "$*: status $code, not $wanted: $(cat "$sandbox/err")"
}
scaledown() {
    case $1 in
    list | estimate | run | plan | missing | merge | claims | show | verify | audit)
        name=$1
        shift
        "$command" "$name" --project "$tables" "$@"
        ;;
    *) "$command" "$@" ;;
    esac
}
snapshot() { find . -exec cksum {} + 2>&1; } # of a folder cksum says that it is one
newline='
'

# refused NAMES COMMAND...: COMMAND exits with 1 or 2, says one line with NAMES in it, and leaves the folder as it was
refused() {
    names=$1 checks=$((checks + 1)) before=$(snapshot)
    shift
    said=$("$@" 2>&1 >/dev/null </dev/null)
    code=$? after=$(snapshot)
    [ -z "${SHOW-}" ] || printf '%s\n' "$said"
    case $code:$said in
    [12]:*"$newline"*) fault "$*: not one line: $said" ;;
    [12]:*.tmp.*) fault "$*: names a temporary file: $said" ;;
    [12]:"scaledown: "*"$names"*) [ "$after" = "$before" ] || fault "$*: left something behind: $after" ;;
    *) fault "$*: status $code, not naming $names: $said" ;;
    esac
}
finish() {
    echo "$((failures ? 0 : 100))%: Checks: $checks, Failures: $failures, Errors: 0"
    [ "$failures" -eq 0 ]
}

sums() { (cd "$1" && { sha256sum -- *.csv 2>/dev/null || shasum -a 256 -- *.csv; } >SHA256SUMS); }
mkdir -p "$tables/reproduce/tiny" "$tables/reference_results/tiny/published" "$tables/reference_results/tiny/claims"
cp -r "$project/reproduce/mnist1d" "$tables/reproduce/"
cp -r "$project/reference_results/mnist1d" "$tables/reference_results/"
cat >"$tables/reproduce/tiny/paper.csv" <<'END'
name,value
title,A tiny paper
authors,Nobody
venue,Nowhere
year,2024
url,https://example.org/
END
quick='steps=20 evaluate-every=10 num-samples=200 batch=20'
cat >"$tables/reproduce/tiny/experiments.csv" <<END
name,item,title,method,settings,smoke,seeds,smoke-seeds,first-seed
little,Fig. 1a,A little classification,classification,model=logistic features=original $quick,,2,2,42
little,Fig. 1b,,,model=mlp features=original $quick,,,,
END
(
    cd "$tables/reference_results/tiny" || exit 1
    cat >claims/little.csv <<'END'
id,item,kind,a,b,published,margin,why,text,note
logistic,Table 1,value,final_test_accuracy[model=logistic],,table1-logistic,50,A guess.,Logistic regression classifies {} %.,
curve,Fig. 1b,value,test_accuracy[model=mlp]@{x},,mlp-*,90,A guess.,"The MLP, at step {x}.",
END
    cat >published/little.csv <<'END'
id,series,metric,x,value,uncertainty,unit,n,kind,source
table1-logistic,,final_test_accuracy,,32.0,1.0,percent,,table,Table 1
mlp-0,mlp,test_accuracy,0,10.0,1.0,percent,1,plot,Fig. 1b
mlp-10,mlp,test_accuracy,10,20.0,1.0,percent,1,plot,Fig. 1b
END
    cp published/little.csv published/little_curves.csv
)
sums "$tables/reference_results/tiny/published"
