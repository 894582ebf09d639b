# Proposal P4: training and test error against the filters of a CNN, label noise 0.15, with the run of the authors of MNIST-1D.
# item: P4
# needs: descent-filters
# ours: descent-filters test_error train_error along widths
# published: descent-filters test_error train_error
eval figure(8.5, 6.2)
eval x_axis('filters', 0, 100); set xtics 20
eval y_axis('error (%)', 0, 75); set ytics 20
eval title('', 'CNN, label noise 0.15')
eval curve('descent-filters/model=cnn widths=*/test_error', 'test', blue, solid)
eval curve('descent-filters/model=cnn widths=*/train_error', 'training', vermilion, dashed)
eval published('descent-filters/cnn/test_error', blue)
eval published('descent-filters/cnn/train_error', vermilion)
eval note('dotted: published', 0.97, 0.94)
load 'curves.gp'
