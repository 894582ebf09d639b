# Figure 39: retraining on the second data set and on shuffled signals.
# item: Fig. 39; P3
# needs: lottery-tickets
# ours: lottery-tickets original_*_accuracy shuffled_*_accuracy
# published: lottery-tickets test_accuracy
eval figure(17.4, 6.2)
array data_of[2] = ['original', 'shuffled']; array text_of[2] = ['Fig. 39: second data set', 'Fig. 39: shuffled']
panel_right = 2.1
do for [k = 1:2] {
    eval panel(k - 1, 2, 0, 1)
    eval x_axis('training step', 0, 6000); set xtics 2000
    eval y_axis('test accuracy (%)', 50, 76); set ytics 5
    eval title('', text_of[k])
    data = data_of[k]; base = 'original'
    load 'retrained.gp'
}
