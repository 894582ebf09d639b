# The four panels of a question: accuracy and loss in training, accuracy and loss in validation, over epochs.  A script loads
# runs.gp and says
#     eval run(cell, text, colour, dash, series)    for each run: EXPERIMENT/CELL, and FILE/SERIES of the published run behind
#                                                   it, or ''
#     eval run_with(key, text, colour, dash, series, metrics)    where metrics have other names, or the published run, read
#                                                   from a drawing, has not all four
#     eval run_seeds(cell, text, colour, dash, series)    every seed by itself
# and sets the arrays low, high and tics of the four axes; last_epoch; and where names stand, legend_at in legend_panel.
array panel_text[4] = ['training', 'training', 'validation', 'validation']
do for [p = 1:4] {
    eval panel((p - 1) % 2, 2, (p - 1) / 2, 2)
    eval x_axis(p > 2 ? 'epoch' : '', 1, last_epoch); set xtics last_epoch > 10 ? 5 : 1
    eval y_axis(p % 2 == 1 ? 'accuracy (%)' : 'loss (nats)', low[p], high[p]); set ytics tics[p]
    eval title(substr('abcd', p, p), panel_text[p])
    do for [i = 1:n_runs] {
        key = run_key[i].metric_of[p]; text = p == legend_panel ? run_text[i] : ''
        if (run_by_seed[i]) { eval first_seed(key, text, run_colour[i], run_dash[i]) } else { eval curve(key, text, run_colour[i], run_dash[i]) }
        if (strstrt(run_metrics[i], metric_of[p]) > 0) { eval published(run_series[i].'/'.metric_of[p], run_colour[i]) }
    }
    legend = p == legend_panel ? legend_at : ''
    load 'curves.gp'
}
