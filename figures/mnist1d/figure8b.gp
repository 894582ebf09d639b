# Figure 8b: linear accuracy of every layer after self-supervised learning with three projection heads.
# item: Fig. 8b
# needs: self-supervised
# ours: self-supervised layer_linear_accuracy
# published: self-supervised_curves layer_linear_accuracy
eval figure(8.5, 6.5)
eval margins(1.15, 2.3, 1.1, 0.6)
eval x_axis('layer', -0.2, 7.2); set xtics 0, 1, 7
eval y_axis('linear accuracy (%)', 25, 92); set ytics 30, 10
eval title('b', 'accuracy of each layer')
metric = 'layer_linear_accuracy'
load 'heads.gp'
eval note('dotted: run of Fig. 8', 0.97, 0.14)
eval note('crosses: repository', 0.97, 0.06)
load 'curves.gp'
