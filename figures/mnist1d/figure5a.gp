# Figure 5a: training and test error against the width of an MLP without label noise.
# item: Fig. 5a
# needs: double-descent
# ours: double-descent test_error train_error along widths
# published: double-descent test_error train_error
eval figure(8.5, 6.5)
log_x = 1
eval x_axis('hidden units per layer', 1.8, 330); set xtics (2, 5, 10, 20, 50, 100, 300)
eval y_axis('error (%)', 0, 75); set ytics 20
eval title('a', 'MLP without label noise')
cell = 'double-descent/model=mlp label-noise=0 widths=*'
load 'descent.gp'
eval published_run('double-descent/mlp without label noise')
load 'curves.gp'
