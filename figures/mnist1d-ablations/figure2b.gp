# Figure 2b: training and test error against width with label noise 0.15.
# item: Fig. 2b
# needs: descent-size
# ours: descent-size test_error train_error along widths
# published: descent-size test_error train_error
eval figure(8.5, 6.5)
eval x_axis('hidden units per layer', 0, 200); set xtics 50
eval y_axis('error (%)', 0, 70); set ytics 20
eval title('b', 'with label noise 0.15')
cell = 'label-noise=0.15 noise-draw=numpy'; series = 'with label noise'
load 'descent_size.gp'
eval published_points('descent-size/plotted/test_error', blue, 1, cross)
eval published_points('descent-size/plotted/train_error', vermilion, 1, cross)
eval level(15, '', black, dashed)
eval note('dotted: published; crosses: read off', 0.97, 0.94)
load 'curves.gp'
