# The words of panels.gp.
n_runs = 0; legend_panel = 2; legend_at = 'graph 1, 1 top right'; last_epoch = 10
all_metrics = 'train_accuracy train_loss val_accuracy val_loss'
array metric_of[4] = ['train_accuracy', 'train_loss', 'val_accuracy', 'val_loss']
array run_key[12]; array run_text[12]; array run_colour[12]; array run_dash[12]; array run_series[12]; array run_metrics[12]; array run_by_seed[12]
band = 'error'; others_width = 1.4
# key: to which a metric's name is added; metrics: of which the published run has a curve
run_with(key, text, colour, dash, series, metrics) = sprintf("n_runs = n_runs + 1; run_key[n_runs] = '%s'; \
    run_text[n_runs] = '%s'; run_colour[n_runs] = %d; run_dash[n_runs] = %d; run_series[n_runs] = '%s'; run_metrics[n_runs] = '%s'; run_by_seed[n_runs] = 0", \
    key, text, colour, dash, series, metrics)
run(cell, text, colour, dash, series) = run_with(cell.'/', text, colour, dash, series, series eq '' ? '' : all_metrics)
# a curve for each seed, where a mean would hide that some runs fail
run_seeds(cell, text, colour, dash, series) = run(cell, text, colour, dash, series).'; run_by_seed[n_runs] = 1'
