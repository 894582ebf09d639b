# What the tests of faults share; they read it.  A test is a loop over the table below: for each entry a command runs
# undisturbed in $sandbox/expected, then again and again in $sandbox/here, disturbed, from what was there $before.
. "$(dirname "$0")/support/command_line.sh"
undisturbed=$command seed=${SEED:-$(od -An -N2 -tu2 /dev/urandom | tr -d ' ')}
echo "SEED=$seed"

data_set="--num-samples 200 --batch 20"
small="--model logistic --features original --steps 20 --evaluate-every 10 $data_set --quiet"
long="--model logistic --features original --steps 300 --evaluate-every 1 $data_set --quiet" # cells of 1,200 rows
data="--results r --references references"

# entry STATE WORDS..., which the test has: what is there before (a function below), then the words.  r are results,
# references golden ones of them.
table() {
    entry nothing --version
    entry nothing run classification --seeds 2 --threads 1 --results r --manifest m $long
    entry nothing run classification --seeds 4 --threads 2 --results r --manifest m $small
    entry results run classification --seeds 3 --threads 1 --results r --manifest m $small --format csv
    entry nothing run dataset --results r --manifest m --quiet --threads 1
    entry results list little --threads 1 --results r
    entry results estimate little --threads 1 --results r
    entry results plan little --shards 3 --results r
    entry results missing classification --results r
    entry results merge little --results r
    entry results verify little $data
    entry results verify little --update $data
    entry results audit little --references references --minutes 0.01 --audit-seed 1 --threads 1 --quiet
    entry results claims little $data --report report
    entry results claims little --recorded --references references --report report
    entry results show curve-10 --recorded --references references
    entry nothing dataset --num-samples 100 --out d
    entry nothing dataset --num-samples 100 --format csv --out d
    entry nothing train mlp --steps 3 --num-samples 100 --batch 20 --trace t.csv --save-init i.npy --save-final f.npy
    entry nothing train mlp --steps 3 --no-such-option
}
nothing() { :; }
results() {
    mkdir references && cp -r "$tables/reference_results/tiny" references/ &&
        scaledown run classification --seeds 2 --threads 1 --results r --manifest m $small &&
        scaledown run little --threads 1 --results r --manifest m --quiet && scaledown verify little --update $data
}

same() { diff -r -x m "$1" "$2" >"$sandbox/difference" 2>&1; } # m has times
# fresh STATE FOLDER...: the state, in before and copies of it, the last of which is entered
fresh() {
    rm -rf "$sandbox/before" && mkdir "$sandbox/before" && cd "$sandbox/before" || exit 1
    "$1" >/dev/null || fault "cannot prepare $1"
    shift
    for folder; do again "$folder"; done
}
again() { rm -rf "${sandbox:?}/$1" && cp -r "$sandbox/before" "$sandbox/$1" && cd "$sandbox/$1" || exit 1; }

# disturbed WORDS...: in a fresh here, by the test's function `disturb`; sets code and said.  OpenMP's policy is given, so that the
# command need not begin anew to set it: one process, one count.
export OMP_WAIT_POLICY=passive
disturbed() {
    command=disturb
    scaledown "$@" </dev/null >"$sandbox/out" 2>"$sandbox/err"
    code=$? said=$(sed '1{/^$/d;}' "$sandbox/err") command=$undisturbed # OpenMP says something after an empty line
}

# recovers WHAT WORDS...: the same words, undisturbed and over what was left here, end as they would have ended anyhow
recovers() {
    what=$1
    shift
    ! same "$sandbox/before" . || return # then the run after it is the undisturbed one
    scaledown "$@" >/dev/null 2>"$sandbox/err"
    after=$?
    [ $after -eq "$status" ] || fault "$what: the run after it: status $after, $(cat "$sandbox/err")"
    same "$sandbox/expected" . || fault "$what: the run after it: $(head -n 3 "$sandbox/difference")"
}
