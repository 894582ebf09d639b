# Figure 45: test loss and accuracy of the search with Xavier's initial weights.
# item: Fig. 45
# needs: lottery-xavier
# ours: lottery-xavier lottery_test_loss random_test_loss lottery_test_accuracy random_test_accuracy
# published: lottery-xavier_curves test_loss test_accuracy
eval figure(17.4, 6.2)
ours_x(x) = 100.0 * x / 99
experiment = 'lottery-xavier'; curves_file = 'lottery-xavier_curves'; with_dense = 1; x_from = 0; accuracy_from = 55
load 'search.gp'
