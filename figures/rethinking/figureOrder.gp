# Order of learning: training accuracy on examples with true and with corrupted labels, half of each drawn anew, and on the test set.
# item: Order of learning
# needs: order
# ours: order true_train_accuracy corrupted_train_accuracy test_accuracy
eval figure(8.5, 6.5)
eval x_axis('epoch', 1, 100); set xtics 20
eval y_axis('accuracy (%)', 0, 100); set ytics 20
eval curve('order/default/true_train_accuracy', 'true labels', blue, solid)
eval curve('order/default/corrupted_train_accuracy', 'corrupted labels', vermilion, solid)
eval curve('order/default/test_accuracy', 'test set', green, dashed)
legend = 'graph 1, 0.02 bottom right'
load 'curves.gp'
