# P6: random search beside metalearning, and what the length of training, the objective and noise do to the learned rate.
# item: P6; Section 3
# needs: rate-disturbed
# ours: rate-disturbed learned_rate mean_inner_loss
# pairs: rate-disturbed random_rate random_objective
eval figure(17.4, 6)
cell(steps, objective, noise, rates) = 'rate-disturbed/inner-steps='.steps.' objective='.objective.' gradient-noise='.noise.' random-rates='.rates.'/'
eval panel(0, 3, 0, 1)
log_x = 1
eval x_axis('learning rate', 0.001, 3); set xtics (0.001, 0.01, 0.1, 1); set format x '%g'
eval y_axis('', 1.7, 2.35); set ytics 1.7, 0.2; set format y '%.1f'
eval title('a', 'mean loss of inner steps (nats)')
eval measure('ours.dat', cell('200', 'mean', '0', '50').'mean_inner_loss')
set arrow from graph 0, first last_y to graph 1, first last_y nohead front linewidth 1.2 dashtype dashed linecolor rgb colour_of[vermilion]
eval note('dashed: metalearned', 0.97, 0.94)
eval scatter(cell('200', 'mean', '0', '50').'random_rate random_objective', '', blue)
load 'scatter.gp'
log_x = 0; set format x '%g'
panel_right = 1.9
eval panel(1, 3, 0, 1)
eval x_axis('outer step', 0, 49); set xtics 0, 10
eval y_axis('', 0, 3); set ytics 0, 0.5
eval title('b', 'learned rate: steps, objective')
array steps_of[4] = ['25', '50', '100', '200']
do for [i = 1:4] {
    eval curve(cell(steps_of[i], 'mean', '0', '0').'learned_rate', steps_of[i].' steps', i + 1, solid)
    eval curve(cell(steps_of[i], 'last', '0', '0').'learned_rate', steps_of[i].', last', i + 1, dashed)
}
load 'curves.gp'
eval panel(2, 3, 0, 1)
eval x_axis('outer step', 0, 49)
eval y_axis('', 0.3, 0.8); set ytics 0.3, 0.1
eval title('c', 'learned rate: noise')
eval curve(cell('200', 'mean', '0', '0').'learned_rate', 'no noise', black, solid)
eval curve(cell('200', 'mean', '0.5', '0').'learned_rate', 'sd 0.5', blue, solid)
eval curve(cell('200', 'mean', '1', '0').'learned_rate', 'sd 1', vermilion, dashed)
load 'curves.gp'
