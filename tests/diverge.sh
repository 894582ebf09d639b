#!/bin/sh
# Traces of state: a step's hashes are the same for any number of threads, in every method that goes step by step, and where
# two traces part `diverge` names the first step and tensor.
. "$(dirname "$0")/support/command_line.sh"

tiny='--num-samples 200 --batch 20 --steps 12'
check 'a trace of mlp' scaledown train mlp $tiny --state-trace a.csv
check 'again' scaledown train mlp $tiny --state-trace b.csv
check 'equal' scaledown diverge a.csv b.csv
shows 'equal: 150 states of 12 steps'

# One hash changed, in the 57th line.
sed '57s/.\{16\}$/0123456789abcdef/' a.csv >changed.csv
fails 1 scaledown diverge a.csv changed.csv
shows "parted in step $(sed -n 57p a.csv | cut -d, -f1): $(sed -n 57p a.csv | cut -d, -f2)"
shows 'equal before it: 55 states'
shows 'states of the step that differ: 1 of 12'
fails 1 scaledown diverge changed.csv a.csv
check 'another seed' scaledown train mlp $tiny --seed 1 --state-trace seed.csv
fails 1 scaledown diverge a.csv seed.csv
shows 'parted in step 0: initial linear1.weight'
# The same start, and another learning rate: the first gradients are still equal, the weights after the update are not.
check 'another rate' scaledown train mlp $tiny --learning-rate 0.02 --state-trace rate.csv
fails 1 scaledown diverge a.csv rate.csv
shows 'parted in step 0: linear1.weight'
check 'another network' scaledown train logistic $tiny --state-trace logistic.csv
refused 'not of the same kind of run' scaledown diverge a.csv logistic.csv
head -n 20 a.csv >short.csv
refused 'short.csv ends after 19 states' scaledown diverge a.csv short.csv
refused 'short.csv ends after 19 states' scaledown diverge short.csv a.csv

# ---- files that are none ----
refused 'expected A.csv B.csv' scaledown diverge a.csv
refused 'cannot read none.csv' scaledown diverge a.csv none.csv
head -c 300 a.csv >cut.csv
refused 'cut.csv' scaledown diverge a.csv cut.csv
printf 'step,state,hash\n' >empty.csv
refused 'no states' scaledown diverge a.csv empty.csv
printf 'step,state,hash\n1,x,0123456789abcdef\n0,x,0123456789abcdef\n' >back.csv
refused "line 3: step '0'" scaledown diverge a.csv back.csv
printf 'step,state,hash\n0,x,0123\n' >hash.csv
refused "line 2: '0123' is no hash" scaledown diverge a.csv hash.csv
refused 'different files' scaledown train mlp $tiny --state-trace same --trace same

# ---- cells ----
refused '--state-trace is of one cell, and these are' scaledown run little --results r --state-trace t.csv
key=$(scaledown missing little --results r 2>/dev/null | head -n 1 | cut -f 1)
refused 'none/t.csv' scaledown run little --results r --cell "$key" --state-trace none/t.csv
for method in classification pooling double-descent lottery meta-learning-rate meta-activation self-supervised embedding; do
    key=$(scaledown missing "mnist1d/$method" --size smoke --results r 2>/dev/null | head -n 1 | cut -f 1)
    for threads in 1 2; do
        check "$method, $threads threads" scaledown run "mnist1d/$method" --size smoke --results r --cell "$key" --quiet \
            --threads $threads --state-trace "$method-$threads.csv"
    done
    check "$method, traces" scaledown diverge "$method-1.csv" "$method-2.csv"
    shows 'equal: '
done
key=$(scaledown missing mnist1d/dataset --size smoke --results r 2>/dev/null | head -n 1 | cut -f 1)
fails 1 scaledown run mnist1d/dataset --size smoke --results r --cell "$key" --quiet --state-trace dataset.csv
says 'trains nothing step by step'
checks=$((checks + 1))
[ ! -e dataset.csv ] || fault 'a trace of no steps was written'
finish
