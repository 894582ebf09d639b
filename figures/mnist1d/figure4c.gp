# Figure 4c: retraining pruned networks, on the original data.
# item: Fig. 4c
# needs: lottery
# ours: lottery original_dense_accuracy original_lottery_accuracy original_random_accuracy original_fresh_lottery_accuracy
# published: lottery_curves test_accuracy
eval figure(8.5, 6)
eval margins(1.15, 2.2, 1.1, 0.6)
eval x_axis('training step', 0, 6000); set xtics 2000
eval y_axis('test accuracy (%)', 50, 75); set ytics 50, 5
eval title('c', 'original data')
condition = 'original'; with_fresh = 1
load 'retraining.gp'
