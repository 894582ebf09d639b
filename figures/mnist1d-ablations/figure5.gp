# Figure 5: training and test error against the number of hidden units, label noise 0.15.
# item: Fig. 5
# needs: descent-width
# ours: descent-width test_error train_error along widths
# published: descent-width test_error train_error
eval figure(8.5, 6.2)
eval x_axis('hidden units per layer', 0, 210); set xtics 50
eval y_axis('error (%)', -2, 65); set ytics 0, 20
eval title('', '2 layers, label noise 0.15')
eval note('dotted: published', 0.97, 0.5)
experiment = 'descent-width'; cell = 'noise-draw=%s widths=*'; series = 'hidden size'
load 'descent_drawn.gp'
