# Figure 3, at 100 units: the place of the peak is one of size, not of depth.
# item: Fig. 3
# needs: descent-layers
# ours: descent-layers test_error train_error along layers
eval figure(8.5, 6.2)
eval x_axis('hidden layers', 0.8, 3.2); set xtics 1
eval y_axis('error (%)', 0, 65); set ytics 20
eval title('', '100 units')
eval curve('descent-layers/label-noise=0.1 noise-draw=seed widths=100 layers=*/test_error', 'test, 0.1', blue, solid)
eval curve('descent-layers/label-noise=0.2 noise-draw=seed widths=100 layers=*/test_error', 'test, 0.2', green, solid)
eval curve('descent-layers/label-noise=0.1 noise-draw=seed widths=100 layers=*/train_error', 'training, 0.1', vermilion, dashed)
eval curve('descent-layers/label-noise=0.2 noise-draw=seed widths=100 layers=*/train_error', 'training, 0.2', orange, dashed)
load 'curves.gp'
