# Figure 44, as published: the schedule that is called exponential begins with everything pruned.
# item: Fig. 44
# needs: lottery-exponential
# ours: lottery-exponential lottery_test_loss random_test_loss lottery_test_accuracy random_test_accuracy
# published: lottery-exponential_curves test_loss test_accuracy
eval figure(17.4, 6.2)
ours_x(x) = 100 * exp(-x / 99.0)
experiment = 'lottery-exponential'; curves_file = 'lottery-exponential_curves'; with_dense = 0; x_from = 36; accuracy_from = 5
load 'search.gp'
