# Figure 43: retraining with cropping.
# item: Fig. 43
# needs: lottery-tickets
# ours: lottery-tickets cropped_*_accuracy
# published: lottery-tickets test_accuracy
eval figure(8.5, 6.2)
eval margins(1.15, 2.2, 1.1, 0.6)
eval x_axis('training step', 0, 6000); set xtics 2000
eval y_axis('test accuracy (%)', 5, 60); set ytics auto
eval title('', 'Fig. 43: cropping')
data = 'cropped'; base = 'cropped'
load 'retrained.gp'
