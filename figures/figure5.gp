# Figure 5: training and test error against the width of an MLP without (a) and with (b) label noise, and of a CNN with
# label noise (c).  True values: the published figure cuts them down to whole per cent.  Bands are the interval over
# seeds; dotted behind are the published runs, the one of the figure darker than the others.
# study: double-descent
load 'figures/style.gp'
summary = results.'/double-descent_summary.csv'
printed = published.'/double-descent.csv'

array cell_of = ['model=mlp label-noise=0 widths=', 'model=mlp label-noise=0.15 widths=', 'model=cnn label-noise=0.15 widths=']
array run_of = ['mlp without label noise', 'mlp with label noise', 'cnn with label noise']
array x_of = ['hidden units per layer', 'hidden units per layer', 'channels']
array metric_of = ['test_error', 'train_error']
array name_of = ['test', 'training']
array colour_of = [colour_cnn, colour_gru]
array marker_of = [7, 4]

# width, mean, low, high; no interval with a single seed, and none below 0
ours(metric, p) = sprintf("< awk -F, 'index($1, \"%s\") == 1 && $2 == \"%s\" { \
    print substr($1, %d) + 0 \",\" $6 \",\" ($8 == \"\" ? $6 : $8 < 0 ? 0 : $8) \",\" ($9 == \"\" ? $6 : $9) }' \"%s\" \
    | sort -t, -n", cell_of[p], metric, strlen(cell_of[p]) + 1, summary)
theirs(metric, p) = sprintf("< awk -F, '$2 == \"%s\" && $3 == \"%s\" { print $4 \",\" $5 }' \"%s\"", \
    run_of[p], metric, printed)
again(metric, p) = p == 1 ? theirs(metric, p) : sprintf("< awk -F, 'index($2, \"%s again\") == 1 && $3 == \"%s\" { \
    if ($2 != run) print \"\"; run = $2; print $4 \",\" $5 }' \"%s\"", run_of[p], metric, printed)

do for [p = 1:3] {
    do for [m = 1:2] {
        need_rows = ours(metric_of[m], p); @need
        need_rows = theirs(metric_of[m], p); @need
    }
    unset label; unset arrow; unset logscale
    eval begin('figure5'.substr('abc', p, p), 6.5)
    set lmargin at screen 0.125; set rmargin at screen 0.97; set bmargin at screen 0.15; set tmargin at screen 0.955
    set yrange [0:75]; set ytics 0, 20, 60
    if (p == 3) {
        set xrange [0:102]; set xtics 0, 20, 100
    } else {
        set logscale x; set xrange [1.8:330]; set xtics (2, 5, 10, 20, 50, 100, 300)
    }
    set xlabel x_of[p] offset 0, 0.4
    set ylabel 'error ('.percent.')' offset 1.4, 0
    set label bold(substr('abc', p, p)) at graph 0.03, 0.045 left
    set label 'dotted: published runs' at graph 0.97, 0.96 right textcolor rgb grey
    do for [m = 1:2] {
        set label name_of[m] at last_value(ours(metric_of[m], p), 1), last_value(ours(metric_of[m], p), 2) \
            offset 0, (m == 1 ? -0.9 : 0.7) right textcolor rgb colour_of[m]
    }
    plot for [m = 1:2] ours(metric_of[m], p) using 1:3:4 with filledcurves \
             fillstyle transparent solid 0.22 noborder linecolor rgb colour_of[m], \
         for [m = 1:2] again(metric_of[m], p) using 1:2 with lines \
             linewidth 0.9 dashtype (0.7, 1.6) linecolor rgb '#a0a0a0', \
         for [m = 1:2] theirs(metric_of[m], p) using 1:2 with lines \
             linewidth 1.1 dashtype (0.7, 1.6) linecolor rgb '#303030', \
         for [m = 1:2] ours(metric_of[m], p) using 1:2 with linespoints \
             linewidth 1.4 dashtype m pointtype marker_of[m] pointsize 0.4 linecolor rgb colour_of[m]
    set output
}
