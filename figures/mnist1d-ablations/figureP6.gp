# P6: random search beside metalearning, and what the length of training, the objective and noise do to the learned rate.
# item: P6; Section 3
# needs: rate-disturbed
# ours: rate-disturbed learned_rate mean_inner_loss
# seeds: rate-disturbed learned_rate
# pairs: rate-disturbed random_rate random_objective
eval figure(17.4, 6)
cell(steps, objective, noise, rates) = 'rate-disturbed/inner-steps='.steps.' objective='.objective.' gradient-noise='.noise.' random-rates='.rates.'/'
panel_right = 0.5
eval panel(0, 4, 0, 1)
log_x = 1
eval x_axis('learning rate', 0.001, 3); set xtics (0.001, 0.03, 1); set format x '%g'
eval y_axis('', 1.7, 2.35); set ytics 1.7, 0.2; set format y '%.1f'
eval title('a', 'mean loss (nats)')
eval measure('ours.dat', cell('200', 'mean', '0', '50').'mean_inner_loss')
set arrow from graph 0, first last_y to graph 1, first last_y nohead front linewidth 1.2 dashtype dashed linecolor rgb colour_of[vermilion]
eval scatter(cell('200', 'mean', '0', '50').'random_rate random_objective', '', blue)
load 'scatter.gp'
log_x = 0; set format x '%g'
panel_right = 1.5
array steps_of[4] = ['25', '50', '100', '200']
do for [p = 1:2] {
    eval panel(p, 4, 0, 1)
    eval x_axis('outer step', 0, 49); set xtics 0, 20
    eval y_axis('', 0.2, 1.3); set ytics 0.2, 0.2
    eval title(substr('bc', p, p), p == 1 ? 'rate: mean loss' : 'rate: last loss')
    do for [i = 1:4] { eval curve(cell(steps_of[i], p == 1 ? 'mean' : 'last', '0', '0').'learned_rate', steps_of[i].' steps', i + 1, solid) }
    load 'curves.gp'
}
eval panel(3, 4, 0, 1)
eval x_axis('outer step', 0, 49)
eval y_axis('', 0, 1); set ytics 0, 0.2
eval title('d', 'rate: noise')
seed_width = 0.8
eval first_seed(cell('200', 'mean', '1', '0').'learned_rate', 'sd 1', vermilion, solid)
eval first_seed(cell('200', 'mean', '0', '0').'learned_rate', 'none', black, dashed)
load 'curves.gp'
