#!/bin/sh
# Figures and the report, drawn by the project's scripts from a small made-up paper in a folder with an awkward name.
# Reports as Check does, for tests/run.sh.
set -u
export LC_ALL=C
unset DATA FIGURES PAPER ONLY RECORDED REPORT_BUILD REPORT_PDF
root=$(cd "$(dirname "$0")/.." && pwd) || exit 1
: "${GNUPLOT:=gnuplot}" "${PDFLATEX:=pdflatex}"
export GNUPLOT PDFLATEX
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
checks=0 failures=0

check() { # check WHAT COMMAND...
    checks=$((checks + 1))
    what=$1
    shift
    if ! "$@"; then
        failures=$((failures + 1))
        echo "report.sh: failed: $what"
        [ ! -f "$folder/out" ] || sed 's/^/    /' "$folder/out"
    fi
}
finish() {
    echo "100%: Checks: $checks, Failures: $failures, Errors: 0"
    [ "$failures" -eq 0 ]
    exit
}
says() { grep -qF -- "$1" "$folder/out"; }
says_not() { ! says "$1"; }
draw() { (cd "$project" && sh figures/draw.sh) >"$folder/out" 2>&1; }
compile() { (cd "$project" && sh report/compile.sh) >"$folder/out" 2>&1; }
# A PDF whose date cairo packed away has other bytes on every run (figures/draw.sh).
sums() {
    (cd "$1" && find . -type f ! -name '*.pdf' -exec cksum {} + | sort
    find . -name '*.pdf' -exec grep -la /CreationDate {} + | sort | tr '\n' '\0' | xargs -0 cksum)
}

project="$folder/a \"b' c:d \$e"
export DATA="$folder/the 'data'" FIGURES="$folder/fig \"ures\"" REPORT_BUILD="$folder/for TeX: 'x'" REPORT_PDF="$folder/the report's.pdf"
mkdir -p "$project/figures/tiny" "$project/report/tiny" "$DATA/tiny/published"
cp "$root"/figures/*.* "$project/figures/"
cp "$root"/report/*.* "$project/report/"

# ---- a paper of one experiment ----
data=$DATA/tiny
{
    echo 'cell,metric,x_name,x,n,mean,sd,low,high'
    for model in mlp cnn; do for width in 10 2 5; do
        for step in 0 100 200; do echo "model=$model width=$width,accuracy,step,$step,2,$((step / 10 + width)).5,1.0,5.0,40.0"; done
        echo "model=$model width=$width,errors,,,2,$width.0,0.5,1.0,12.0"
        echo "model=$model width=$width,examples,,,2,50.0,0.0,50.0,50.0"
    done; done
} >"$data/growth_summary.csv"
{
    echo 'study,cell,seed,metric,x_name,x,value'
    for width in 10 2 5; do for seed in 0 1; do
        for step in 0 100 200; do echo "growth,model=mlp width=$width,$seed,accuracy,step,$step,$((step / 10 + seed)).5"; done
        echo "growth,model=mlp width=$width,$seed,errors,,,$width.$seed"
        echo "growth,model=mlp width=$width,$seed,loss,,,0.$width"
        for unit in 0 1 2; do echo "growth,model=mlp width=$width,$seed,column,unit,$unit,$((unit + 5 + seed)).0"; done
        for row in 0 1 2 3 4 5; do for axis in x y; do
            echo "growth,model=mlp width=$width,$seed,map_${axis}_$((row % 2)),row,$row,$((seed * 1000 + row * row)).25"
        done; done
    done; done
} >"$data/growth.csv"
cat >"$data/growth_grid.csv" <<'END'
name,value
paper,tiny
experiment,growth
size,paper
seeds,2
first-seed,0
rows,all
given,
width,"10,2,5\input{secret}"
END
sed 's/^rows,all/rows,"1,2"/' "$data/growth_grid.csv" >"$data/part_grid.csv"
cp "$data/growth_summary.csv" "$data/part_summary.csv"
cat >"$data/published/growth.csv" <<'END'
id,series,metric,x,value,uncertainty,unit,n,kind,source
table-100,run,accuracy,100,12.0,0.5,%,1,table,"\input{secret}"
table-200,run,accuracy,200,22.0,0.5,%,\input{secret},table,Table 1
END
head='id,curve,experiment,item,kind,text,n,ours,low,high,published,uncertainty,difference,difference_low,difference_high'
cat >"$data/claims.csv" <<END
$head,margin,verdict,ours_text,published_text,difference_text,explanation,source,note,why,curve_text,level,verdict_alone,seeds_text,points,outside,outside_expected,outside_holm
grows,,growth,Fig. 1a; Section 2,value,"It grows, by 12 %; \\input{secret} & \$x_1\$ ^^5c.",2,20.0,19.0,21.0,12.0,0.5,8.0,7.0,9.0,1.0,contradicted,"20.00 [19.00, 21.00]",12 +- 0.5,"+8.00 [+7.00, +9.00]",because,\\input{secret},"a ""note""",,,headline,contradicted,,,,,
shrinks,,growth,Fig. 1b,above,It shrinks.,2,1.0,1.0,1.0,,,0.1,-1.0,1.2,0.0,not distinguishable,1.00 against 0.90,above,"+0.1000 [-1.0000, +1.2000]",because,,,,,headline,not distinguishable,"7 seeds",,,,
stays,,growth,Fig. 2,equal,It stays.,2,1.0,1.0,1.0,,,0.1,-1.0,1.2,0.0,not measured,,equal,,never ran,,,,,headline,not measured,,,,,
p,,growth,Fig. 1b,value,Points 1..2 \\input{secret}.,2,,,,,,0.5,0.4,0.6,1.0,reproduced,,2 points,"+0.50 [+0.40, +0.60]",because,,,,,curve,reproduced,,2,1,0.10,0
p-1,p,growth,Fig. 1b,value,Point 1.,2,1.0,1.0,1.0,1.0,0.5,0.0,0.0,0.0,1.0,reproduced,1.00,1 +- 0.5,+0.00,because,Table 1,,,Points 1 to 2 \\input{secret},point,reproduced,,,,,
p-2,p,growth,Fig. 1b,value,Point 2.,2,1.0,1.0,1.0,1.0,0.5,0.0,0.0,0.0,1.0,not distinguishable,1.00,1 +- 0.5,+0.00,because,Table 1,,,Points 1 to 2 \\input{secret},point,reproduced,,,,,
END
# Columns that the tables read are those that `scaledown claims` writes.
for column in $(sed -n '/^function read_claims/,/^}/p' "$root/report/tables.awk" | grep -o 'get("[a-z_]*")' | sed 's/get("\(.*\)")/\1/'); do
    check "claims.csv has the column $column" sh -c 'sed -n "/^void verdicts_csv_header/,/^}/p" "$1" | tr -c "a-z0-9_\n" "\n" | grep -qx "$2"' sh \
        "$root/src/study/claims_output.c" "$column"
done
# ---- a paper of tables alone: no folder of its own in figures/ or report/ ----
mkdir -p "$DATA/bare/published"
printf 'name,value\ntitle,"Bare, \\input{secret}"\nauthors,A. Nobody\nvenue,Nowhere\nyear,1999\nurl,https://example.org/a_b\ntitle/lone,One experiment\nvaries/lone,initial weights\ncost/lone,120.0\nseeds/lone,2\n' >"$DATA/bare/provenance.csv"
sed 's/growth/lone/' "$data/growth_grid.csv" >"$DATA/bare/lone_grid.csv"
cp "$data/growth_summary.csv" "$DATA/bare/lone_summary.csv"
cat >"$DATA/bare/claims.csv" <<END
$head,margin,verdict,ours_text,published_text,difference_text,explanation,source,note,why,curve_text,level,fresh_verdict,fresh_difference_text
rises,,lone,Fig. 3,above,It rises.,2,1.0,1.0,1.0,,,0.1,-1.0,1.2,0.0,reproduced,3.00 against 1.00,above,"+2.00 [+1.00, +3.00]",because,,,,,point,contradicted,"-4.00 [-5.00, -3.00]"
END

script() { cat >"$project/figures/tiny/figure$1.gp"; }
script 1a <<'END'
# item: Fig. 1a
# needs: growth
# ours: growth accuracy
# published: growth accuracy
eval figure(8.5, 6)
eval x_axis('step', 0, 200)
eval y_axis('accuracy (%)', 0, 40)
eval title('a', 'curves')
eval curve('growth/model=mlp width=2/accuracy', 'narrow', blue, solid)
eval curve('growth/model=mlp width=10/accuracy', 'wide', vermilion, dashed)
eval published('growth/run/accuracy', blue)
eval level(30, 'a level', black, dashed)
load 'curves.gp'
END
script 1b <<'END'
# item: Fig. 1b; Table 2
# needs: growth
# ours: growth errors%examples along width
eval figure(8.5, 6)
log_x = 1
eval x_axis('width', 1, 20)
eval y_axis('errors (%)', 0, 40)
eval curve('growth/model=mlp width=*/errors%examples', 'along a parameter', blue, solid)
load 'curves.gp'
END
script 2 <<'END'
# item: Fig. 2
# needs: growth
# ours: growth errors along width
# ours: growth errors+-examples along width
# published: growth accuracy
eval figure(17.4, 6)
eval panel(0, 2, 0, 1)
eval x_axis('width', 0, 12)
eval y_axis('errors', 0, 40)
eval bars('ours', 'growth/model=mlp width=*/errors', 'MLP', blue, filled)
eval published_dots('growth/run/accuracy')
eval bars('ours', 'growth/model=cnn width=*/errors+-examples', 'CNN', black, hatched)
legend = 'graph 1, 1 top right'
load 'bars.gp'
END
script 3 <<'END'
# item: Fig. 3
# needs: growth
# ours: growth accuracy
# seeds: growth accuracy column
# pairs: growth loss errors along width
eval figure(17.4, 12)
eval panel(0, 2, 0, 2)
eval x_axis('step', 0, 200)
eval y_axis('accuracy', 0, 40)
eval first_seed('growth/model=mlp width=5/accuracy', 'a seed', blue, solid)
load 'curves.gp'
eval panel(1, 2, 0, 2)
eval x_axis('loss', 0, 1)
eval y_axis('errors', 0, 20)
eval scatter('growth/model=mlp width=*/loss errors', 'runs', blue)
legend = 'graph 1, 0.02 bottom right'
load 'scatter.gp'
eval panel(0, 2, 1, 2)
eval x_axis('unit', -0.5, 2.5)
eval y_axis('', 3.5, -0.5)
eval bits('growth/model=mlp width=2/column', 1, 4, green)
load 'image.gp'
eval signal('growth/model=mlp width=2/accuracy', '0', 2)
columns = 8; text_above = 1; signals_height = 0.3; signal_width = 40; signals_top = 0.4
load 'signals.gp'
END
script 4 <<'END'
# item: Fig. 4
# needs: table
# ours: table errors along width depth
eval figure(8.5, 6)
eval x_axis('width', 0, 1)
eval y_axis('depth', 0, 1)
eval heat('table/width=* depth=*/errors')
load 'heatmap.gp'
END
cat >"$data/table_summary.csv" <<'END'
cell,metric,x_name,x,n,mean,sd,low,high
width=10 depth=1,errors,,,1,3.0,,,
width=2 depth=1,errors,,,1,1.0,,,
width=2 depth=3,errors,,,1,2.0,,,
width=10 depth=3,errors,,,1,9.0,,,
width=10 depth=1,losses,,,1,5.0,,,
width=2 depth=1,losses,,,1,3.0,,,
width=2 depth=3,losses,,,1,4.0,,,
width=10 depth=3,losses,,,1,13.0,,,
END
script 7 <<'END'
# item: Fig. 77
# needs: table
# ours: table errors losses along width depth
# ours: growth accuracy against accuracy
eval figure(17.4, 6)
eval panel(0, 2, 0, 1)
eval x_axis('width', 0, 1)
eval y_axis('depth', 0, 1)
eval heat('table/width=* depth=*/errors|table/width=* depth=*/losses')
load 'heatmap.gp'
eval panel(1, 2, 0, 1)
eval x_axis('accuracy', 0, 40)
eval y_axis('accuracy', 0, 40)
eval curve('growth/model=mlp width=2/accuracy', 'narrow', blue, solid)
load 'curves.gp'
END
script 6 <<'END'
# item: Fig. 6
# needs: growth
# pairs: growth map_x_* map_y_*
eval figure(8.5, 8)
eval map('growth/model=mlp width=2/map_x_%d map_y_%d', 2, 1)
map_point = 0.2; map_names = 1
load 'map.gp'
END
script 10 <<'END'
# item: Fig. 10
# needs: absent
eval figure(8.5, 6)
plot sin(x)
END
script 11 <<'END'
# item: Fig. 11
# needs: part
# ours: part accuracy
eval figure(8.5, 6)
eval curve('part/model=rnn width=2/accuracy', '', blue, solid)
load 'curves.gp'
END

# ---- without the tools nothing fails ----
GNUPLOT="$folder/no gnuplot" draw
check "without gnuplot: success" [ $? -eq 0 ]
check "without gnuplot: said" says "not installed"
PDFLATEX="$folder/no pdflatex" compile
check "without pdflatex: success" [ $? -eq 0 ]
check "without pdflatex: said" says "not installed"
if ! command -v "$GNUPLOT" >/dev/null 2>&1; then
    echo "report.sh: figures and the report are not tested, because gnuplot is not installed"
    finish
fi

# ---- figures ----
draw
check "figures are drawn" [ $? -eq 0 ]
check "a figure without data is named" says "tiny/figure10.gp left out, because absent has no results"
check "a figure of rows that were not run is named" says "tiny/figure11.gp left out, because only some rows of part have been run"
for figure in 1a 1b 2 3 4 6 7; do check "figure$figure.svg is there" [ -s "$FIGURES/tiny/figure$figure.svg" ]; done
check "no figure10" [ ! -e "$FIGURES/tiny/figure10.svg" ]
mkdir "$folder/select"
ln -s "$DATA" "$folder/select/data"
(cd "$folder/select" && awk -v paper=tiny -f "$root/figures/csv.awk" -f "$root/figures/select.awk" "$project/figures/tiny/figure6.gp")
check "pairs with * are of one class, seed by seed" [ "$(awk '/^#/ { on = /width=2.map_x_1 map_y_1/ } on' "$folder/select/pairs.dat")" = \
    "$(printf '# growth/model=mlp width=2/map_x_1 map_y_1 |\n1.25 1.25 0\n9.25 9.25 0\n25.25 25.25 0\n\n1001.25 1001.25 1\n1009.25 1009.25 1\n1025.25 1025.25 1\n')" ]
(cd "$folder/select" && awk -v paper=tiny -f "$root/figures/csv.awk" -f "$root/figures/select.awk" "$project/figures/tiny/figure7.gp")
check "a metric against another: x is the mean of the other" [ "$(awk '/^#/ { on = /growth.model=mlp width=2.accuracy/ } on { print $1, $2 }' \
    "$folder/select/ours.dat" | sed -n 2,4p | tr '\n' ,)" = "2.5 2.5,12.5 12.5,22.5 22.5," ]
rm -r "$folder/select"
check "a heat map of several blocks shows their mean" grep -q '11\.0' "$FIGURES/tiny/figure7.svg"
check "texts of the figure" grep -q 'narrow' "$FIGURES/tiny/figure1a.svg"
check "nothing else is left" [ -z "$(find "$FIGURES" -name 'drawing*')" ]
first=$(sums "$FIGURES")
echo mine >"$FIGURES/tiny/figure9.svg"
draw
check "a file of others is kept" [ "$(cat "$FIGURES/tiny/figure9.svg")" = mine ]
rm "$FIGURES/tiny/figure9.svg"
check "the same bytes again" [ "$(sums "$FIGURES")" = "$first" ]
if [ -f "$FIGURES/tiny/figure1a.pdf" ] && ! grep -qa /CreationDate "$FIGURES/tiny/figure1a.pdf"; then
    echo "tests/report.sh: figures as PDF have the same bytes again: not tested: this cairo packs their date away"
fi
ONLY="Fig. 1" draw
check "Fig. 1 takes 1a and 1b" says "figures: figure1a figure1b in"
check "Fig. 1 does not take 10" says_not figure10
ONLY="Table 2" draw
check "a second item" says "figures: figure1b in"
ONLY="Fig. 7" draw
check "an item without a figure: success" [ $? -eq 0 ]
check "an item without a figure is said" says "no figure with data is of item Fig. 7"
PAPER=../tiny draw
check "no paths as papers" [ $? -ne 0 ]
script 5 <<'END'
# item: Fig. 5
# needs: growth
# ours: growth accuracy
eval figure(8.5, 6)
eval curve('growth/model=rnn width=2/accuracy', '', blue, solid)
load 'curves.gp'
END
before=$(sums "$FIGURES")
draw
check "a curve that is not there fails the whole" [ $? -ne 0 ]
check "and is named" says "no data: growth/model=rnn width=2/accuracy"
check "and nothing changes" [ "$(sums "$FIGURES")" = "$before" ]
rm "$project/figures/tiny/figure5.gp"
draw

# ---- report ----
if ! command -v "$PDFLATEX" >/dev/null 2>&1 || [ ! -f "$FIGURES/tiny/figure1a.tex" ]; then
    echo "report.sh: the report is not tested, because pdflatex or gnuplot's cairolatex is missing"
    finish
fi
# What data bring is never obeyed: obeying would stop the compilation.
printf '%s\n' '\errmessage{obeyed}' >"$project/report/secret.tex"
printf '%s\n' '\errmessage{obeyed}' >"$project/report/tiny/secret.tex"
cat >"$project/report/tiny/findings.csv" <<'END'
item,claim,claims
Fig. 1,"Growing, and a \curve",grows p* absent
Fig. 9,Nothing is left of it,absent
END
cat >"$project/report/tiny/index.csv" <<'END'
item,what,figures
Fig. 1,"Growth, \input{secret}",growth missing
Fig. 2,staying,
Fig. 12,never there,
END
cat >"$project/report/tiny/05_index.tex" <<'END'
\itemindex
END
cat >"$project/report/tiny/reasons.tex" <<'END'
\reason{grows,absent}{Because it has \published{growth/table-100}.}
\reason{shrinks}{\errmessage{not contradicted}}
END
echo '\topic{What was easy.} Nothing.' >"$project/report/tiny/closing.tex"
cat >"$project/report/tiny/10_growth.tex" <<'END'
% needs: growth
\opening{growth}{Growth}
\protocol As follows.
\newcommand{\ofwidth}[1]{\ours{growth/model=mlp width=#1/accuracy}}
\ofwidth{2}, \ours{growth/model=cnn width=10/accuracy/100}, \total{growth/model=mlp width=5/accuracy};
widths \parameter{growth/width}; \published{growth/table-100} $\pm$ \uncertainty{growth/table-100} at
\publishedx{growth/table-200}, \publishedn{growth/table-200} runs.
\claim{grows}{text}: \claim{grows}{verdict}, \claim{grows}{difference_text}, \claim{grows}{ours_value},
\claim{grows}{source}, \claim{grows}{note}, \claim{p-2}{published}. \curve{p}{points}: \curve{p}{reproduced},
\curve{p}{notdistinguishable}, \curve{p}{contradicted}. \counted{tiny}{contradicted} of \counted{all}{claims}.
\begin{illustration}\begin{lastrow}\drawing{figure1a}\caption{Accuracy, \published{growth/table-100}.}\label{figure:growth}\end{lastrow}\end{illustration}
\verdicts{growth}
\codedoes
\begin{remarks}\item Nothing.\end{remarks}
\curves{growth}
END
printf '%% needs: absent\nNever.\n' >"$project/report/tiny/20_absent.tex"
printf '%% needs: part\nNever.\n' >"$project/report/tiny/30_part.tex"
cp "$project/report/secret.tex" "$folder/secret.tex"
before=$(sums "$project")
export RECORDED=1
compile
check "the report is compiled" [ $? -eq 0 ]
check "a section without data is named" says "tiny/20_absent.tex left out, because absent has no results"
check "a section of rows that were not run is named" says "tiny/30_part.tex left out, because only some rows of part"
check "nothing is written beside the sources" [ "$(sums "$project")" = "$before" ]
check "nothing else is left" [ -z "$(find "$REPORT_BUILD" -name 'compiling*')" ]
check "what data bring is spelt" grep -qF '{10, 2, 5\textbackslash{}input\{secret\}}' "$REPORT_BUILD/numbers.tex"
if command -v pdftotext >/dev/null 2>&1; then
    pdftotext -layout "$REPORT_PDF" "$folder/text"
    pages=$(pdftotext "$REPORT_PDF" - | tr -cd '\f' | wc -c)
    check "every page is marked" [ "$(grep -c 'From recorded results; nothing was trained here' "$folder/text")" -eq "$pages" ]
    tr -s ' \n' '  ' <"$folder/text" >"$folder/words"
    for text in '22.5 [5.0, 40.0], 20.5 [5.0, 40.0], 46.5' '12 %; \input{secret} & $x' '2: 1, 1, 0. 1 of 6' '+8.00 [+7.00, +9.00], 20,' \
        'Fig. 1 Growing, and a \curve' '20.00 [19.00, 21.00] for 12 ± 0.5' 'for 12 ± 0.5). Because it has 12.' \
        '2 headline claims are neither reproduced nor contradicted' 'Points 1..2 \input{secret}. 2 +0.50 [0.40, 0.60] 1 / 0.1 / 0' \
        'It shrinks. +0.10 [−1.00, 1.20] ◦ 7 seeds' 'What was easy. Nothing.' \
        'Bare, \input{secret} 0 0 0 0 2 tiny 3 0 1 1' \
        'Bare, \input{secret}. A. Nobody, Nowhere 1999' '2.1 One experiment' 'Run with 2 seeds; width 10, 2, 5\input{secret}' 'Seeds draw initial weights' \
        'Of 1 orderings that were judged on fresh test data as well, 1 have' '+2.00 [1.00, 3.00] • −4.00 [−5.00, −3.00] ×' 'lone 2.0 (2), in all 2.0.'; do
        check "the report says $text" grep -qF -- "$text" "$folder/words"
    done
    check "the index has items with their panels, figures, experiments and verdicts" grep -qF 'Fig. 1 Growth, \input{secret} R1 (growth) 1 ◦ 1× 1•' "$folder/words"
    check "and one without an experiment" grep -qF 'Fig. 2 staying (growth) 1·' "$folder/words"
    check "but not what the data have not" sh -c '! grep -qF "never there" "$1"' sh "$folder/words"
    check "a finding without claims is left out" sh -c '! grep -qF "Nothing is left of it" "$1"' sh "$folder/words"
fi
first=$(cksum <"$REPORT_PDF")
draw
compile
check "the same bytes again, with figures drawn again" [ "$(cksum <"$REPORT_PDF")" = "$first" ]
unset RECORDED
ONLY="Table 2" draw
ONLY="Table 2" compile
check "the report of one item" [ $? -eq 0 ]
# A name in findings.csv that finds no claim: of a part of the paper it may be of the other, of all of it it is wrong.
printf 'name,value\nclaims,a part\n' >"$data/provenance.csv"
draw
compile
check "names of the claims of a part" [ $? -eq 0 ]
printf 'name,value\nclaims,all\n' >"$data/provenance.csv"
draw
compile
check "a name without a claim stops it" [ $? -ne 0 ]
check "and is named with its line" says "tiny/findings.csv line 2: there is no claim absent in the claims of tiny"
sed 's/absent/grows/' "$project/report/tiny/findings.csv" >"$folder/findings"
cp "$project/report/tiny/findings.csv" "$folder/findings.csv"
mv "$folder/findings" "$project/report/tiny/findings.csv"
draw
compile
check "an item without an experiment stops it" [ $? -ne 0 ]
check "and is named with its line" says "tiny/index.csv line 2: no experiment is of Fig. 1"
printf 'name,value\nclaims,all\nitems/growth,Fig. 1a; Fig. 2; Fig. 12\n' >"$data/provenance.csv"
draw
compile
check "the report with an index of all items" [ $? -eq 0 ]
mv "$folder/findings.csv" "$project/report/tiny/findings.csv"
sed 's/p[*] absent/p-*/' "$project/report/tiny/findings.csv" >"$folder/findings"
mv "$folder/findings" "$project/report/tiny/findings.csv"
rm "$data/provenance.csv"
draw
compile
check "a name of points of a curve alone stops it" [ $? -ne 0 ]
check "and the curve is named" says "tiny/findings.csv line 2: p-* finds points of curves alone; the curve is p"
sed 's/p-[*]/p/' "$project/report/tiny/findings.csv" >"$folder/findings"
mv "$folder/findings" "$project/report/tiny/findings.csv"
draw
# What was skipped for want of data is named, with the reason, and in the report.
printf 'experiment,why\nother,Glyphs are not there.\nabsent,"Images, of 50 %%, are not in a_folder; `make data` fetches them"\n' >"$data/skipped.csv"
why='absent was skipped: Images, of 50 %, are not in a_folder; `make data` fetches them'
draw
check "a figure that was skipped is named" says "tiny/figure10.gp left out, because $why"
compile
check "the report without what was skipped" [ $? -eq 0 ]
check "a section that was skipped is named" says "tiny/20_absent.tex left out, because $why"
if command -v pdftotext >/dev/null 2>&1; then
    check "the report names it" [ "$(pdftotext -layout "$REPORT_PDF" - | tr -s ' \n' '  ' | grep -c 'not there (make data): other, absent')" -eq 1 ]
fi
rm "$data/skipped.csv"
draw

cat >"$folder/items.awk" <<'END'
BEGIN {
    header(ARGV[1], column)
    while (read_csv(ARGV[1], f) > 0) {
        n = split(f[column["item"]], item, "; ")
        for (i = 1; i <= n; i++) print item[i]
    }
}
END
# ---- the project's own: every item of an index is one of an experiment, so that ONLY= takes it as it stands ----
for own in "$root"/report/*/index.csv; do
    paper=$(basename "$(dirname "$own")")
    awk -f "$root/figures/csv.awk" -f "$folder/items.awk" "$root/reproduce/$paper/experiments.csv" >"$folder/items"
    sed -e 1d -e 's/,.*//' "$own" >"$folder/named"
    while read -r name; do check "$paper: $name is an item of an experiment" grep -qxF "$name" "$folder/items"; done <"$folder/named"
done

# ---- the project's own: every claim that findings and reasons name is in a table, one of reasons a point of a curve perhaps ----
cat >"$folder/ids.awk" <<'END'
BEGIN {
    for (a = 1; a < ARGC; a++) {
        table = ARGV[a]
        header(table, column)
        while (read_csv(table, f) > 0) {
            print f[column["id"]] >rows
            print f[column["id"]]
            if (!(star = index(f[column["published"]], "*"))) continue
            prefix = substr(f[column["published"]], 1, star - 1)
            file = table
            sub(/claims/, "published", file)
            if (slash = index(prefix, "/")) { sub(/[^\/]*$/, substr(prefix, 1, slash - 1) ".csv", file); prefix = substr(prefix, slash + 1) }
            curves[++n] = f[column["id"]] "\t" file "\t" prefix
        }
        close(table)
    }
    for (i = 1; i <= n; i++) {
        split(curves[i], curve, "\t")
        header(curve[2], column)
        while (read_csv(curve[2], f) > 0)
            if (index(f[column["id"]], curve[3]) == 1) print curve[1] "-" substr(f[column["id"]], length(curve[3]) + 1)
        close(curve[2])
    }
}
END
for own in "$root"/report/*/; do
    paper=$(basename "$own")
    (cd "$root/reference_results/$paper" && awk -v rows="$folder/rows" -f "$root/figures/csv.awk" -f "$folder/ids.awk" claims/*.csv) >"$folder/ids"
    : >"$folder/named"
    [ ! -f "$own/findings.csv" ] || sed -e 1d -e 's/.*,//' "$own/findings.csv" | tr ' ' '\n' | sed -e 's/[*]/.*/' -e '/^$/d' >"$folder/named"
    while read -r name; do check "$paper: $name is a row of a table of claims" grep -qx "$name" "$folder/rows"; done <"$folder/named"
    : >"$folder/named"
    [ ! -f "$own/reasons.tex" ] || sed -n 's/^\\reason{\([^}]*\)}.*/\1/p' "$own/reasons.tex" | tr ',' '\n' >"$folder/named"
    while read -r name; do check "$paper: $name is a claim" grep -qx "$name" "$folder/ids"; done <"$folder/named"
done

printf '%s\n' '\ours{growth/model=mlp width=3/accuracy}' >>"$project/report/tiny/10_growth.tex"
compile
check "a number that the data have not stops it" [ $? -ne 0 ]
check "and is named" says "the data have no tiny/ours/growth/model=mlp width=3/accuracy"
finish
