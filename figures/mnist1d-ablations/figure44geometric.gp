# Figure 44, corrected: tickets of two geometric schedules and of the linear one, against the share of weights left out.
# item: Fig. 44; Section 3
# needs: lottery-geometric lottery-tickets
# ours: lottery-geometric lottery_test_accuracy against sparsity
# ours: lottery-tickets lottery_test_accuracy against sparsity
eval figure(8.5, 6.2)
band = 'error'; marks = 8
eval x_axis('weights left out (%)', 0, 100); set xtics 20
eval y_axis('test accuracy (%)', 60, 76); set ytics 5
eval title('', 'schedules of tickets')
eval curve('lottery-tickets/default/lottery_test_accuracy', 'linear', blue, solid)
eval curve('lottery-geometric/keep=0.97/lottery_test_accuracy', '97 % kept in each', green, solid)
eval curve('lottery-geometric/keep=0.9546/lottery_test_accuracy', '95.46 % kept', purple, dashed)
legend = 'graph 0.02, 0.98 top left'
load 'curves.gp'
