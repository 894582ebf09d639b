# Figure 5c: training and test error against the width of a CNN with label noise.
# item: Fig. 5c
# needs: double-descent
# ours: double-descent test_error train_error along widths
# published: double-descent test_error train_error
eval figure(8.5, 6.5)
eval x_axis('channels', 0, 102); set xtics 20
eval y_axis('error (%)', 0, 75); set ytics 20
eval title('c', 'CNN with label noise')
cell = 'double-descent/model=cnn label-noise=0.15 widths=*'
load 'descent.gp'
eval earlier_run('double-descent/cnn with label noise again (second run)')
eval published_run('double-descent/cnn with label noise')
load 'curves.gp'
