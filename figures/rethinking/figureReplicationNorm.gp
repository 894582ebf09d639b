# Batch normalisation in a replication: at two rates, as published, and at one.
# item: IIIT-H
# needs: cifar-replication-norm
# ours: cifar-replication-norm train_accuracy test_accuracy
# published: cifar-replication-norm train_accuracy test_accuracy
band = 'error'
eval figure(17.4, 7)
array cell[4] = ['network=inception-replicated-quarter learning-rate=0.1 decay=0.95', \
                 'network=inception-replicated-quarter-without-norm learning-rate=0.001 decay=1', \
                 'network=inception-replicated-quarter learning-rate=0.01 decay=0.95', \
                 'network=inception-replicated-quarter-without-norm learning-rate=0.01 decay=0.95']
array text[4] = ['with, rate 0.1', 'without, rate 0.001', 'with, rate 0.01', 'without, rate 0.01']
array shade[4] = [blue, vermilion, green, orange]
do for [m = 1:2] {
    eval panel(m - 1, 2, 0, 1)
    metric = m == 1 ? 'train_accuracy' : 'test_accuracy'
    eval x_axis('epoch', 1, 60); set xtics 10
    eval y_axis(m == 1 ? 'accuracy (%)' : '', 0, 100); set ytics 20
    eval title('', m == 1 ? 'training' : 'test')
    do for [i = 1:4] { eval curve('cifar-replication-norm/'.cell[i].'/'.metric, m == 2 ? text[i] : '', shade[i], solid) }
    eval published('cifar-replication-norm/with/'.metric, blue)
    eval published('cifar-replication-norm/without/'.metric, vermilion)
    if (m == 1) { eval note('dotted: published', 0.97, 0.1) }
    legend = m == 2 ? 'graph 1, 0.02 bottom right' : ''
    load 'curves.gp'
}
