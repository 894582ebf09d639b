# Figure 4: lottery tickets.  Test loss (a) and accuracy (b) against sparsity; accuracy of retrained networks on original
# (c), flipped (d) and shuffled (e) data, with fresh weights (f) and with the quarters of the data moved around (h, not in
# the paper); runs of adjacent weights (g).  Bands are the standard error over trials, as published; thin dots are the
# published run.
# study: lottery
load 'figures/style.gp'
summary = results.'/lottery_summary.csv'
curves = published.'/lottery_curves.csv'
numbers = published.'/lottery.csv'

array network_of = ['dense', 'lottery', 'random']
array name_of = ['dense', 'ticket', 'random']
array colour_of = ['black', colour_cnn, colour_gru]
array dash_of = [2, 1, 3]
array marker_of = [9, 7, 5]
ours(metric) = rows2(summary, 'default', metric)
published_line(series, metric) = rows2(curves, series, metric)
margins = "set lmargin at screen 0.14; set rmargin at screen 0.76; set bmargin at screen 0.165; set tmargin at screen 0.955"

# Bands of one trial would have no width.
low(mean, sd, n) = n > 1 ? mean - sd / sqrt(n) : mean
high(mean, sd, n) = n > 1 ? mean + sd / sqrt(n) : mean

# ---- a, b: the search ----
array search_metric = ['test_loss', 'test_accuracy']
array search_title = ['test loss (nats)', 'test accuracy ('.percent.')']
array search_low = [1, 55]; array search_high = [5, 80]
do for [panel = 1:2] {
    do for [k = 2:3] {
        need_rows = ours(network_of[k].'_'.search_metric[panel]); @need
        need_rows = published_line(network_of[k], search_metric[panel]); @need
    }
    rounds = last_value(ours('lottery_test_loss'), 4)
    dense = real(system(sprintf("awk -F, '$1 == \"default\" && $2 == \"lottery_%s\" && $4 == 0 { print $6 }' \"%s\"", \
                                search_metric[panel], summary)))
    eval begin(panel == 1 ? 'figure4a' : 'figure4b', 6)
    @margins
    unset label; unset arrow; unset logscale
    if (panel == 1) { set logscale y }
    set xrange [0:100]; set yrange [search_low[panel]:search_high[panel]]
    set xtics 0, 20, 100; if (panel == 1) { set ytics (1, 2, 3, 4, 5) } else { set ytics 55, 5, 80 }
    set xlabel 'weights left out ('.percent.')' offset 0, 0.4
    set ylabel search_title[panel] offset 1.4, 0
    set label panel == 1 ? bold('a') : bold('b') at graph 0.03, 0.94 left
    set label 'dotted: published' at graph 0.03, 0.06 left textcolor rgb grey
    set label 'dense' at graph 1.02, first dense left textcolor rgb 'black'
    set label 'ticket' at graph 1.02, graph (panel == 1 ? 0.2 : 0.72) left textcolor rgb colour_cnn
    set label 'random' at graph 1.02, graph (panel == 1 ? 0.3 : 0.10) left textcolor rgb colour_gru
    plot dense with lines linewidth 1.2 dashtype 2 linecolor rgb 'black', \
         for [k = 2:3] ours(network_of[k].'_'.search_metric[panel]) using \
             ($4 * 100 / rounds):(low($6, $7, $5)):(high($6, $7, $5)) with filledcurves \
             fillstyle transparent solid 0.22 noborder linecolor rgb colour_of[k], \
         for [k = 2:3] published_line(network_of[k], search_metric[panel]) using 3:4 with lines \
             linewidth 1.1 dashtype (0.7, 1.6) linecolor rgb '#303030', \
         for [k = 2:3] ours(network_of[k].'_'.search_metric[panel]) using ($4 * 100 / rounds):6 with lines \
             linewidth 1.3 linecolor rgb colour_of[k], \
         for [k = 2:3] ours(network_of[k].'_'.search_metric[panel]) using ($4 * 100 / rounds):6 every 9::(3 * k) \
             with points pointtype marker_of[k] pointsize 0.4 linecolor rgb colour_of[k]
    set output
}
unset logscale

# ---- c to f, h: retraining ----
array panel_letter = ['c', 'd', 'e', 'f', 'h']
array condition_of = ['original', 'flipped', 'shuffled', 'original_fresh', 'chunks']
array title_of = ['original', 'flipped', 'shuffled', 'fresh weights', 'quarters moved']
do for [panel = 1:5] {
    condition = condition_of[panel]
    metric(k) = condition.'_'.network_of[k].'_accuracy'
    fresh = condition.'_fresh_lottery_accuracy'
    do for [k = 1:3] {
        need_rows = ours(metric(k)); @need
        need_rows = published_line(condition.'_'.network_of[k], 'test_accuracy'); @need
    }
    has_fresh = panel == 4 ? 0 : 1
    if (has_fresh) { need_rows = ours(fresh); @need }
    end_x = last_value(ours(metric(1)), 4)
    unset label; unset arrow
    n_labels = 3 + has_fresh
    array label_text[n_labels]; array label_y[n_labels]; array label_colour[n_labels]
    do for [k = 1:3] {
        label_text[k] = name_of[k]; label_y[k] = last_value(ours(metric(k)), 6); label_colour[k] = colour_of[k]
    }
    if (has_fresh) { label_text[4] = 'ticket, fresh'; label_y[4] = last_value(ours(fresh), 6); label_colour[4] = colour_cnn }
    label_x = end_x * 1.06; label_step = 1.9; label_top = 75
    load 'figures/end_labels.gp'
    eval begin('figure4'.panel_letter[panel], 6)
    @margins
    set xrange [0:end_x]; set yrange [50:76]
    set xtics 0, end_x / 3; set ytics 50, 5, 75
    set xlabel 'training step' offset 0, 0.4
    set ylabel 'test accuracy ('.percent.')' offset 1.4, 0
    set label bold(panel_letter[panel]).' '.title_of[panel] at graph 0.03, 0.94 left
    set label 'dotted: published' at graph 0.97, 0.06 right textcolor rgb grey
    plot for [k = 1:3] ours(metric(k)) using 4:(low($6, $7, $5)):(high($6, $7, $5)) with filledcurves \
             fillstyle transparent solid 0.22 noborder linecolor rgb colour_of[k], \
         for [k = 1:3] published_line(condition.'_'.network_of[k], 'test_accuracy') using 3:4 with lines \
             linewidth 1.1 dashtype (0.7, 1.6) linecolor rgb '#303030', \
         for [k = 1:3] ours(metric(k)) using 4:6 with lines linewidth 1.4 linecolor rgb colour_of[k], \
         for [k = 1:3] ours(metric(k)) using 4:6 every 9::(3 * k) with points \
             pointtype marker_of[k] pointsize 0.4 linecolor rgb colour_of[k], \
         ours(has_fresh ? fresh : metric(2)) using 4:6 with lines linewidth 1.2 dashtype 2 \
             linecolor rgb (has_fresh ? colour_cnn : colour_of[2])   # again the ticket's line where there is no fourth
    set output
}

# ---- g: adjacent weights ----
# One line for each bar: its place, mean and error over trials, and the published height (-1 for none).
bars(length) = sprintf("< awk -F, 'FNR == NR { published[$1] = $5; next } \
    $1 == \"default\" && $4 == %d { mean[$2] = $6 } \
    function bar(at, metric, id) { if (metric in mean) printf \"%%d,%%s,%%s,%%s\\n\", at, mean[metric], \
        mean[metric \"_error\"], (id in published) ? published[id] : -1 } \
    END { bar(1, \"random_adjacent\", \"adjacent-random-%d\"); \
        bar(2, \"lottery_adjacent\", %d == 4 ? \"none\" : \"adjacent-lottery-%d\"); \
        if (%d == 4) bar(3, \"lottery_adjacent_as_published\", \"adjacent-lottery-4\") }' \"%s\" \"%s\"", \
    length, length, length, length, length, numbers, summary)
unset label; unset arrow
do for [length = 2:4] { need_rows = bars(length); @need }
eval begin('figure4g', 6)
set multiplot
set boxwidth 0.62
do for [length = 2:4] {
    left = 0.085 + 0.28 * (length - 2)
    set lmargin at screen left; set rmargin at screen left + (length == 4 ? 0.34 : 0.2); set bmargin at screen 0.14; set tmargin at screen 0.79
    unset label; unset ylabel
    set xrange [0.4:(length == 4 ? 3.6 : 2.6)]; set yrange [0:*]
    set ytics 0, (length == 2 ? 4 : length == 3 ? 1 : 0.2); set format y '%g'
    unset xtics
    set xlabel sprintf('runs of %d', length) offset 0, 0.4
    if (length == 2) {
        set label 1 bold('g') at screen 0.0, 0.96 left
        set label 2 'random mask' at screen 0.085, 0.96 left textcolor rgb colour_gru
        set label 3 'ticket' at screen 0.40, 0.96 left textcolor rgb colour_cnn
        set label 4 'framed: as published' at screen 0.99, 0.96 right textcolor rgb colour_cnn
        set label 5 'runs in 1000 inputs; dots: published' at screen 0.085, 0.87 left textcolor rgb grey
    }
    plot bars(length) using 1:($1 == 1 ? 1000 * $2 : NaN) with boxes fillstyle solid 0.9 noborder \
             linecolor rgb colour_gru, \
         bars(length) using 1:($1 == 2 ? 1000 * $2 : NaN) with boxes fillstyle solid 0.9 noborder \
             linecolor rgb colour_cnn, \
         for [f = 1:(length == 4 ? 1 : 0)] bars(length) using 1:($1 == 3 ? 1000 * $2 : NaN) with boxes \
             fillstyle pattern 4 border linecolor rgb colour_cnn, \
         bars(length) using 1:(1000 * ($2 - $3)):(0):(2000 * $3) with vectors nohead linewidth 1 \
             linecolor rgb 'black', \
         bars(length) using ($1 + 0.2):($4 < 0 ? NaN : 1000 * $4) with points pointtype 7 pointsize 0.5 \
             linecolor rgb '#303030'
}
unset multiplot
set output
