# Figure 41: retraining with noise.
# item: Fig. 41
# needs: lottery-tickets
# ours: lottery-tickets noisy_*_accuracy
# published: lottery-tickets test_accuracy
eval figure(8.5, 6.2)
eval margins(1.15, 2.2, 1.1, 0.6)
eval x_axis('training step', 0, 6000); set xtics 2000
eval y_axis('test accuracy (%)', 50, 76); set ytics auto
eval title('', 'Fig. 41: noise')
data = 'noisy'; base = 'noisy'
load 'retrained.gp'
