# Dead ReLU units and accuracy of tickets, against the share of weights left out: learning rates, leaky relu, warm-up.
# item: not published
# needs: lottery-dead-units
# ours: lottery-dead-units lottery_silent_units lottery_test_accuracy
eval figure(17.4, 7)
ours_x(x) = 100.0 * x / 33
array letter_of[2] = ['a', 'b']; array metric_of[2] = ['silent_units', 'test_accuracy']; array text_of[2] = ['units of the second layer that are never on', 'test accuracy']
array cell_of[6] = ['learning-rate=0.001 warm-up=0 activation=relu', 'learning-rate=0.002 warm-up=0 activation=relu', 'learning-rate=0.005 warm-up=0 activation=relu', 'learning-rate=0.02 warm-up=0 activation=relu', 'learning-rate=0.02 warm-up=1000 activation=relu', 'learning-rate=0.02 warm-up=0 activation=leaky']
array name_of[6] = ['0.001', '0.002', '0.005', '0.02', 'warm-up', 'leaky']
panel_right = 1.7
array colour_for[6] = [green, purple, orange, blue, black, vermilion]
do for [k = 1:2] {
    band = 'error'; marks = 6
    eval panel(k - 1, 2, 0, 1)
    eval x_axis('weights left out (%)', 0, 100); set xtics 20
    if (k == 1) { eval y_axis('units (%)', 0, 102); set ytics 20 } else { eval y_axis('test accuracy (%)', 55, 76); set ytics 5 }
    eval title(letter_of[k], text_of[k])
    do for [c = 1:6] { eval curve('lottery-dead-units/'.cell_of[c].'/lottery_'.metric_of[k], k == 1 ? '' : name_of[c], colour_for[c], solid) }
    if (k == 2) { legend = 'graph 1.03, 0.98 top left' }
    load 'curves.gp'
}
