# Figures 1b and 1c on 5000 images of CIFAR-10: a small Inception and the small AlexNet.
# item: Fig. 1b; Fig. 1c
# needs: cifar-corruption-inception cifar-corruption-alexnet
# ours: cifar-corruption-inception train_epochs_to_fit final_test_accuracy along label-corruption
# ours: cifar-corruption-alexnet train_epochs_to_fit final_test_accuracy along label-corruption
# published: corruption train_epochs_to_fit final_test_accuracy
band = 'error'
eval figure(17.4, 6.5)
array network[2] = ['inception', 'alexnet']
array text[2] = ['Inception', 'AlexNet']
array shade[2] = [blue, vermilion]
array metric[2] = ['train_epochs_to_fit', 'final_test_accuracy']
do for [m = 1:2] {
    panel_right = m == 1 ? 2.0 : 0.35
    eval panel(m - 1, 2, 0, 1)
    eval x_axis('share of labels drawn at random', 0, 1); set xtics 0.2
    if (m == 1) { eval y_axis('epochs to fit', 0, 100); set ytics 20 } else { eval y_axis('test accuracy (%)', 0, 100); set ytics 20 }
    eval title(m == 1 ? 'b' : 'c', m == 1 ? 'until the training loss is 0.05' : 'on clean labels')
    do for [i = 1:2] {
        eval curve('cifar-corruption-'.network[i].'/label-corruption=*/'.metric[m], m == 1 ? text[i] : '', shade[i], solid)
        eval published('corruption/'.text[i].'/'.metric[m], shade[i])
    }
    if (m == 2) { eval note('dotted: published, all of CIFAR-10', 0.97, 0.95) }
    load 'curves.gp'
}
