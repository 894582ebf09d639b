# Figures 1b and 1c: epochs until the training set is fitted, and test accuracy, against the share of random labels.
# item: Fig. 1b; Fig. 1c
# needs: corruption
# ours: corruption train_epochs_to_fit final_test_accuracy along label-corruption
# published: corruption train_epochs_to_fit final_test_accuracy
eval figure(17.4, 6.5)
array network[4] = ['inception', 'alexnet', 'mlp-1x512', 'wrn-10-1']
array text[4] = ['Inception', 'AlexNet', 'MLP 1x512', 'residual']
array shade[4] = [blue, vermilion, green, purple]
array rest[4] = ['epochs=100 learning-rate=0.1 record-every=1', 'epochs=150 learning-rate=0.01 record-every=10', \
                 'epochs=300 learning-rate=0.05 record-every=10', 'epochs=100 learning-rate=0.1 record-every=1']
array metric[2] = ['train_epochs_to_fit', 'final_test_accuracy']
do for [m = 1:2] {
    panel_right = m == 1 ? 2.0 : 0.35
    eval panel(m - 1, 2, 0, 1)
    eval x_axis('share of labels drawn at random', 0, 1); set xtics 0.2
    if (m == 1) { eval y_axis('epochs to fit', 0, 150); set ytics 50 } else { eval y_axis('test accuracy (%)', 0, 100); set ytics 20 }
    eval title(m == 1 ? 'b' : 'c', m == 1 ? 'until the training loss is 0.05' : 'on clean labels')
    do for [i = 1:4] {
        eval curve('corruption/network='.network[i].' label-corruption=* '.rest[i].'/'.metric[m], m == 1 ? text[i] : '', shade[i], solid)
        if (i < 4) { eval published('corruption/'.text[i].'/'.metric[m], shade[i]) }
    }
    if (m == 2) { eval note('dotted: published, CIFAR-10', 0.97, 0.95) }
    load 'curves.gp'
}
