# Figure 38: test loss and accuracy at the end of each round of pruning along a linear schedule, against the share of weights
# left out.
# item: Fig. 38
# needs: lottery-linear
# ours: lottery-linear lottery_test_loss random_test_loss lottery_test_accuracy random_test_accuracy
# published: lottery-linear_curves test_loss test_accuracy
eval figure(17.4, 6.2)
ours_x(x) = 100.0 * x / 99
experiment = 'lottery-linear'; curves_file = 'lottery-linear_curves'; with_dense = 1; x_from = 0; accuracy_from = 55
load 'search.gp'
