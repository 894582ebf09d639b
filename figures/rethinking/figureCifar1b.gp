# Figures 1b and 1c on CIFAR-10: epochs until an MLP fits the training set, and test accuracy, against the share of random labels.
# item: Fig. 1b; Fig. 1c
# needs: cifar-corruption-mlp
# ours: cifar-corruption-mlp train_epochs_to_fit final_test_accuracy along label-corruption
# published: corruption train_epochs_to_fit final_test_accuracy
band = 'error'
eval figure(17.4, 6.5)
array metric[2] = ['train_epochs_to_fit', 'final_test_accuracy']
do for [m = 1:2] {
    eval panel(m - 1, 2, 0, 1)
    eval x_axis('share of labels drawn at random', 0, 1); set xtics 0.2
    if (m == 1) { eval y_axis('epochs to fit', 0, 80); set ytics 20 } else { eval y_axis('test accuracy (%)', 0, 60); set ytics 20 }
    eval title(m == 1 ? 'b' : 'c', m == 1 ? 'until the training loss is 0.05' : 'on clean labels')
    eval curve('cifar-corruption-mlp/label-corruption=*/'.metric[m], '', green, solid)
    eval published('corruption/MLP 1x512/'.metric[m], green)
    if (m == 1) { eval note('dotted: published', 0.97, 0.1) }
    load 'curves.gp'
}
