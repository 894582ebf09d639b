# The course of self-supervised learning with three projection heads, which the authors' notebook prints: the loss, and how well
# neighbours in the outputs and a linear classifier of the representation tell classes apart.
# item: Fig. 8; notebook
# needs: self-supervised
# ours: self-supervised train_loss knn_accuracy linear_accuracy
# published: self-supervised_curves train_loss knn_accuracy linear_accuracy
eval figure(17.4, 6)
marks = 40
eval panel(0, 3, 0, 1); eval area(0, 0.3, 0, 1, 1.15, 0.3, 1.1, 0.6)
eval x_axis('epoch', 0, 200); set xtics 50
eval y_axis('', 2.8, 4.4); set ytics 0.4; set format y '%.1f'
eval title('a', 'loss (nats)')
eval note('dotted: run of Fig. 8', 0.97, 0.93)
eval note('crosses: repository', 0.97, 0.85)
metric = 'train_loss'
load 'heads.gp'
do for [i = 1:n_curves] { curve_text[i] = '' }
load 'curves.gp'

marks = 5
eval area(0.3, 0.6, 0, 1, 1.15, 0.3, 1.1, 0.6)
eval x_axis('epoch', 0, 200)
eval y_axis('', 15, 92); set ytics 20, 20; set format y '%.0f'
eval title('b', 'neighbours in the outputs (%)')
metric = 'knn_accuracy'
load 'heads.gp'
do for [i = 1:n_curves] { curve_text[i] = '' }
load 'curves.gp'

eval area(0.6, 1, 0, 1, 1.15, 2.2, 1.1, 0.6)
eval x_axis('epoch', 0, 200)
eval y_axis('', 15, 92)
eval title('c', 'linear, before the head (%)')
metric = 'linear_accuracy'
load 'heads.gp'
load 'curves.gp'
