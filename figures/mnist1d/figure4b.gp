# Figure 4b: test accuracy at the end of each round of pruning, against the share of weights left out.
# item: Fig. 4b
# needs: lottery
# ours: lottery lottery_test_accuracy random_test_accuracy
# published: lottery_curves test_accuracy
eval figure(8.5, 6)
eval margins(1.15, 1.5, 1.1, 0.6)
eval x_axis('weights left out (%)', 0, 100); set xtics 20
eval y_axis('test accuracy (%)', 55, 76); set ytics 5
eval title('b', 'test accuracy')
eval name_at('ticket', 66, 72, blue)
eval name_at('random', 80, 59.5, vermilion)
metric = 'test_accuracy'
load 'pruning.gp'
