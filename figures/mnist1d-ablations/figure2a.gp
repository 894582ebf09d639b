# Figure 2a: training and test error against width without label noise.
# item: Fig. 2a
# needs: descent-size
# ours: descent-size test_error train_error along widths
# published: descent-size test_error train_error
eval figure(8.5, 6.5)
eval x_axis('hidden units per layer', 0, 200); set xtics 50
eval y_axis('error (%)', 0, 70); set ytics 20
eval title('a', 'without label noise')
cell = 'label-noise=0 noise-draw=seed'; series = 'without label noise'
load 'descent_size.gp'
eval published('descent-size/with label noise/test_error', green)
eval name_at('drawn in the published panel', 118, 58, green)
eval note('dotted: published', 0.97, 0.42)
load 'curves.gp'
