# Figure 2b: training and test accuracy with and without batch normalisation.
# item: Fig. 2b
# needs: normalization
# ours: normalization test_accuracy train_accuracy
# published: normalization test_accuracy train_accuracy
eval figure(17.4, 6.5)
do for [m = 1:2] {
    metric = m == 1 ? 'train_accuracy' : 'test_accuracy'; word = m == 1 ? 'train' : 'test'
    eval panel(m - 1, 2, 0, 1)
    eval x_axis('epoch', 1, 100); set xtics 20
    eval y_axis(m == 1 ? 'accuracy (%)' : '', 60, 100); set ytics 10
    eval title(m == 1 ? 'b' : '', m == 1 ? 'training' : 'test')
    eval curve('normalization/network=inception learning-rate=0.1/'.metric, m == 2 ? 'Inception' : '', blue, solid)
    eval curve('normalization/network=inception-without-norm learning-rate=0.02/'.metric, m == 2 ? 'without normalisation' : '', vermilion, solid)
    eval published('normalization/'.word.'(Inception)/'.metric, blue)
    eval published('normalization/'.word.'(Inception w/o BN)/'.metric, vermilion)
    if (m == 2) { eval note('dotted: published, CIFAR-10', 0.97, 0.25) }
    legend = m == 2 ? 'graph 1, 0.02 bottom right' : ''
    load 'curves.gp'
}
