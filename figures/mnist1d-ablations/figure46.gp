# Figure 46: test loss and accuracy of the search at three learning rates, on the second data set as published.
# item: Fig. 46
# needs: lottery-rate
# ours: lottery-rate lottery_test_loss random_test_loss lottery_test_accuracy random_test_accuracy
# published: lottery-rate_curves test_loss test_accuracy
eval figure(17.4, 10)
ours_x(x) = 100.0 * x / 99
array metric_of[2] = ['test_loss', 'test_accuracy']; array rate_of[3] = ['0.01', '0.02', '0.05']; array colour_for[3] = [green, blue, purple]
array network_of[2] = ['lottery', 'random']; array text_of[2] = ['tickets', 'random masks']
do for [m = 1:2] { do for [w = 1:2] {
    band = 'error'; marks = 8
    eval panel(w - 1, 2, m - 1, 2)
    log_y = m == 1
    eval x_axis('weights left out (%)', 0, 100); set xtics 20
    if (m == 1) { eval y_axis('test loss (nats)', 1, 6); set ytics (1, 2, 3, 4, 5, 6) } else { eval y_axis('test accuracy (%)', 50, 76); set ytics 5 }
    eval title(substr('abcd', 2 * m + w - 2, 2 * m + w - 2), text_of[w])
    do for [r = 1:3] {
        eval curve('lottery-rate/learning-rate='.rate_of[r].' data-seed=43/'.network_of[w].'_'.metric_of[m], rate_of[r], colour_for[r], solid)
        eval published('lottery-rate_curves/'.network_of[w].' '.rate_of[r].'/'.metric_of[m], colour_for[r])
    }
    eval note('dotted: published', 0.97, 0.95)
    legend = m == 1 ? 'graph 0.02, 0.02 bottom left' : 'graph 0.02, 0.03 bottom left'
    load 'curves.gp'
} }
log_y = 0
