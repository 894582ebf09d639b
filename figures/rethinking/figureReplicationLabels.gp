# Random labels in a replication: training accuracy, and accuracy on a test set with labels corrupted likewise, of its MLP.
# item: IIIT-H
# needs: cifar-replication-mlp
# ours: cifar-replication-mlp train_accuracy corrupted_test_accuracy
# published: cifar-replication-mlp train_accuracy corrupted_test_accuracy
band = 'error'; panel_right = 1.7
eval figure(17.4, 6.5)
array share[6] = ['0', '0.2', '0.4', '0.6', '0.8', '1']
array shade[6] = [blue, green, purple, orange, vermilion, black]
array metric[2] = ['train_accuracy', 'corrupted_test_accuracy']
do for [m = 1:2] {
    eval panel(m - 1, 2, 0, 1)
    eval x_axis('epoch', 1, 20); set xtics (1, 5, 10, 15, 20)
    eval y_axis(m == 1 ? 'accuracy (%)' : '', 0, 80); set ytics 20
    eval title('', m == 1 ? 'training, as the epoch went' : 'test, labels corrupted likewise')
    do for [i = 1:6] {
        eval curve('cifar-replication-mlp/label-corruption='.share[i].'/'.metric[m], m == 2 ? sprintf('%g', 100 * share[i]).' % random' : '', shade[i], solid)
        eval published('cifar-replication-mlp/MLP 1x512 '.share[i].'/'.metric[m], shade[i])
    }
    if (m == 1) { eval note('dotted: published', 0.97, 0.95) }
    load 'curves.gp'
}
