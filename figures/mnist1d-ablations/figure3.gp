# Figure 3: training and test error against the number of hidden layers of 50 units, label noise 0.15.
# item: Fig. 3
# needs: descent-layers
# ours: descent-layers test_error train_error along layers
# published: descent-layers test_error train_error
eval figure(8.5, 6.2)
eval x_axis('hidden layers', 0.8, 3.2); set xtics 1
eval y_axis('error (%)', 0, 65); set ytics 20
eval title('', '50 units, label noise 0.15')
eval note('dotted: published', 0.97, 0.5)
experiment = 'descent-layers'; cell = 'label-noise=0.15 noise-draw=%s widths=50 layers=*'; series = 'hidden layers'
load 'descent_drawn.gp'
