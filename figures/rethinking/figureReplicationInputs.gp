# The inputs of a replication: as published, where three of four curves have names of inputs that no network was trained on, and as meant.
# item: IIIT-H
# needs: cifar-replication-inputs
# ours: cifar-replication-inputs train_loss test_accuracy
# published: cifar-replication-inputs train_loss test_accuracy
band = 'error'
eval figure(17.4, 7)
array condition[4] = ['true', 'shuffled', 'random', 'gaussian']
array series[4] = ['normal', 'shuffled', 'random', 'gaussian']
array text[4] = ['images as they are', 'shuffled', 'random order', 'Gaussian']
array shade[4] = [blue, green, orange, purple]
do for [m = 1:2] {
    eval panel(m - 1, 2, 0, 1)
    metric = m == 1 ? 'train_loss' : 'test_accuracy'
    eval x_axis('epoch', 1, 60); set xtics 10
    if (m == 1) { eval y_axis('training loss (nats)', 0, 2.5); set ytics 0.5 } else { eval y_axis('test accuracy (%)', 0, 100); set ytics 20 }
    do for [i = 1:4] {
        eval curve('cifar-replication-inputs/inputs='.condition[i].' label-corruption=0 learning-rate=0.1/'.metric, m == 2 ? text[i] : '', shade[i], solid)
        eval published('cifar-replication-inputs/'.series[i].'/'.metric, shade[i])
    }
    if (m == 2) { eval note('dotted: published under these names', 0.97, 0.2) }
    legend = m == 2 ? 'graph 1, 0.98 top right' : ''
    load 'curves.gp'
}
