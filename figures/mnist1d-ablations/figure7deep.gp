# Two hidden layers in the activation function: lost as published, with either remedy not.
# item: beyond
# needs: activation-deep-remedy mnist1d/meta-activation-deep
# seeds: activation-deep-remedy test_accuracy_500 outer_objective gradient_squares activation_at_*
# seeds: mnist1d/meta-activation-deep test_accuracy_500 outer_objective gradient_squares activation_at_*
eval figure(17.4, 5.6)
array cell_of[3] = ['mnist1d/meta-activation-deep/default', 'activation-deep-remedy/meta-rate=0.3 gradient-bound=0.3', 'activation-deep-remedy/meta-rate=0.1 gradient-bound=0']
array text_of[3] = ['published', 'norm bounded', 'smaller rate']
array colour_order[3] = [vermilion, blue, green]
panel_right = 1.8
eval panel(0, 3, 0, 1)
eval x_axis('outer step', 0, 150); set xtics 50
eval y_axis('', 45, 75); set ytics 50, 10
eval title('a', 'test accuracy on 500 examples (%)')
do for [i = 1:3] { eval first_seed(cell_of[i].'/test_accuracy_500', text_of[i], colour_order[i], solid) }
load 'curves.gp'
eval panel(1, 3, 0, 1)
eval x_axis('outer step', 0, 150)
eval y_axis('', 0.7, 1.4); set ytics 0.8, 0.2; set format y '%.1f'
eval title('b', 'outer objective (nats)')
do for [i = 1:3] { eval first_seed(cell_of[i].'/outer_objective', text_of[i], colour_order[i], solid) }
load 'curves.gp'
eval panel(2, 3, 0, 1)
eval x_axis('input', -5, 5); set xtics -4, 2
eval y_axis('', -2, 5); set ytics -2, 1; set format y '%.0f'
eval title('c', 'learned, after 60 (dashed) and 120 steps')
do for [i = 1:3] { eval first_seed(cell_of[i].'/activation_at_60', i == 1 ? text_of[i] : '', colour_order[i], dashed) }
do for [i = 2:3] { eval first_seed(cell_of[i].'/activation_at_120', text_of[i], colour_order[i], solid) }
load 'curves.gp'
