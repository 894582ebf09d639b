# Table 3, drawn: test error of kernel machines that fit the training set exactly, against the width of the Gaussian kernel.
# item: Table 3
# needs: kernels
# ours: kernels test_error along gamma
# ours: kernels test_error along ridge
eval figure(8.5, 6.5)
log_x = 1
eval x_axis('gamma of the Gaussian kernel', 0.005, 1); set xtics (0.005, 0.02, 0.1, 0.5)
eval y_axis('test error (%)', 0, 80); set ytics 20
eval curve('kernels/features=raw gamma=* ridge=0 label-corruption=0/test_error', 'signals', blue, solid)
load 'curves.gp'
