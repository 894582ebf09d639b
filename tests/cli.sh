#!/bin/sh
# Bad input, as whoever types it meets it:  sh tests/cli.sh   (SCALEDOWN is the command, default build/scaledown)
# Every refusal must exit with 1 or 2, say one line "scaledown: ..." that names what is wrong, and leave the folder that
# it was made in exactly as it was.  SHOW=1 prints the lines, to be read by a person.  Ends like a test made with Check.
. "$(dirname "$0")/support/command_line.sh"

# ---- unknown names ----
refused 'unknown command "rnu" (nearest: run)' scaledown rnu classification
for name in run list estimate plan missing merge claims calibrate verify audit; do
    set -- $name clasification
    [ $name != plan ] || set -- "$@" --shards 2
    refused 'nearest: classification' scaledown "$@"
    refused 'nearest: mnist1d' scaledown $name --paper mnist1
    [ $name = plan ] || refused 'Fig. 99' scaledown $name --only 'Fig. 99'
    refused none/reproduce "$command" $name --project none
done
refused 'nearest: classification' scaledown run tiny/classification
refused 'nearest: tiny' scaledown run tin/little
refused 'nearest: classification-order-cnn-gru' scaledown show classification-order-cnn-grv
refused 'logistic, mlp, plain-mlp' scaledown train transformer
refused 'scaledown models` lists them' scaledown models transformer
refused 'nearest: questions-ultimate' scaledown models questions-ultimat
refused 'nearest: questions-ultimate' scaledown models question-ultimate
refused 'nearest: ultimate' scaledown train questions-ultimat
refused '--model' scaledown run classification --model transformer
refused '--features' scaledown run classification --features sorted
for name in run list estimate plan missing merge claims show calibrate verify audit dataset image-folder train models tsne knn; do
    refused '--no-such-option' scaledown "$name" --no-such-option 1
    refused 'unknown option -x' scaledown "$name" -x
    case $name in
    run) refused 'unexpected word "stray"' scaledown run classification stray ;;
    train) refused 'unexpected word "stray"' scaledown train mlp stray ;;
    models) refused 'unexpected word "stray"' scaledown models stray stray ;;
    tsne) refused stray scaledown tsne a.npy b.npy stray ;;
    knn) refused stray scaledown knn a.npy b.npy c.npy d.npy stray ;;
    *) refused stray scaledown "$name" stray stray ;;
    esac
done
refused 'unknown experiment "nope"; `scaledown list` names them all' scaledown list nope
refused '~' scaledown run little --results '~/x'
refused '~' scaledown merge little --from '~'
refused '~' scaledown dataset --out '~/x'
refused '~' scaledown image-folder --out '~/x'
refused '~' scaledown train mlp --trace '~/x'
refused 'expected an experiment' scaledown run
refused 'expected the id of a claim' scaledown show
refused '--help' scaledown help-me

# ---- numbers: malformed, overflowing, out of range, for every option that takes one ----
# bad_numbers OPTION COMMAND...
bad_numbers() {
    option=$1
    shift
    for value in x 1x 0x10 nan inf -inf 1e999 99999999999999999999 -99999999999999999999 ' 1' '1 ' 1,, ,1 1e 0x1p3 .; do
        refused "$option" scaledown "$@" "$option=$value"
    done
    refused "$option" scaledown "$@" "$option="
    refused "$option" scaledown "$@" "$option"
    refused "twice" scaledown "$@" "$option" 12 "$option" 12
}
for option in seeds first-seed threads; do bad_numbers --$option run classification --model logistic --results r; done
for option in seed steps batch learning-rate data-seed evaluate-every; do bad_numbers --$option train mlp; done
bad_numbers --momentum train mlp --optimizer sgd
for option in seed steps batch learning-rate momentum dropout evaluate-every; do
    bad_numbers --$option train questions-default
done
bad_numbers --hidden train mlp
bad_numbers --channels train pooling-max
bad_numbers --gru-hidden train gru
bad_numbers --layers train tanh-mlp
generator='num-samples train-split final-seq-length template-len max-translation scale-coeff corr-noise-scale
    iid-noise-scale shear-scale padding'
for option in seed $generator; do bad_numbers --$option dataset --out d; done
for option in $generator; do bad_numbers --$option train mlp; done
for option in perplexity iterations early-iterations exaggeration learning-rate theta seed quality threads; do
    bad_numbers --$option tsne a.npy b.npy
done
for name in claims verify 'show logistic'; do # shellcheck disable=SC2086
    bad_numbers --seeds $name
done
for option in k threads; do bad_numbers --$option knn a.npy b.npy c.npy; done
bad_numbers --shards plan little
bad_numbers --minutes audit little
bad_numbers --audit-seed audit little
for shard in 0/2 3/2 1/0 1 /2 1/ 1/2/3 x/2 1/x -1/2 ' 1/2' 99999999999999999999/2 1/99999999999999999999; do
    refused --shard scaledown run little --results r --shard "$shard"
done
for key in x 1234567 12345678x ABCDEF0123 '' ,; do refused '' scaledown run little --results r --cell "$key"; done
refused 'no cell of these experiments' scaledown run little --results r --cell 0123456789abcdef
refused 'give one of them' scaledown run little --results r --cell 0123456789abcdef --shard 1/2
# Parameters of every method; a comma list is theirs to take, and its faults are others.
experiments=$(scaledown list --threads 1 --format csv | sed '1d;s/^[^,]*,\([^,]*\),.*/\1/' | sort -u)
[ "$(echo "$experiments" | wc -l)" -gt 7 ] || fault "list names $experiments"
for experiment in $experiments; do
    scaledown run "$experiment" --help >"$sandbox/help"
    for option in $(sed -n 's/^ *\(--[a-z0-9-]*\) LIST .*/\1/p' "$sandbox/help"); do
        for value in x 1x nan inf 1e999 -1e999 99999999999999999999999 ,1 1, 1,,2 ' 1' 0x1p3; do
            refused "$option" scaledown run "$experiment" --results r "$option=$value"
        done
    done
    for option in $(sed -n 's/^ *\(--[a-z0-9-]*\) NAMES .*/\1/p' "$sandbox/help"); do
        refused "$option" scaledown run "$experiment" --results r "$option=none-such"
    done
    refused --size scaledown run "$experiment" --results r --size medium
    refused --seeds scaledown run "$experiment" --results r --seeds 0
done
refused 'need one experiment' scaledown run all --steps 20
refused '10' scaledown dataset --out d --num-samples 9
refused '10' scaledown train mlp --num-samples 9
refused '10' scaledown run classification --results r --num-samples 9
refused --train-split scaledown dataset --out d --train-split 1.01
refused --seed scaledown dataset --out d --seed 4294967296
refused --padding scaledown dataset --out d --padding 60,36
refused 'does not divide' scaledown train mlp --batch 7
refused --format scaledown dataset --out d --format xls
refused --dtype scaledown dataset --out d --dtype f16
refused --label-dtype scaledown dataset --out d --label-dtype int32
refused none.npy scaledown dataset --out d --templates none.npy
refused --out scaledown dataset

# ---- folders of images ----
refused '--train DIR' scaledown train inception-v3
refused 'none: No such file' scaledown train inception-v3 --train none
mkdir no-classes classes classes/a classes/b && echo text >classes/a/1.jpeg && cp classes/a/1.jpeg classes/b/2.jpeg
refused 'no-classes: it has no folders' scaledown train inception-v3 --train no-classes
refused 'unexpected word "stray"' scaledown train inception-v3 --train classes stray
for size in 74 1025; do refused --size scaledown train inception-v3 --train classes --size $size; done
refused 'needs --size 299' scaledown train inception-v3 --train classes --size 75 --auxiliary-weight 0.3
refused 'exclude each other' scaledown train inception-v3 --train classes --epochs 2 --updates 3
refused '--checkpoint FILE' scaledown train inception-v3 --train classes --checkpoint-every 3
refused --outputs scaledown train inception-v3 --train classes --outputs 1
refused --thinner scaledown train inception-v3 --train classes --thinner 3
refused 'none/c: No such file' scaledown train inception-v3 --train classes --size 75 --thinner 16 --checkpoint none/c
refused 'damaged or no checkpoint' scaledown train inception-v3 --train classes --size 75 --thinner 16 --checkpoint classes/a/1.jpeg
refused '.jpeg: it is no JPEG' scaledown train inception-v3 --train classes --size 75 --thinner 16 --updates 1 --batch 2
for option in batch learning-rate; do
    bad_numbers --$option train inception-v3 --train classes
done
refused '--out DIR' scaledown image-folder
refused 'classes is there' scaledown image-folder --out classes
refused 'CIFAR-10 is not in none' scaledown image-folder --out d --data-dir none
refused --quality scaledown image-folder --out d --quality 101
refused --data scaledown image-folder --out d --data imagenet
rm -r no-classes classes

# ---- a folder or file that cannot be written ----
echo text >file
echo 'An old result.' >old.csv
for place in /proc/none /dev/null file; do
    refused "$place" scaledown dataset --num-samples 100 --out "$place/x"
    refused "$place" scaledown run little --threads 1 --quiet --results "$place/x" --manifest m
    refused "$place" scaledown run little --threads 1 --quiet --results r --manifest "$place/x"
    rm -rf r
    refused "$place" scaledown train logistic --steps 1 --trace "$place/x"
done
refused 'none/t.csv' scaledown train logistic --steps 1 --trace none/t.csv
refused 'none/t.npy' scaledown train logistic --steps 1 --save-init i.npy --save-final none/t.npy
refused 'cannot write .: Is a directory' scaledown train logistic --steps 1 --trace .
refused 'different files' scaledown train logistic --steps 1 --trace same --save-init same
chmod 500 . # nothing can be made here, except by root
if ! (: >probe) 2>/dev/null; then
    refused d scaledown dataset --num-samples 100 --out d
    refused t.csv scaledown train logistic --steps 1 --trace t.csv
fi
chmod 700 .
rm -f probe

# ---- a full disk ----
if [ -c /dev/full ]; then
    refused /dev/full scaledown train logistic --steps 10 --trace /dev/full
    refused /dev/full scaledown train logistic --steps 1 --save-init i.npy --save-final /dev/full
    to_full() { scaledown "$@" >/dev/full; }
    refused 'standard output' to_full list
    refused 'standard output' to_full --help
fi
to_nowhere() { scaledown "$@" >&-; }
refused 'standard output' to_nowhere list
limited() { (ulimit -f "$1" && shift && scaledown "$@"); } # blocks of 512 bytes
for format in npy csv; do refused "d/x_test.$format: File too large" limited 40 dataset --num-samples 1000 --format $format --out d; done
mkdir d && echo old >d/t.npy
refused 'd/t.npy' scaledown dataset --num-samples 1000 --out d
rm -r d
check 'an export' scaledown dataset --num-samples 100 --out d
refused 'd/x_test.npy: File too large' limited 40 dataset --num-samples 1000 --out d
refused 'i.npy: File too large' limited 1 train logistic --steps 200 --save-init i.npy --trace t.csv
# shellcheck disable=SC2086
tiny_disk() {
    unshare -rm sh -c 'mount -t tmpfs -o size=24k none "$1" && shift && "$@"' sh disk "$command" "$@"
}
mkdir disk
if unshare -rm mount -t tmpfs -o size=24k none disk 2>/dev/null; then
    refused 'No space' tiny_disk dataset --num-samples 1000 --out disk/d
    refused 'disk/t.csv: No space' tiny_disk train logistic --steps 2000 --num-samples 100 --batch 10 --trace disk/t.csv
    refused 'No space' tiny_disk run little --project "$tables" --seeds 9 --threads 1 --quiet --results disk/r \
        --manifest disk/m
fi
read_only() {
    unshare -rm sh -c 'mount -t tmpfs -o ro none "$1" && shift && "$@"' sh disk "$command" "$@"
}
if unshare -rm mount -t tmpfs -o ro none disk 2>/dev/null; then
    refused 'disk/d: Read-only' read_only dataset --num-samples 100 --out disk/d
    refused 'disk/t.csv: Read-only' read_only train logistic --steps 1 --trace disk/t.csv
    refused 'disk/r' read_only run little --project "$tables" --threads 1 --quiet --results disk/r --manifest m
fi
rmdir disk

# ---- cells and results ----
cp -r "$tables/reference_results/tiny" tiny && mkdir references && mv tiny references/
small() { scaledown run little --threads 1 --quiet --results r --manifest m "$@"; }
check 'a small run' small
check 'recorded results of it' scaledown verify little --results r --references references --update
check 'verify' scaledown verify little --results r --references references
cp -r r whole
cell=$(find r/cells -name '*.csv' | head -n 1)

# damage FILE HOW: cut, changed or emptied
damage() {
    case $2 in
    cut) size=$(wc -c <"$1") && head -c $((size - 10)) "$1" >part && mv part "$1" ;;
    changed) sed 's/,\([0-9]\)\([0-9]*\.[0-9]\)/,9\1\2/;y/0/1/' "$1" >part && mv part "$1" ;;
    emptied) : >"$1" ;;
    gone) rm "$1" ;;
    folder) rm "$1" && mkdir "$1" ;;
    esac
}
judge() { scaledown claims little --results r --references references --report report/deep "$@"; }
compare() { scaledown verify little --results r --references references; }
for how in cut changed emptied gone; do
    damage "$cell" $how
    refused 'little' judge
    check "a cell $how is computed again" small
    [ $how = gone ] || grep -qF "$cell" "$sandbox/err" || fault "a cell $how is computed again without a word"
    check "a cell $how comes back" cmp "$cell" "whole/${cell#r/}"
done
for name in little.csv little_summary.csv little_grid.csv; do
    for how in cut changed emptied gone folder; do
        damage r/tiny/$name $how
        case $name:$how in
        little_grid.csv:gone) # then there are no results
            refused 'compared in full: only 0 of 1' compare
            refused 'no results of this experiment in r' judge
            ;;
        *)
            refused r/tiny/little compare
            refused r/tiny/little judge
            ;;
        esac
        rm -rf r/tiny/$name
        cp whole/tiny/$name r/tiny/
    done
done

# ---- recorded and published files ----
cp -r references right
restore() { rm -rf "references/tiny/$1" && cp -r "right/tiny/$1" "references/tiny/$1"; }
for name in golden/little.csv golden/little_grid.csv golden/SHA256SUMS; do
    for how in cut changed emptied gone folder; do
        damage references/tiny/$name $how
        refused references/tiny/golden/ compare
        refused references/tiny/golden/ scaledown claims little --recorded --references references
        restore $name
    done
done
for name in published/little.csv published/little_curves.csv published/SHA256SUMS; do
    for how in cut changed emptied gone folder; do
        damage references/tiny/$name $how
        refused references/tiny/published/ judge
        [ $name = published/little_curves.csv ] ||
            refused references/tiny/published/ scaledown show logistic --results r --references references
        restore $name
    done
done
for how in cut emptied folder; do
    damage references/tiny/claims/little.csv $how
    refused references/tiny/claims/little.csv judge
    restore claims/little.csv
done
published=references/tiny/published/little.csv
edit() { # a published file that its author changed: with the right checksum
    sed "$2" "$1" >part && mv part "$1"
    sums references/tiny/published
}
edit $published '/^table1-logistic,/d'
refused 'table1-logistic' judge
restore published
for value in nan inf 32 '' 1e999 32.0x; do
    edit $published "s/^\(table1-logistic,[^,]*,[^,]*,[^,]*\),[^,]*,/\1,$value,/"
    refused 'little.csv, line 2, column value' judge
    restore published
done
edit $published 's/^mlp-0,/table1-logistic,/'
refused 'table1-logistic' judge
restore published
for name in claims show calibrate verify audit; do refused 'none: ' scaledown $name --references none; done
check 'claims after all that' judge
check 'the summary of all papers' eval 'scaledown claims all --recorded --report report/all >summary'
check 'which fits 24 lines' test "$(wc -l <summary)" -le 24
check 'and 80 columns' test "$(awk 'length > 80' summary | wc -l)" -eq 0
check 'a curve is shown, too' eval 'scaledown show double-descent-5b-test-error --recorded >shown'
check 'with its points' grep -q 'of 19 outside their intervals, where chance gives' shown

# ---- data sets and training: what is printed ----
# prints WHAT WANTED COMMAND...: the last line of its output is WANTED, or matches that pattern
prints() {
    what=$1 wanted=$2 checks=$((checks + 1))
    shift 2
    "$@" >"$sandbox/out" 2>"$sandbox/err" || fault "$what: status $?: $(cat "$sandbox/err")"
    # shellcheck disable=SC2254
    case $(tail -n 1 "$sandbox/out") in $wanted) ;; *) fault "$what: $(tail -n 1 "$sandbox/out")" ;; esac
}
prints 'an export' 'd2: 400 training and 100 test examples of 40 points;*' scaledown dataset --num-samples 501 --out d2
says '--num-samples 501 is no multiple of 10: 500 examples are made, 50 of each class'
tiny='--num-samples 100 --batch 20'
# shellcheck disable=SC2086
{
    prints 'no steps' '0,2.*,*.*,2.*,*' scaledown train mlp --steps 0 $tiny
    prints 'the last evaluation' '7,*,*,*,*' scaledown train mlp --steps 7 --evaluate-every 3 $tiny
    [ "$(sed 's/,.*//' "$sandbox/out" | tr '\n' ' ')" = 'step 0 3 6 7 ' ] || fault "evaluations at $(cat "$sandbox/out")"
    prints 'per cent' '300,*,100,*,*' scaledown train mlp --steps 300 $tiny
    prints 'a folder' '20,*,*,*,*' scaledown train logistic --data d2 --steps 20
    # rows of .npy files
    prints 'labels' '[0-9]' scaledown knn d2/x.npy d2/y.npy d2/x_test.npy --k 3 --out labels.npy
    prints 'an accuracy' '1,cosine,100,100,100' scaledown knn d2/x_test.npy d2/y_test.npy d2/x_test.npy d2/y_test.npy --k 1 \
        --metric cosine
    refused 'd2/y.npy has 400 labels, but d2/x_test.npy has 100 rows' scaledown knn d2/x_test.npy d2/y.npy d2/x.npy
    refused 'd2/x.npy holds no labels' scaledown knn d2/x.npy d2/x.npy d2/x.npy
    refused 'd2/y.npy has no rows' scaledown knn d2/y.npy d2/y.npy d2/x.npy
    refused '401 neighbours' scaledown knn d2/x.npy d2/y.npy d2/x_test.npy --k 401
    refused 'none.npy' scaledown knn none.npy d2/y.npy d2/x_test.npy
    refused '--metric' scaledown knn d2/x.npy d2/y.npy d2/x_test.npy --metric manhattan
    for threads in 1 3; do
        prints 'an embedding' 'trustworthiness,0.*' scaledown tsne d2/x.npy e$threads.npy --perplexity 10 --iterations 50 \
            --quality 5 --threads $threads
    done
    check 'the same on any number of threads' cmp e1.npy e3.npy
    refused 'perplexity 34' scaledown tsne d2/x_test.npy e.npy --perplexity 34
    refused 'none' scaledown tsne d2/x.npy none/e.npy
    refused 'none.npy' scaledown tsne none.npy e.npy
    refused 'd2/dataset.csv' scaledown tsne d2/dataset.csv e.npy
    refused '--repulsion' scaledown tsne d2/x.npy e.npy --repulsion barnes
    rm labels.npy e1.npy e3.npy
    rm d2/dataset.csv d2/x_test.npy d2/y_test.npy
    prints 'a folder without a test set' '20,[0-9].*,[0-9]*' scaledown train logistic --data d2 --steps 20
    [ "$(head -n 1 "$sandbox/out")" = 'step,train_loss,train_accuracy' ] || fault "header: $(head -n 1 "$sandbox/out")"
    prints 'a run that diverged' '50,diverged,diverged,diverged,diverged' \
        scaledown train mlp --optimizer sgd --learning-rate 1e6 --steps 50 --trace t.csv $tiny
    says 'training diverged: the loss is not finite from step'
}
[ "$(tail -n 1 t.csv)" = '49,diverged' ] || fault "the trace of a run that diverged ends with $(tail -n 1 t.csv)"
rm -r d2 t.csv

# ---- left over from a killed run ----
# Of another machine only the age tells; what this machine left is for tests/check_file.c.
for leftover in r/tiny/little.csv "$cell" t.csv; do echo half >"$leftover.tmp.elsewhere.1" && touch -t 202001010000 "$leftover.tmp.elsewhere.1"; done
echo half >"$cell.tmp.elsewhere.2"
check 'a run over leftovers' small
check 'a trace beside a leftover' scaledown train logistic --steps 1 --trace t.csv
checks=$((checks + 1))
for leftover in r/tiny/little.csv "$cell" t.csv; do
    [ ! -e "$leftover.tmp.elsewhere.1" ] || fault "what was left beside $leftover long ago stays"
done
[ -e "$cell.tmp.elsewhere.2" ] || fault "another machine's file in flight is gone"

# ---- signals: 128 + number, and no half-written file ----
for number in 1 15; do # a shell's background jobs ignore SIGINT
    checks=$((checks + 1))
    : >"$sandbox/out"
    "$command" train logistic --steps 10000000 --evaluate-every 1000 --trace never.csv >"$sandbox/out" 2>&1 &
    process=$!
    until [ -s "$sandbox/out" ] || ! kill -0 $process 2>/dev/null; do sleep 0.05; done
    kill -$number $process
    wait $process 2>/dev/null
    code=$?
    [ $code -eq $((128 + number)) ] || fault "signal $number ends with status $code"
    set -- never.csv*
    [ ! -e "$1" ] || fault "signal $number leaves $*"
done

# ---- a reader who has seen enough ----
checks=$((checks + 2))
{ scaledown train logistic --steps 300 --evaluate-every 1 --trace seen.csv 2>"$sandbox/err"; echo $? >"$sandbox/code"; } | head -n 1 >"$sandbox/out"
[ "$(cat "$sandbox/code")" = 0 ] && [ ! -s "$sandbox/err" ] || fault "train | head: status $(cat "$sandbox/code"), $(cat "$sandbox/err")"
[ "$(wc -l <seen.csv)" -eq 301 ] || fault "train | head: the trace is not whole"

finish
