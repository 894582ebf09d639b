#!/bin/sh
# Experiments on the command line:  sh tests/experiments.sh   (SCALEDOWN is the command, default build/scaledown)
# What run, plan, missing, merge, verify, audit, claims and show leave and say.  Ends like a test made with Check.
. "$(dirname "$0")/support/command_line.sh"

is() { # is WHAT TEST...: test(1) agrees
    what=$1 checks=$((checks + 1))
    shift
    [ "$@" ] || fault "$what: not $*"
}
same() { # same WHAT A B: the folders hold the same
    checks=$((checks + 1))
    diff -r "$2" "$3" >"$sandbox/diff" 2>&1 || fault "$1: $(head -n 5 "$sandbox/diff")"
}
count() { find "$@" -type f -name '*.csv' | wc -l; }
run() { scaledown run "$@" --threads 1 --quiet --manifest m; }
merged='little.csv little_grid.csv little_summary.csv'

# ---- list, estimate ----
check list scaledown list
shows 'tiny: Nobody, "A tiny paper", 2024'
shows 'Fig. 5c'
is 'columns of list' "$(awk 'length > 80' "$sandbox/out" | wc -l)" -eq 0
check 'list of an item' scaledown list --only 'Fig. 5' --format csv
is 'rows of an item' "$(wc -l <"$sandbox/out")" -eq 4
check 'list of a paper' scaledown list tiny --format csv
is 'cells and done' "$(cut -d, -f3,5,6 "$sandbox/out" | tr '\n' ' ')" = 'item,cells,done Fig. 1a,2,0 Fig. 1b,2,0 '
check estimate scaledown estimate
is 'columns of estimate' "$(awk 'length > 80' "$sandbox/out" | wc -l)" -eq 0
is 'experiments that estimate lists twice' "$(awk 'NR > 1 && NF > 3 && /^[^ ]*\//{ print $1 }' "$sandbox/out" | sort | uniq -d | wc -l)" -eq 0
check 'estimate of a sweep' scaledown estimate little --hidden 1,2,3
shows 'tiny/little 8 8'


# ---- items and verdicts as the report has them ----
check 'a section by its short name' "$command" claims mnist1d --recorded --only 'Sec. 5.4'
shows 'headline claims: 3 reproduced'
check 'a contradicted number that one of our runs has' "$command" show fixed-loss-hidden-relu-50 --recorded
shows 'the run of seed 0 has the published number'

# ---- what takes a night is left out unless it is asked for ----
lists_night() { grep -c cifar-whole-alexnet "$sandbox/out" || :; }
check 'a paper without what takes a night' "$command" estimate rethinking
is 'what takes a night' "$(lists_night)" -eq 0
check 'a night' "$command" estimate rethinking --only overnight
is 'what takes a night and is asked for' "$(lists_night)" -gt 0
check 'one that takes a night' "$command" estimate cifar-whole-alexnet
is 'what takes a night and is named' "$(lists_night)" -gt 0

# ---- help tells what an option is left at ----
check 'help of run' scaledown run double-descent --help
shows 'default 0, 0.15)'
shows 'default mlp, cnn)'
is 'columns of help' "$(awk 'length > 80' "$sandbox/out" | wc -l)" -eq 0
for name in list estimate run plan missing merge claims show verify audit dataset train; do
    check "help of $name" scaledown $name --help
    shows --help
    is "columns of the help of $name" "$(awk 'length > 80' "$sandbox/out" | wc -l)" -eq 0
done

for columns in 60 80 120; do
    for name in --help 'run --help' 'run double-descent --help' 'dataset --help' 'train --help' 'tsne --help' 'knn --help'; do
        # shellcheck disable=SC2086
        check "$name in $columns columns" env COLUMNS=$columns "$command" $name
        # an address or a path is one word
        is "$name in $columns columns" "$(grep -v '[^ ]\{40\}' "$sandbox/out" | awk -v most=$columns 'length > most - 1' | wc -l)" -eq 0
        [ "$name" = --help ] || is "$name uses them" "$(awk -v most=$columns 'length > most - 18' "$sandbox/out" | wc -l)" -gt 0
    done
done
check 'narrower than any terminal' env COLUMNS=1 "$command" run --help

# ---- rows come together; sweeps have a place of their own ----
check 'the first row' run little --only 'Fig. 1a'
is 'cells of the first row' "$(count results/cells)" -eq 2
grep -q '^rows,1$' results/tiny/little_grid.csv || fault 'the first row is not said to be the only one'
check 'the second row' run little --only 'Fig. 1b'
grep -q '^rows,all$' results/tiny/little_grid.csv || fault 'two rows do not come together'
is 'groups' "$(sed 1d results/tiny/little.csv | cut -d, -f2 | sort -u | tr '\n' ' ')" = 'model=logistic model=mlp '
cp -r results/tiny before
check 'a sweep' scaledown run little --hidden 5,10 --model mlp --threads 1 --manifest m
shows 'merged: results/tiny/variants/little--'
shows 'final_test_accuracy'
shows 'cut at 0 and 100'
for file in $merged; do cmp -s before/$file results/tiny/$file || fault "a sweep changed $file"; done
check 'the smoke size' run little --size smoke
check 'fewer seeds' run little --seeds 1
for file in $merged; do cmp -s before/$file results/tiny/$file || fault "a variant changed $file"; done
is 'variants' "$(count results/tiny/variants)" -eq 9
check 'the word of a paper' run tiny
check 'a run that has nothing to do' scaledown run tiny/little --threads 1 --manifest m
shows '4 cells: 0 run, 4 stored before'
check 'the logistic regression once' scaledown run little --model logistic --hidden 5,10 --format csv --threads 1 --manifest m
is 'lines of the table' "$(wc -l <"$sandbox/out")" -eq 7 # six metrics
check json scaledown run little --format json --quiet --threads 1 --manifest m
cp "$sandbox/out" means.json
! command -v python3 >"$sandbox/path" || check 'json is json' python3 -m json.tool means.json
check 'more threads than cores' scaledown run little --threads 1000 --manifest m
says '--threads 1000'
rm -r before results

# ---- shards, single cells, and folders that come together ----
check 'all at once' run little --results whole
runs= # that know nothing of each other, on one folder
for i in 1 2 3; do
    run little --results at-once >"$sandbox/run-$i" 2>&1 &
    runs="$runs $!"
done
for process in $runs; do check 'one of three runs on one folder' wait "$process"; done
same 'three runs on one folder and one' whole at-once
check plan scaledown plan little --shards 3 --format csv
is 'lines of the plan' "$(wc -l <"$sandbox/out")" -eq 4
sed '1d;s/^\([^,]*\),.*/\1/' "$sandbox/out" >shards
is 'cells of the plan' "$(sed 1d "$sandbox/out" | cut -d, -f2 | tr '\n' '+')0" = '1+1+2+0' -o \
    "$(sed 1d "$sandbox/out" | cut -d, -f2 | tr '\n' '+')0" = '2+1+1+0'
while read -r shard; do check "shard $shard" run little --shard "$shard" --results "s${shard%/*}"; done <shards
is 'a shard merges nothing' ! -e s1/tiny
is 'cells of the shards' "$(count s1 s2 s3)" -eq 4
fails 1 scaledown merge little --results s1
says "missing little --project $tables --results s1"
check 'merge' scaledown merge little --results together --from s1 --from s2 --from s3
same 'shards and all at once' whole together
check 'merge again' scaledown merge little --results together --from=s1 --from=s2
fails 2 scaledown merge little --results together --results together
refused 'none' scaledown merge little --results together --from none
check missing scaledown missing little --results none
is 'lines of missing' "$(grep -c '^[0-9a-f]\{64\}	[0-9.]*	tiny/little	model=[a-z]*	4[23]$' "$sandbox/out")" -eq 4
says '--cell KEY'
cut -f1 "$sandbox/out" >keys
while read -r key; do check "cell $key" run --cell "$key" --results single; done <keys
check 'merge of single cells' scaledown merge tiny --results single
same 'single cells and all at once' whole single
check 'several cells' run little --results several --cell "$(tr '\n' , <keys | cut -c1-129)"
is 'several cells' "$(count several)" -eq 2
check 'nothing is missing' scaledown missing little --results single
is 'no line' ! -s "$sandbox/out"
fails 1 scaledown merge --results single
shows 'missing: mnist1d/pooling, 450 of 450 cells'

# A cell of another folder that is wrong but has a right checksum, and one that is damaged.
cell=$(cd s1 && find cells -name '*.csv' | head -n 1)
mkdir -p "wrong/$(dirname "$cell")" "damaged/$(dirname "$cell")"
sed '$d;s/^final_test_accuracy,,,.*/final_test_accuracy,,,99.5/' "s1/$cell" >"wrong/$cell"
hash=$({ sha256sum "wrong/$cell" 2>/dev/null || shasum -a 256 "wrong/$cell"; } | cut -c1-64)
echo "sha256,$hash" >>"wrong/$cell"
head -c 300 "s1/$cell" >"damaged/$cell"
fails 1 scaledown merge little --results fresh --from s2 --from s1 --from wrong
says "s1/$cell"
says "wrong/$cell"
says 'nothing was copied'
is 'nothing was copied' ! -e fresh
check 'a damaged cell is left out' scaledown merge little --results fresh --from damaged --from s1 --from s2 --from s3
says "damaged/$cell"
same 'the rest of it' whole fresh
fails 1 scaledown merge little --results fresh --from wrong
same 'a refused merge' whole fresh

# ---- verify ----
refs() { rm -rf refs && mkdir refs && cp -r "$tables/reference_results/tiny" refs/; }
refs
fails 1 scaledown verify little --results whole --references refs
shows 'no recorded results to compare with'
check 'verify --update' scaledown verify little --results whole --references refs --update
check verify scaledown verify little --results whole --references refs
shows 'equals the recorded results bit for bit (4 cells)'
check 'half of it' run little --only 'Fig. 1a' --results half
check 'verify of the half that was selected' scaledown verify little --only 'Fig. 1a' --results half --references refs
shows '(2 cells); 2 recorded ones are not among the results'
fails 1 scaledown verify little --results half --references refs
fails 1 scaledown verify tiny --results nowhere --references refs
shows 'no results in nowhere'
says "run tiny --project $tables --results nowhere"
check 'more seeds' run little --seeds 3 --results more
check 'verify of more seeds' scaledown verify little --results more --references refs
shows '(4 cells); 2 more are not recorded'
shows 'results: bit for bit the recorded ones: 1 of 1 experiment, 4 cells'
check 'verify --update takes the seeds of the table' scaledown verify little --results more --references refs --update
check 'and they are those' scaledown verify little --results whole --references refs
fails 2 scaledown verify little --results more --references refs --update --seeds 2
fails 2 scaledown verify little --only 'Fig. 1a' --results whole --references refs --update
sed 's/\(final_test_accuracy,,,\)[0-9.]*/\199.5/' refs/tiny/golden/little.csv >part && mv part refs/tiny/golden/little.csv
fails 1 scaledown verify little --results whole --references refs
says 'restore the recorded files'
is 'no advice to overwrite right results' "$(grep -c update "$sandbox/err")" -eq 0
recorded() { # the hash of a recorded file as its author would write it
    hash=$({ sha256sum "refs/tiny/golden/$1" 2>/dev/null || shasum -a 256 "refs/tiny/golden/$1"; } | cut -c1-64)
    sed "s/^.*  $1\$/$hash  $1/" refs/tiny/golden/SHA256SUMS >part && mv part refs/tiny/golden/SHA256SUMS
}
recorded little.csv
fails 1 scaledown verify little --results whole --references refs
says 'cell "model=logistic", seed 42, metric final_test_accuracy: recorded 99.5, ours'

# ---- audit ----
fails 1 scaledown audit little --references refs --minutes 60 --threads 1 --audit-seed 7
shows 'audit seed 7'
shows '0 equal the recorded results bit for bit, 4 do not'
says 'metric final_test_accuracy: recorded 99.5, ours'
refs
scaledown verify little --results whole --references refs --update >"$sandbox/out"
check audit scaledown audit little --references refs --minutes 60 --threads 1 --quiet
shows '4 of 4 recorded cells'
shows 'These are all recorded cells: none is wrong.'
is 'an audit stores nothing' ! -e results

# ---- seeds: an experiment's own results hold those of its table or more, and never lose one ----
refs
scaledown verify little --results whole --references refs --update >"$sandbox/out"
seeds_of() { sed -n 's/^seeds,//p' "$1/tiny/little_grid.csv"; }
check 'the default after more seeds' scaledown run little --threads 1 --manifest m --results more
shows '3 seeds are there, 2 were asked for: all are kept'
is 'more seeds stay' "$(seeds_of more)" = 3
check 'merge after more seeds' scaledown merge little --results more
is 'more seeds stay merged' "$(seeds_of more)" = 3
check 'more seeds of one row' scaledown run little --seeds 5 --only 'Fig. 1a' --threads 1 --manifest m --results more
shows '5 seeds are stored of Fig. 1a only: the merged results keep 3 of each row'
is 'no row is lost' "$(seeds_of more) $(sed -n 's/^rows,//p' more/tiny/little_grid.csv)" = '3 all'
check 'more seeds of the first row alone' run little --seeds 3 --only 'Fig. 1a' --results first
fails 2 scaledown run little --only 'Fig. 1b' --threads 1 --manifest m --results first
says '--seeds 3 gives both as many'
is 'refused before it is run' "$(count first/cells)" -eq 3
fails 1 scaledown merge little --results first
says '--seeds 3 gives both as many'
check 'as many of the second row' run little --seeds 3 --only 'Fig. 1b' --results first
same 'row by row and both at once' more/tiny first/tiny
grep -lr '^parameters,.*model=logistic .* seed=44$' first/cells | xargs rm
check 'cells that are gone' scaledown run little --only 'Fig. 1b' --threads 1 --manifest m --results first
shows 'the results that were there, 3 seeds of all rows, are replaced'
sed 's/^seeds,3/seeds,1/' more/tiny/little_grid.csv >part && cp -r more few && mv part few/tiny/little_grid.csv
fails 1 scaledown verify little --results few --references refs
says '1 seeds from 42 on, but the table of experiment little asks for 2 from 42 on'

check 'one seed' scaledown run little --seeds 1 --threads 1 --manifest m --results one
shows 'fewer seeds than in the tables: little (1 of 2). Their results go to one/PAPER/variants/.'
judging=$(sed -n 's/^  \(.* claims little .*\)$/\1/p' "$sandbox/out")
check 'what it says judges by it' sh -c "$judging --references refs --report report"
shows 'judged by 1 seed of each experiment: that gives no interval'
is 'the data of figures and report' "$(sed -n 's/^seeds,//p' report/tiny/little_grid.csv)" = 1
fails 1 scaledown claims little --references refs --results one --report report
says '1 of the 2 seeds of tiny/little are stored: --seeds 1 takes these'
fails 1 scaledown claims tiny --references refs --results nowhere --report report
says 'no results of this experiment in nowhere'
: >a-file && mkdir -m 000 locked
for name in list run missing claims verify; do
    fails 1 scaledown $name tiny --results a-file
    says 'cannot read a-file'
    [ "$(id -u)" -eq 0 ] || { fails 1 scaledown $name tiny --results locked && says 'cannot read locked'; }
done
rmdir locked
check 'show where only fewer are' scaledown show logistic --results one --references refs
shows 'verdict not run: it was not run'
shows '--seeds 1 takes these'
check 'show by one seed' scaledown show logistic --seeds 1 --results one --references refs
shows 'one seed gives no interval'
check 'verify of one seed' scaledown verify little --seeds 1 --results one --references refs
shows 'results: bit for bit the recorded ones: 1 of 1 experiment, 2 cells'
fails 1 scaledown verify little --results one --references refs
shows '--seeds 1 takes these'
scaledown verify little --results one --references refs >"$sandbox/both" 2>&1
is 'what comes after the output' "$(tail -n 1 "$sandbox/both" | cut -c-22)" = 'scaledown: compared in'
fails 2 scaledown claims little --recorded --seeds 1 --references refs
says '--recorded and --seeds both say which results'
for option in --check --update; do fails 2 scaledown claims tiny --seeds 1 $option --results one --references refs; done
check 'a sweep says where it goes' scaledown run little --hidden 7 --threads 1 --manifest m --results one
shows 'results go to one/tiny/variants/little--hidden=7.csv, a place of their own'
check 'verdicts are recorded by the seeds of the table' scaledown claims little --update --results more --references refs --report report
check 'and compared by them' scaledown claims little --check --results more --references refs --report report
shows 'verdicts: all 4 equal the recorded ones, by the seeds of the tables'
check 'whether more are there or not' scaledown claims little --check --results whole --references refs --report report
for part in '--shard 1/2' '--cell 01234567'; do # shellcheck disable=SC2086
    fails 2 scaledown run little $part --format csv --threads 1 --manifest m --results one
    says '--format prints means'
done
rm -r report more first few one

# ---- claims, show ----
judge() { scaledown claims little --references refs --report report "$@"; }
check claims judge --results whole --all
for line in 'title,A tiny paper' 'results,own' 'items/little,Fig. 1a; Fig. 1b'; do
    grep -qxF "$line" report/tiny/provenance.csv || fault "provenance.csv does not say $line"
done
grep -qE '^run/little,.*scaledown run tiny/little' report/tiny/provenance.csv || fault 'provenance.csv does not say how to run'
compared() { is 'what provenance.csv compares' "$(sed -n 's/^compared.little,//p' report/tiny/provenance.csv)" = "$1"; }
compared 'equal (4 cells)'
shows 'logistic'
shows 'curve '
shows 'margin 90'
shows 'curves 1 '
shows 'points 3 '
is 'columns of claims' "$(awk 'length > 80' "$sandbox/out" | wc -l)" -eq 0
for file in $merged; do cmp -s whole/tiny/$file report/tiny/$file || fault "$file of the report is no copy"; done
for file in refs/tiny/published/*.csv; do cmp -s "$file" "report/tiny/published/${file##*/}" || fault "$file is not copied"; done
is 'lines of claims.csv' "$(wc -l <report/tiny/claims.csv)" -eq 5
check 'the list of the folder' sh -c 'cd report/tiny && { sha256sum -c SHA256SUMS 2>/dev/null || shasum -a 256 -c SHA256SUMS; }'
check 'claims by the recorded results' judge --recorded
compared recorded
check 'claims by the half of it' judge --results half
shows 'points 3 1 0 0 0 2'
compared 'equal (2 cells; 2 recorded ones were not run)'
grep -q '^curve-0,.*,not run,' report/tiny/claims.csv || fault 'claims.csv does not say what was not run'
check 'show what was not run' scaledown show curve-10 --results half --references refs
shows 'verdict not run: '
check 'claims without fresh twins' judge --results whole --fresh
shows 'nothing is judged on fresh test signals'
cp refs/tiny/claims/little.csv kept
echo 'never,Fig. 1b,value,first(test_accuracy[model=mlp]@* > 101),,mlp-0,1,A guess.,Never above 101 %.,' >>refs/tiny/claims/little.csv
check 'a quantity without a value' judge --results whole
shows 'points: 3 reproduced, 1 not measured'
grep -q '^never,.*,not measured,' report/tiny/claims.csv || fault 'claims.csv does not say what has no value'
check 'show what has no value' scaledown show never --results whole --references refs
shows 'seed 42: the condition holds at none of the x'
mv kept refs/tiny/claims/little.csv
# Twins on fresh test signals, by which the order of the two models is another one.
cp -r refs kept
awk -F, -v OFS=, '$4 ~ /^fresh_/ { next } # those of the method itself
    { print }
    $4 == "final_test_accuracy" { print $1, $2, $3, "fresh_" $4, $5, $6, ($2 ~ /mlp/ ? 1 : 99) + $3 / 100 ".0" }' \
    kept/tiny/golden/little.csv | sed 's/\([0-9]\.[0-9]*\)\.0$/\1/' >refs/tiny/golden/little.csv
recorded little.csv
cat >>refs/tiny/claims/little.csv <<'END'
order,Fig. 1b,above,final_test_accuracy[model=mlp] + 100,final_test_accuracy[model=logistic],,3,A guess.,The MLP is better.,
END
check 'a second verdict' judge --recorded --fresh
shows 'verdict on fresh signals claim'
shows 'reproduced contradicted order'
shows '1 comparison judged on fresh test signals, too, 1 of them otherwise; `scaledown claims --fresh` lists it'
is 'columns of claims --fresh' "$(awk 'length > 80' "$sandbox/out" | wc -l)" -eq 0
check 'show of it' scaledown show order --recorded --references refs
shows 'fresh on fresh test signals otherwise: contradicted: paired difference +2.00 over 2 seeds:'
shows 'seed 42: 101.42 against 99.42'
rm -rf refs && mv kept refs
check 'claims by no results of one paper' scaledown claims --recorded --report far
shows 'without results: tiny/little'
rm -f refs/tiny/verdicts.csv
check 'claims --update by the half of it' judge --results half --update
is 'lines of what the half of it gives' "$(wc -l <refs/tiny/verdicts.csv)" -eq 2
check 'claims --check by the half of it' judge --results half --check
shows 'verdicts: all 1 equal the recorded ones, by the seeds of the tables; 3 were not run, 3 of them without a recorded verdict'
fails 1 judge --results whole --check
says 'no verdict is recorded for claim curve'
check 'claims --update' judge --results whole --update
fails 1 judge --results half --update
says 'was not run, and is recorded as'
check 'claims --check' judge --results whole --check
sed '2s/,.*/,contradicted by hand/' refs/tiny/verdicts.csv >part && mv part refs/tiny/verdicts.csv
fails 1 judge --results whole --check
says logistic
fails 2 judge --results whole --only 'Table 1' --update
check 'claims of an item' judge --results whole --only 'Fig. 1b'
shows 'points 2 '
fails 1 judge --results whole --only 'Fig. 99'
fails 1 judge --results nowhere
says 'no results'
fails 2 judge --results whole --recorded

# What an earlier call wrote goes when it is not written any more; all else stays.
cp report/tiny/little.csv report/tiny/mine.csv
cp refs/tiny/published/little.csv refs/tiny/published/old.csv && sums refs/tiny/published
check 'one file more' judge --results whole
is 'one file more' -e report/tiny/published/old.csv
rm refs/tiny/published/old.csv && sums refs/tiny/published
check 'one file fewer' judge --results whole
is 'what is not written any more' ! -e report/tiny/published/old.csv
is 'what someone else wrote' -e report/tiny/mine.csv
(cd report/tiny && echo "$(printf '%064d' 0)  ../../m" >>SHA256SUMS)
check 'a list that was changed' judge --results whole
is 'a file elsewhere' -e m

check show scaledown show logistic --results whole --references refs
shows 'seed 42: '
shows "run tiny/little --project $tables --results whole"
shows "show logistic --project $tables --results whole --references refs"
is 'columns of show' "$(sed '/^again/,$d' "$sandbox/out" | awk 'length > 80' | wc -l)" -eq 0
check 'show by the recorded results' scaledown show curve-10 --recorded --references refs
is 'nothing is to be run for recorded results' "$(grep -c 'scaledown run' "$sandbox/out")" -eq 0
check 'the command that makes it again' sh -c "$(sed -n 's/^ *\(.* show .*\)/\1/p' "$sandbox/out")"

# ---- text that a terminal would act on ----
escape=$(printf '\033')
check 'a folder with an escape sequence' scaledown run little --threads 1 --manifest m --results "odd$escape[31m
x'y"
is 'escapes that run prints' "$(cat "$sandbox/out" "$sandbox/err" | grep -c "$escape")" -eq 0
is 'lines that run prints' "$(wc -l <"$sandbox/out")" -eq 2
check 'claims of that folder' judge --results "odd$escape[31m
x'y"

# ---- signals ----
for number in 1 15; do
    checks=$((checks + 1))
    "$command" run little --project "$tables" --steps 10000000 --model logistic --threads 1 --results long --manifest m \
        >"$sandbox/out" 2>"$sandbox/err" &
    process=$!
    sleep 1
    kill -$number $process
    wait $process 2>"$sandbox/waited"
    code=$?
    [ $code -eq $((128 + number)) ] || fault "signal $number ends run with status $code: $(cat "$sandbox/err")"
    says 'interrupted: 0 of 2 cells are stored; the same command goes on'
done
is 'an interrupted run stores nothing half' "$(count long)" -eq 0
checks=$((checks + 1))
"$command" audit pooling --project "$tables" --minutes 5 --threads 1 --audit-seed 1 --quiet >"$sandbox/out" 2>"$sandbox/err" &
process=$!
until [ -s "$sandbox/out" ] || ! kill -0 $process 2>/dev/null; do sleep 0.1; done
sleep 2 # now it says so when it is interrupted
kill -15 $process
wait $process 2>"$sandbox/waited"
code=$?
[ $code -eq 143 ] || fault "an interrupted audit ends with status $code: $(cat "$sandbox/err")"
shows 'recorded cells'
says 'interrupted: only the cells above were compared'
is 'an interrupted audit rules nothing out' "$(grep -c 'ruled out\|none' "$sandbox/out")" -eq 0

# ---- a reader who has seen enough ----
checks=$((checks + 1))
{ scaledown claims --recorded --report far 2>"$sandbox/err"; echo $? >"$sandbox/code"; } | head -n 1 >"$sandbox/out"
[ "$(cat "$sandbox/code")" = 0 ] && [ ! -s "$sandbox/err" ] || fault "claims | head: $(cat "$sandbox/err")"

finish
