# Figure 40: retraining on shuffled signals and on flipped ones, whose published panel is a copy of the first; dotted in the
# second is what the notebook printed of flipped signals.
# item: Fig. 40; P3
# needs: lottery-tickets
# ours: lottery-tickets original_*_accuracy shuffled_*_accuracy flipped_*_accuracy
# published: lottery-tickets test_accuracy
eval figure(17.4, 6.2)
array data_of[2] = ['shuffled', 'flipped']; array text_of[2] = ['Fig. 40: shuffled', 'Fig. 40: flipped, as corrected']
panel_right = 2.1
do for [k = 1:2] {
    eval panel(k - 1, 2, 0, 1)
    eval x_axis('training step', 0, 6000); set xtics 2000
    eval y_axis('test accuracy (%)', 50, 76); set ytics 5
    eval title('', text_of[k])
    data = data_of[k]; base = 'original'
    load 'retrained.gp'
}
