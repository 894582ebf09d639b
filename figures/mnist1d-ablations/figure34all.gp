# Beyond Figures 34 and 35: 400 and 500 hidden units, for which the published runs had no memory: lost as published, with a
# bound on the norm not.
# item: Fig. 34; beyond
# needs: activation-size activation-larger
# ours: activation-size mean_accuracy piecewise_accuracy relu_accuracy along hidden
# ours: activation-larger mean_accuracy piecewise_accuracy relu_accuracy along hidden
# seeds: activation-size outer_objective
# seeds: activation-larger outer_objective
eval figure(17.4, 6)
panel_right = 1.8
eval panel(0, 2, 0, 1)
eval x_axis('outer step', 0, 300); set xtics 100
eval y_axis('', 0.4, 1.8); set ytics 0.4, 0.2; set format y '%.1f'
eval title('a', 'outer objective (nats)')
eval note('dashed: as published; solid: norm bounded', 0.97, 0.06)
eval first_seed('activation-size/hidden=200/outer_objective', '200 units', black, solid)
array colour_order[2] = [blue, vermilion]
do for [i = 1:2] {
    cell = 'activation-larger/hidden='.(i == 1 ? '400' : '500').' gradient-bound='
    eval first_seed(cell.'0/outer_objective', '', colour_order[i], dashed)
    eval first_seed(cell.'0.3/outer_objective', i == 1 ? '400 units' : '500 units', colour_order[i], solid)
}
load 'curves.gp'
eval panel(1, 2, 0, 1)
eval x_axis('hidden units', 40, 510); set xtics 100, 100
eval y_axis('', 40, 75); set ytics 40, 10; set format y '%.0f'
eval title('b', 'test accuracy on 2000 examples (%)')
array metric_of[3] = ['mean_accuracy', 'piecewise_accuracy', 'relu_accuracy']
array text_of[3] = ['learned', 'pieces', 'ReLU']
array kind_of[3] = [black, vermilion, orange]
do for [i = 1:3] {
    eval curve('activation-size/hidden=*/'.metric_of[i], '', kind_of[i], solid)
    eval curve('activation-larger/hidden=* gradient-bound=0.3/'.metric_of[i], text_of[i], kind_of[i], dashed)
}
load 'curves.gp'
