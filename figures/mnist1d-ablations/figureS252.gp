# Section 2.5.2: linear accuracy of every layer after self-supervised learning with three projection heads, and neighbours in the
# outputs during training.
# item: Section 2.5.1; Section 2.5.2
# needs: ssl-layers
# ours: ssl-layers layer_linear_accuracy knn_accuracy
# published: ssl-layers layer_linear_accuracy knn_accuracy
eval figure(17.4, 6.5)
array head_of[3] = ['2', '0', '4']
array head_text[3] = ['default head', 'no head', 'deep head']
array head_name[3] = ['default', 'none', 'deep']
array head_colour[3] = [black, vermilion, blue]
eval panel(0, 2, 0, 1); eval area(0, 0.5, 0, 1, 1.15, 2.2, 1.1, 0.6)
eval x_axis('layer', -0.2, 7.2); set xtics 0, 1, 7
eval y_axis('', 25, 92); set ytics 30, 10
eval title('a', 'linear accuracy of each layer (%)')
do for [h = 1:3] {
    eval curve('ssl-layers/head-layers='.head_of[h].'/layer_linear_accuracy', head_text[h], head_colour[h], solid)
    eval published('ssl-layers/'.head_name[h].' student/layer_linear_accuracy', head_colour[h])
    eval published_points('ssl-layers/'.head_name[h].' authors/layer_linear_accuracy', head_colour[h], 1, cross)
}
eval note('dotted: the report', 0.97, 0.14)
eval note('crosses: authors of MNIST-1D', 0.97, 0.06)
load 'curves.gp'
marks = 5
eval panel(1, 2, 0, 1); eval area(0.5, 1, 0, 1, 1.15, 2.2, 1.1, 0.6)
eval x_axis('epoch', 0, 200); set xtics 50
eval y_axis('', 15, 92); set ytics 20, 20
eval title('b', 'neighbours in the outputs (%)')
do for [h = 1:3] {
    eval curve('ssl-layers/head-layers='.head_of[h].'/knn_accuracy', head_text[h], head_colour[h], solid)
    eval published('ssl-layers/'.head_name[h].' student/knn_accuracy', head_colour[h])
}
load 'curves.gp'
