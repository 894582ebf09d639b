# Figure 1a on CIFAR-10: training loss of a small Inception with true labels, shuffled, random and Gaussian inputs, and random labels.
# item: Fig. 1a
# needs: cifar-inputs
# ours: cifar-inputs train_loss
# published: inputs train_loss
band = 'error'
eval figure(17.4, 7)
eval margins(1.2, 0.4, 1.1, 0.3)
eval x_axis('epoch', 1, 80); set xtics 10
eval y_axis('training loss (nats)', 0, 2.5); set ytics 0.5
array condition[5] = ['inputs=true label-corruption=0', 'inputs=shuffled label-corruption=0', 'inputs=gaussian label-corruption=0', \
                      'inputs=random label-corruption=0', 'inputs=true label-corruption=1']
array text[5] = ['true labels', 'shuffled inputs', 'Gaussian inputs', 'random inputs', 'random labels']
array series[5] = ['true labels', 'shuffled pixels', 'gaussian', 'random pixels', 'random labels']
array shade[5] = [blue, green, purple, orange, vermilion]
do for [i = 1:5] {
    eval curve('cifar-inputs/'.condition[i].'/train_loss', text[i], shade[i], solid)
    eval published('inputs/'.series[i].'/train_loss', shade[i])
}
eval note('dotted: published, all of CIFAR-10', 0.985, 0.55)
legend = 'graph 0.99, 0.98 top right'
load 'curves.gp'
