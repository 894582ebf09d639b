# Figure 2: training (a) and test (b) accuracy of four models, on original (solid, filled markers) and shuffled (dashed,
# open markers) features.  Bands are the interval over seeds; thin dots behind are the published run.
# study: classification
load 'figures/style.gp'
summary = results.'/classification_summary.csv'
curves = published.'/classification_curves.csv'

array key_of = ['cnn', 'gru', 'mlp', 'logistic']
array name_of = ['CNN', 'GRU', 'MLP', 'logistic']
array colour_of = [colour_cnn, colour_gru, colour_mlp, colour_logistic]
array marker_of = [7, 9, 5, 13]
array features_of = ['original', 'shuffled']

cell(m, f) = 'model='.key_of[m].' features='.features_of[f]
ours(metric, m, f) = rows2(summary, cell(m, f), metric)
theirs(metric, m, f) = rows2(curves, cell(m, f), metric)

array panel_of = ['figure2a', 'figure2b']
array metric_of = ['train_accuracy', 'test_accuracy']
array title_of = ['training accuracy', 'test accuracy']

do for [panel = 1:2] {
    metric = metric_of[panel]
    do for [m = 1:4] { do for [f = 1:2] {
        need_rows = ours(metric, m, f); @need
        need_rows = theirs(metric, m, f); @need
    } }
    end_x = last_value(ours(metric, 1, 1), 4)

    unset label; unset arrow
    n_labels = panel == 1 ? 8 : 9
    array label_text[n_labels]; array label_y[n_labels]; array label_colour[n_labels]
    do for [m = 1:4] { do for [f = 1:2] {
        i = 2 * (m - 1) + f
        label_text[i] = name_of[m].(f == 2 ? ' shuffled' : '')
        label_y[i] = last_value(ours(metric, m, f), 6)
        label_colour[i] = colour_of[m]
    } }
    if (panel == 2) {
        need_rows = rows2(curves, 'human', metric); @need
        human_line = last_value(rows2(curves, 'human', metric), 4)
        set arrow from 0, human_line to end_x, human_line nohead back linewidth 1 linecolor rgb 'black'
        label_text[9] = 'human'; label_y[9] = human_line; label_colour[9] = 'black'
    }
    label_x = end_x * 1.06; label_step = 6.3; label_top = 103
    load 'figures/end_labels.gp'

    eval begin(panel_of[panel], 6.5)
    set lmargin at screen 0.14; set rmargin at screen 0.72; set bmargin at screen 0.15; set tmargin at screen 0.955
    set xrange [0:end_x]; set yrange [0:105]
    set xtics 0, end_x / 3; set ytics 0, 20, 100
    set xlabel 'training step' offset 0, 0.4
    set ylabel title_of[panel].' ('.percent.')' offset 1.4, 0
    set label panel == 1 ? bold('a') : bold('b') at graph 0.03, 0.045 left
    set label 'dashed: shuffled features' at graph 0.97, 0.105 right textcolor rgb grey
    set label 'dotted: published run' at graph 0.97, 0.045 right textcolor rgb grey

    plot for [m = 1:4] for [f = 1:2] ours(metric, m, f) using 4:8:9 with filledcurves \
             fillstyle transparent solid 0.22 noborder linecolor rgb colour_of[m], \
         for [m = 1:4] for [f = 1:2] theirs(metric, m, f) using 3:4 with lines \
             linewidth 1.1 dashtype (0.7, 1.6) linecolor rgb '#303030', \
         for [m = 1:4] for [f = 1:2] ours(metric, m, f) using 4:6 with lines \
             linewidth 1.4 dashtype f linecolor rgb colour_of[m], \
         for [m = 1:4] for [f = 1:2] ours(metric, m, f) using 4:6 every 4::(m - 1) with points \
             pointtype (f == 1 ? marker_of[m] : marker_of[m] - 1) pointsize 0.45 linewidth 0.8 \
             linecolor rgb colour_of[m]
    set output
}
