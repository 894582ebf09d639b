# Panels of Figure 9, one for each size of the training set.
array pooling_of[5] = ['none', 'stride', 'max', 'average', 'l2']
array pooling_text[5] = ['no pooling', 'stride 2', 'max', 'average', 'l2']
array pooling_colour[5] = [black, purple, vermilion, green, blue]
array pooling_dash[5] = [solid, dashed, solid, solid, solid]
marks = 12
do for [p = 1:columns * rows] {
    eval panel((p - 1) % columns, columns, (p - 1) / columns, rows)
    eval x_axis('training step', 0, 6000); set xtics 2000
    eval y_axis((p - 1) % columns == 0 ? 'test accuracy (%)' : '', low[p], high[p]); set ytics tics[p]
    eval title(letter_of[p], sprintf('%d training examples', size_of[p]))
    do for [m = 1:5] {
        eval curve(sprintf('pooling/pooling=%s train-examples=%d/smoothed_test_accuracy', pooling_of[m], size_of[p]), \
                   p == 1 ? pooling_text[m] : '', pooling_colour[m], pooling_dash[m])
        eval published(sprintf('pooling_curves/%s %d/smoothed_test_accuracy', pooling_of[m], size_of[p]), pooling_colour[m])
    }
    if (p == 1) { eval note('dotted: published run', 0.97, 0.725); legend = 'graph 1, 0.02 bottom right' } else { legend = '' }
    load 'curves.gp'
}
