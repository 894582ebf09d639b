# Figure 6: the outer objective (a), the last inner loss (b, only in the authors' notebook) and the learned rate (c) of the
# two trials.  Thick: seed 0, the published run, with the published curve as dots on it; thin: other initial weights.
# study: meta-learning-rate
load 'figures/style.gp'
all = results.'/meta-learning-rate.csv'
curves = published.'/meta-learning-rate_curves.csv'

array cell_of = ['initial-rate=1.5', 'initial-rate=0.15']
array name_of = ['from 1.5', 'from 0.15']
array colour_of = [colour_gru, colour_cnn]
array pale_of = ['#F0C4A0', '#A8CCE4']
array metric_of = ['mean_inner_loss', 'final_inner_loss', 'learned_rate']
array title_of = ['mean loss of inner steps', 'last inner loss', 'learned rate']
array low_of = [1.70, 1.45, 0.3]
array high_of = [1.76, 1.70, 1.55]
array tics_of = [0.02, 0.05, 0.4]

# Seeds apart by empty lines, which break the curve.
seeds(metric, i, test) = sprintf("< awk -F, '$2 == \"%s\" && $4 == \"%s\" && %s { if ($3 != seed) print \"\"; seed = $3; print }' \"%s\"", \
    cell_of[i], metric, test, all)
theirs(metric, i) = rows2(curves, cell_of[i], metric)

do for [panel = 1:3] { do for [i = 1:2] {
    need_rows = seeds(metric_of[panel], i, '$3 == 0'); @need
    need_rows = theirs(metric_of[panel], i); @need
} }

eval begin('figure6', 14)
set multiplot
set lmargin at screen 0.14; set rmargin at screen 0.97
set xrange [0:49]; set xtics 0, 10
set format y '%.2f'
do for [panel = 1:3] {
    metric = metric_of[panel]
    set tmargin at screen 1.262 - 0.305 * panel; set bmargin at screen 1.025 - 0.305 * panel
    set yrange [low_of[panel]:high_of[panel]]; set ytics panel == 3 ? 0.4 : low_of[panel], tics_of[panel]
    unset label
    set label bold(sprintf('%c', 96 + panel)).'  '.title_of[panel] at graph -0.14, 1.08 left
    if (panel == 1) {
        do for [i = 1:2] {
            set label name_of[i] at graph 0.97, 1.0 - 0.1 * i right textcolor rgb colour_of[i]
        }
        set label 'dots: published; thin: other weights' at graph 0.97, 0.7 right textcolor rgb grey
    }
    if (panel == 3) { set xlabel 'outer step' offset 0, 0.4 } else { unset xlabel }
    plot for [i = 1:2] seeds(metric, i, '$3 > 0') using 6:7 with lines linewidth 0.5 linecolor rgb pale_of[i], \
         for [i = 1:2] seeds(metric, i, '$3 == 0') using 6:7 with lines linewidth 2.6 dashtype i linecolor rgb colour_of[i], \
         for [i = 1:2] theirs(metric, i) using 3:4 every 2 with points pointtype 7 pointsize 0.2 linecolor rgb 'black'
}
unset multiplot
set output
