# Figure 2a: accuracy on the test and the training set with and without explicit regularisers, in a wider network.
# item: Fig. 2a; Table 2
# needs: early-stopping
# ours: early-stopping test_accuracy train_accuracy
eval figure(17.4, 6.5)
array cell[4] = ['weight-decay=0.0005 dropout=0.5 augmentation=all', 'weight-decay=0 dropout=0 augmentation=all', \
                 'weight-decay=0.0005 dropout=0 augmentation=none', 'weight-decay=0 dropout=0 augmentation=none']
array text[4] = ['all three', 'augmentation', 'weight decay', 'none']
array shade[4] = [blue, green, orange, vermilion]
do for [m = 1:2] {
    eval panel(m - 1, 2, 0, 1)
    eval x_axis('epoch', 1, 60); set xtics 10
    eval y_axis(m == 1 ? 'accuracy (%)' : '', m == 1 ? 80 : 80, 100); set ytics 5
    eval title(m == 1 ? 'a' : '', m == 1 ? 'test' : 'training, as the epoch went')
    do for [i = 1:4] {
        eval curve('early-stopping/label-corruption=0 '.cell[i].'/'.(m == 1 ? 'test' : 'train').'_accuracy', m == 2 ? text[i] : '', shade[i], solid)
    }
    legend = m == 2 ? 'graph 1, 0.02 bottom right' : ''
    load 'curves.gp'
}
