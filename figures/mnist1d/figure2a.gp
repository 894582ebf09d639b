# Figure 2a: training accuracy of four models during training, on features in order and shuffled.
# item: Fig. 2a
# needs: classification
# ours: classification train_accuracy
# published: classification_curves train_accuracy
eval figure(8.5, 6.5)
eval margins(1.15, 2.45, 1.1, 0.6)
eval x_axis('training step', 0, 6000); set xtics 2000
eval y_axis('accuracy (%)', 0, 105); set ytics 0, 20, 100
eval title('a', 'training set')
metric = 'train_accuracy'
load 'models.gp'
