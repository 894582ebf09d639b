# Figure 2b: test accuracy of four models during training, on features in order and shuffled, and of people.
# item: Fig. 2b
# needs: classification
# ours: classification test_accuracy
# published: classification_curves test_accuracy
eval figure(8.5, 6.5)
eval margins(1.15, 2.45, 1.1, 0.6)
eval x_axis('training step', 0, 6000); set xtics 2000
eval y_axis('accuracy (%)', 0, 105); set ytics 0, 20, 100
eval title('b', 'test set')
eval measure('published.dat', 'classification_curves/human/test_accuracy')
eval level(last_y, 'human', black, solid)
metric = 'test_accuracy'
load 'models.gp'
