# Figures 34 and 35: the learned function's accuracy and objective for four widths, on their own axis, like Figure 27.
# item: Fig. 34; Fig. 35
# needs: activation-size
# seeds: activation-size test_accuracy_500 outer_objective
# published: activation_curves test_accuracy_500 outer_objective
array value_of[4] = ['50', '100', '128', '200']
array series_of[4] = ['hidden=50', 'hidden=100', 'mu=0.4', 'hidden=200']
array colour_order[4] = [blue, vermilion, black, green]
eval figure(17.4, 6.5)
seed_width = 1.6; panel_right = 1.4
eval panel(0, 2, 0, 1)
eval x_axis('outer step', 0, 300); set xtics 100
eval y_axis('', 45, 74); set ytics 50, 10
eval title('a', 'test accuracy on 500 examples (%)')
do for [i = 1:4] {
    eval first_seed('activation-size/hidden='.value_of[i].'/test_accuracy_500', value_of[i].' units', colour_order[i], i == 3 ? dashed : solid)
    eval published_points('activation_curves/'.series_of[i].'/test_accuracy_500', colour_order[i], 12, dot)
}
eval note('dots: published', 0.97, 0.06)
load 'curves.gp'
eval panel(1, 2, 0, 1)
eval x_axis('outer step', 100, 300); set xtics 100, 50
eval y_axis('', 0.7, 1.2); set ytics 0.7, 0.1; set format y '%.1f'
eval title('b', 'outer objective (nats)')
do for [i = 1:4] {
    eval first_seed('activation-size/hidden='.value_of[i].'/outer_objective', value_of[i].' units', colour_order[i], i == 3 ? dashed : solid)
    eval published_points('activation_curves/'.series_of[i].'/outer_objective', colour_order[i], 8, dot)
}
load 'curves.gp'
