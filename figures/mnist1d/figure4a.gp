# Figure 4a: test loss at the end of each round of pruning, against the share of weights left out.
# item: Fig. 4a
# needs: lottery
# ours: lottery lottery_test_loss random_test_loss
# published: lottery_curves test_loss
eval figure(8.5, 6)
eval margins(1.15, 1.5, 1.1, 0.6)
log_y = 1
eval x_axis('weights left out (%)', 0, 100); set xtics 20
eval y_axis('test loss (nats)', 1, 5); set ytics (1, 2, 3, 4, 5)
eval title('a', 'test loss')
eval name_at('ticket', 72, 1.65, blue)
eval name_at('random', 76, 3.4, vermilion)
metric = 'test_loss'
load 'pruning.gp'
