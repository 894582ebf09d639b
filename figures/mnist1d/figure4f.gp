# Figure 4f: retraining pruned networks, from fresh initial weights.
# item: Fig. 4f
# needs: lottery
# ours: lottery original_fresh_*_accuracy
# published: lottery_curves test_accuracy
eval figure(8.5, 6)
eval margins(1.15, 2.2, 1.1, 0.6)
eval x_axis('training step', 0, 6000); set xtics 2000
eval y_axis('test accuracy (%)', 50, 75); set ytics 50, 5
eval title('f', 'fresh weights')
condition = 'original_fresh'; with_fresh = 0
load 'retraining.gp'
