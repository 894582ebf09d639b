# Proposal P9: test accuracy with max pooling, striding and neither, against the size of the training set.
# item: P9
# needs: pooling-striding
# ours: pooling-striding final_common_accuracy along train-examples
# published: pooling-striding final_test_accuracy
eval figure(8.5, 6.2)
log_x = 1
eval x_axis('training examples', 1000, 50000); set xtics (1000, 5000, 20000, 50000)
eval y_axis('test accuracy (%)', 50, 100); set ytics 10
array pooling_of[3] = ['none', 'stride', 'max']
array pooling_text[3] = ['no pooling', 'stride 2', 'max']
array pooling_colour[3] = [black, purple, vermilion]
do for [m = 1:3] {
    eval curve('pooling-striding/pooling='.pooling_of[m].' train-examples=*/final_common_accuracy', pooling_text[m], pooling_colour[m], m == 2 ? dashed : solid)
    eval published('pooling-striding/'.pooling_of[m].'/final_test_accuracy', pooling_colour[m])
}
legend = 'graph 1, 0.02 bottom right'
eval note('dotted: published run', 0.97, 0.36)
load 'curves.gp'
