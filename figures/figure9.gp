# Figure 9: test accuracy during training with five ways of halving signals, for three sizes of the training set (figure9)
# and for all six (figure9all).  Smoothed as the published curves are; bands are the interval over seeds; dotted: the
# published run.
# study: pooling
load 'figures/style.gp'
summary = results.'/pooling_summary.csv'
curves = published.'/pooling_curves.csv'

array key_of = ['none', 'stride', 'max', 'average', 'l2']
array name_of = ['no pooling', 'stride 2', 'max', 'average', 'l2']
array colour_of = ['black', 'black', colour_gru, colour_mlp, colour_cnn]
array marker_of = [7, 6, 9, 5, 13]
array dash_of = [1, 2, 1, 1, 1]

array size_of = [1000, 2000, 5000, 10000, 20000, 50000]
array low_of = [30, 70, 80, 90, 90, 90]
array high_of = [85, 92, 100, 100, 100, 100]
array step_of = [10, 5, 5, 2, 2, 2]

metric = 'smoothed_test_accuracy'
ours(m, s) = rows2(summary, sprintf('pooling=%s train-examples=%d', key_of[m], size_of[s]), metric)
theirs(m, s) = rows2(curves, sprintf('%s %d', key_of[m], size_of[s]), metric)

array letters = ['a', 'b', 'c', 'd', 'e', 'f']

do for [figure = 1:2] {
    panels = figure == 1 ? 3 : 6
    rows = panels / 3
    if (figure == 1) { array shown = [1, 3, 6] } else { array shown = [1, 2, 3, 4, 5, 6] }
    eval begin_wide(figure == 1 ? 'figure9' : 'figure9all', 17.4, 5.8 * rows)
    set multiplot
    do for [p = 1:panels] {
        s = shown[p]
        do for [m = 1:5] {
            need_rows = ours(m, s); @need
            need_rows = theirs(m, s); @need
        }
        column = (p - 1) % 3; row = (p - 1) / 3
        set lmargin at screen 0.055 + column * 0.332; set rmargin at screen 0.315 + column * 0.332
        set tmargin at screen 1 - (row + 0.09) / rows; set bmargin at screen 1 - (row + 0.835) / rows
        end_x = last_value(ours(1, s), 4)
        set xrange [0:end_x]; set yrange [low_of[s]:high_of[s]]
        set xtics 0, end_x / 3 offset 0, 0.3; set ytics step_of[s]
        set xlabel 'training step' offset 0, 0.8
        if (column == 0) { set ylabel 'test accuracy ('.percent.')' offset 1.6, 0 } else { unset ylabel }
        unset label
        set label bold(letters[p]) at graph 0, 1.055 left
        set label sprintf('%d training examples', size_of[s]) at graph 0.5, 1.055 center
        if (p == 1) {
            set key at graph 1, 0.02 bottom right Left reverse samplen 2 spacing 0.8
            set label 'dotted: published run' at graph 0.98, 0.72 right textcolor rgb grey
        } else { unset key }
        plot for [m = 1:5] ours(m, s) using 4:8:9 with filledcurves fillstyle transparent solid 0.13 noborder \
                 linecolor rgb colour_of[m] notitle, \
             for [m = 1:5] theirs(m, s) using 3:4 with lines linewidth 1.1 dashtype (0.7, 1.6) \
                 linecolor rgb colour_of[m] notitle, \
             for [m = 1:5] ours(m, s) using 4:6 with lines linewidth 1.3 dashtype dash_of[m] \
                 linecolor rgb colour_of[m] notitle, \
             for [m = 1:5] ours(m, s) using 4:6 every 12::(2 * m) with points pointtype marker_of[m] pointsize 0.45 \
                 linewidth 0.8 linecolor rgb colour_of[m] notitle, \
             for [m = 1:5] NaN with linespoints linewidth 1.3 dashtype dash_of[m] pointtype marker_of[m] \
                 pointsize 0.45 linecolor rgb colour_of[m] title name_of[m]
    }
    unset multiplot
    set output
}
