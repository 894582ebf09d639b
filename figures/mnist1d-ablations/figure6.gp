# Figure 6: training and test error against dropout, measured with dropout active, as published, and in eval mode.
# item: Fig. 6
# needs: descent-dropout
# ours: descent-dropout test_error train_error active_test_error active_train_error along dropout
# published: descent-dropout test_error train_error
eval figure(17.4, 6.2)
array letter_of[2] = ['a', 'b']; array mode_of[2] = ['active_', '']
array text_of[2] = ['dropout active in the evaluation, as published', 'eval mode']
panel_right = 1.7
do for [k = 1:2] {
    eval panel(k - 1, 2, 0, 1)
    eval x_axis('dropout', -0.02, 0.52); set xtics 0.1
    eval y_axis('error (%)', -2, 60); set ytics 0, 20
    eval title(letter_of[k], text_of[k])
    eval curve('descent-dropout/dropout=*/'.mode_of[k].'test_error', 'test', blue, solid)
    eval curve('descent-dropout/dropout=*/'.mode_of[k].'train_error', 'training', vermilion, dashed)
    if (k == 1) { eval published('descent-dropout/dropout/test_error', blue); eval published('descent-dropout/dropout/train_error', vermilion); eval note('dotted: published', 0.97, 0.05) }
    load 'curves.gp'
}
