# Figure 4: training and test error against label noise, two layers of 50 units.
# item: Fig. 4
# needs: descent-noise
# ours: descent-noise test_error train_error along label-noise
# published: descent-noise test_error train_error
eval figure(8.5, 6.2)
eval x_axis('label noise', -0.01, 0.31); set xtics 0.1
eval y_axis('error (%)', -2, 70); set ytics 0, 20
eval title('', '2 layers of 50 units')
eval note('dotted: published', 0.97, 0.5)
experiment = 'descent-noise'; cell = 'label-noise=* noise-draw=%s'; series = 'label noise'
load 'descent_drawn.gp'
