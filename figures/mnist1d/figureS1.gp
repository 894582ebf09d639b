# Figure S1: test examples of each class that our CNN, the published one and people misclassify.
# item: Fig. S1
# needs: classification
# ours: classification class_errors%class_examples
# published: classification_errors error_percent
eval figure(8.5, 6.4)
eval margins(1.15, 0.2, 1.1, 1.5)
eval x_axis('class', -0.6, 9.6); set xtics 1 scale 0
eval y_axis('misclassified (%)', 0, 20); set ytics 5
eval bars('ours', 'classification/model=cnn features=original/class_errors%class_examples', 'CNN, ours', blue, filled)
eval bars('published', 'classification_errors/cnn/error_percent', 'CNN, published', blue, pale)
eval bars('published', 'classification_errors/human/error_percent', 'people, published', black, hatched)
legend = 'screen 0.98, 0.98 top right'
load 'bars.gp'
