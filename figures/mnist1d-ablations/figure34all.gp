# Beyond Figures 34 and 35: the learned function, the six fixed pieces and ReLU up to 500 hidden units, for which the published
# runs had no memory.
# item: Fig. 34; beyond
# needs: activation-size activation-larger
# ours: activation-size mean_accuracy piecewise_accuracy relu_accuracy along hidden
# ours: activation-larger mean_accuracy piecewise_accuracy relu_accuracy along hidden
eval figure(8.5, 6)
eval x_axis('hidden units', 40, 510); set xtics 100, 100
eval y_axis('', 50, 80); set ytics 50, 10
eval title('', 'test accuracy on 2000 examples (%)')
array metric_of[3] = ['mean_accuracy', 'piecewise_accuracy', 'relu_accuracy']
array text_of[3] = ['learned', 'pieces', 'ReLU']
array colour_order[3] = [black, vermilion, orange]
do for [i = 1:3] {
    eval curve('activation-size/hidden=*/'.metric_of[i], '', colour_order[i], solid)
    eval curve('activation-larger/hidden=*/'.metric_of[i], text_of[i], colour_order[i], dashed)
}
load 'curves.gp'
