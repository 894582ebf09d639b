# Figure 42: retraining with permuted training labels.
# item: Fig. 42
# needs: lottery-tickets
# ours: lottery-tickets permuted_*_accuracy
# published: lottery-tickets test_accuracy
eval figure(8.5, 6.2)
eval margins(1.15, 2.2, 1.1, 0.6)
eval x_axis('training step', 0, 6000); set xtics 2000
eval y_axis('test accuracy (%)', 4, 16); set ytics auto
eval title('', 'Fig. 42: permuted training labels')
data = 'permuted'; base = 'permuted'
load 'retrained.gp'
