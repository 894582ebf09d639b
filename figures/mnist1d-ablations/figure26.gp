# Figures 26 and 27: the learned function's accuracy and objective for seven decays, 0.4 among them, on their own axis: outer
# steps 101 to 300, which the published axis of the objective calls 0 to 199.
# item: Fig. 26; Fig. 27
# needs: activation-mu
# seeds: activation-mu test_accuracy_500 outer_objective
# published: activation_curves test_accuracy_500 outer_objective
array value_of[7] = ['0.3', '0.4', '0.5', '0.6', '0.7', '0.9', '1']
array colour_order[7] = [blue, black, vermilion, green, purple, orange, red]
eval figure(17.4, 7)
seed_width = 1.6; panel_right = 1.4
eval panel(0, 2, 0, 1)
eval x_axis('outer step', 0, 300); set xtics 100
eval y_axis('', 20, 74); set ytics 20, 10
eval title('a', 'test accuracy on 500 examples (%)')
do for [i = 1:7] {
    eval first_seed('activation-mu/decay='.value_of[i].'/test_accuracy_500', 'mu = '.value_of[i], colour_order[i], i == 2 ? dashed : solid)
    eval published_points('activation_curves/mu='.value_of[i].'/test_accuracy_500', colour_order[i], 12, dot)
}
eval note('dots: published', 0.97, 0.06)
load 'curves.gp'
eval panel(1, 2, 0, 1)
eval x_axis('outer step', 100, 300); set xtics 100, 50
eval y_axis('', 0.8, 1.8); set ytics 0.8, 0.2; set format y '%.1f'
eval title('b', 'outer objective (nats)')
do for [i = 1:7] {
    eval first_seed('activation-mu/decay='.value_of[i].'/outer_objective', 'mu = '.value_of[i], colour_order[i], i == 2 ? dashed : solid)
    eval published_points('activation_curves/mu='.value_of[i].'/outer_objective', colour_order[i], 8, dot)
}
load 'curves.gp'
