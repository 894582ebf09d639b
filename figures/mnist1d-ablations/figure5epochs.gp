# Section 2.1: test error during training, label noise 0.15, of three widths that share the wrong labels of a seed, with what
# the notebook printed, where each width drew its own.
# item: Section 2.1; Fig. 5
# needs: descent-width
# ours: descent-width epoch_test_error
# published: descent-width_curves test_error
eval figure(8.5, 6.2)
eval x_axis('epoch', 0, 500); set xtics 100
eval y_axis('test error (%)', 40, 60); set ytics 5
eval title('', 'overfitting, label noise 0.15')
array units_of[3] = ['50', '100', '200']; array colour_for[3] = [blue, green, purple]
do for [k = 1:3] {
    eval curve('descent-width/noise-draw=seed widths='.units_of[k].'/epoch_test_error', units_of[k], colour_for[k], solid)
    eval published('descent-width_curves/'.units_of[k].' units/test_error', colour_for[k])
}
eval note('dotted: published', 0.97, 0.06)
load 'curves.gp'
