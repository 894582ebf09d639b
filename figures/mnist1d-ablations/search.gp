# Loss and accuracy of a search, in two panels; the dense network is the first round of the linear schedule.  In: experiment,
# curves_file, with_dense, x_from, accuracy_from.  Bands are the standard error over trials, with n - 1.
array metric_of[2] = ['test_loss', 'test_accuracy']
array letter_of[2] = ['a', 'b']; array text_of[2] = ['test loss', 'test accuracy']
do for [k = 1:2] {
    band = 'error'; marks = 8
    eval panel(k - 1, 2, 0, 1)
    log_y = k == 1
    eval x_axis('weights left out (%)', x_from, 100); set xtics 20
    if (k == 1) { eval y_axis('test loss (nats)', 1, 5); set ytics (1, 2, 3, 4, 5) } else { eval y_axis('test accuracy (%)', accuracy_from, 76); set ytics auto }
    eval title(letter_of[k], text_of[k])
    key = experiment.'/default/lottery_'.metric_of[k]
    if (with_dense) { eval measure('ours.dat', key); eval level(first_y, '', black, dashed) }
    eval curve(key, 'ticket', blue, solid)
    eval curve(experiment.'/default/random_'.metric_of[k], 'random', vermilion, solid)
    eval published(curves_file.'/lottery/'.metric_of[k], blue)
    eval published(curves_file.'/random/'.metric_of[k], vermilion)
    eval note('dotted: published'.(with_dense ? '; dashed: dense' : ''), k == 1 ? 0.97 : 0.88, k == 1 ? 0.95 : 0.06)
    legend = k == 1 ? 'graph 0.02, 0.02 bottom left' : with_dense ? 'graph 0.02, 0.98 top left' : 'graph 0.02, 0.1 bottom left'
    load 'curves.gp'
}
log_y = 0
