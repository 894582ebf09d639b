# Three panels: accuracy over outer steps on the first 500 test examples, with known functions as levels; the outer objective
# (in the authors' notebook only); the learned function after every 20 outer steps.  Seed 0 is the published one; a run that
# diverges is drawn as far as it is finite.
array name_of[6] = ['relu', 'swish', 'elu', 'softplus', 'tanh', 'sigmoid']
array text_of[6] = ['ReLU', 'swish', 'ELU', 'softplus', 'tanh', 'sigmoid']
array known_colour[6] = [orange, vermilion, red, purple, blue, green]
ours(metric) = experiment.'/default/'.metric
theirs(run, metric) = 'meta-activation_curves/'.run.'/'.metric

eval figure(17.4, 6)
eval panel(0, 3, 0, 1); eval area(0, 0.39, 0, 1, 1.1, 1.5, 1.1, 0.6)
eval x_axis('outer step', 0, 300); set xtics 100
eval y_axis('', 30, 72); set ytics 10
eval title('a', 'test accuracy (%)')
eval note(dots_text, 0.97, 0.27); eval note(crosses_text, 0.97, 0.18)
eval measure('seeds.dat', ours('test_accuracy_500'))
lost = last_x < 300
finite_step = int(last_x)
if (lost) { eval name_at(sprintf('learned; lost at step %d', finite_step + 1), 165, 55, black) }
eval first_seed(ours('test_accuracy_500'), lost ? '' : 'learned', black, solid)
do for [i = 1:6] {
    eval measure('seeds.dat', ours(name_of[i].'_accuracy_500'))
    eval level(last_y, text_of[i], known_colour[i], solid)
}
eval published_points(theirs('recorded', 'test_accuracy_500'), blue, 5, dot)
eval published_points(theirs('figure', 'test_accuracy_500'), vermilion, 1, cross)
load 'curves.gp'

eval area(0.39, 0.69, 0, 1, 1.0, 0.3, 1.1, 0.6)
eval x_axis('outer step', 0, 300)
eval y_axis('', 0.85, 1.4); set ytics 0.9, 0.1; set format y '%.1f'
eval title('b', 'outer objective (nats)')
eval first_seed(ours('outer_objective'), '', black, solid)
eval published_points(theirs('recorded', 'outer_objective'), blue, 5, dot)
load 'curves.gp'

eval area(0.69, 1, 0, 1, 1.0, 0.2, 1.1, 0.6)
eval x_axis('input', -5, 5); set xtics -4, 2
eval y_axis('', -1.5, 4); set ytics -1, 1; set format y '%.0f'
eval title('c', 'learned function')
steps = finite_step / 20
eval note(sprintf('step 0 (pale) to %d (dark)', 20 * steps), 0.04, 0.93)
shade(i) = int(225 - 185.0 * i / steps) * 65536 + int(235 - 170.0 * i / steps) * 256 + int(240 - 110.0 * i / steps)
plot for [i = 0:steps] 'seeds.dat' index ours(sprintf('activation_at_%d |', 20 * i)) every :::0::0 using 1:2 with lines \
         linewidth (i == steps ? 2.2 : 1) linecolor rgb shade(i)
