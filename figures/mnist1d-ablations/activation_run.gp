# One run of the learned activation function: accuracy over outer steps on the first 500 test examples, with known functions
# as levels; the outer objective; the function after every 60 outer steps; the last of these beside the six pieces that the
# published notebooks call its approximation.  Seed 0 is the published one.  A script says first:
#     cell      "activation-mu/decay=0.3"
#     series    of the published curves, "mu=0.3"
#     what      stands before the first panel's name, "mu = 0.3"
array name_of[6] = ['relu', 'swish', 'elu', 'softplus', 'tanh', 'sigmoid']
array text_of[6] = ['ReLU', 'swish', 'ELU', 'softplus', 'tanh', 'sigmoid']
array known_colour[6] = [orange, vermilion, red, purple, blue, green]
ours(metric) = cell.'/'.metric
if (!exists('accuracy_low')) { accuracy_low = 30; accuracy_high = 72; objective_low = 0.7; objective_high = 1.4 }
if (!exists('objective_tics')) { objective_tics = 0.2 }
if (!exists('function_low')) { function_low = -2; function_high = 5; function_tics = 1 }

eval figure(17.4, 4.9)
eval panel(0, 4, 0, 1); eval area(0, 0.34, 0, 1, 1.0, 1.5, 1.0, 0.6)
eval x_axis('outer step', 0, 300); set xtics 100
eval y_axis('', accuracy_low, accuracy_high); set ytics 10
eval title('a', what.': test accuracy (%)')
eval first_seed(ours('test_accuracy_500'), 'learned', black, solid)
do for [i = 1:6] {
    eval measure('seeds.dat', ours(name_of[i].'_accuracy_500'))
    eval level(last_y, text_of[i], known_colour[i], solid)
}
eval published_points('activation_curves/'.series.'/test_accuracy_500', blue, 5, dot)
load 'curves.gp'

eval area(0.34, 0.56, 0, 1, 1.0, 0.3, 1.0, 0.6)
eval x_axis('outer step', 0, 300)
eval y_axis('', objective_low, objective_high); set ytics objective_tics; set format y '%.1f'
eval title('b', 'outer objective')
eval note('dots: published', 0.97, 0.94)
eval first_seed(ours('outer_objective'), '', black, solid)
eval published_points('activation_curves/'.series.'/outer_objective', blue, 5, dot)
load 'curves.gp'

eval area(0.56, 0.78, 0, 1, 0.9, 0.2, 1.0, 0.6)
eval x_axis('input', -5, 5); set xtics -4, 2
eval y_axis('', function_low, function_high); set ytics function_low, function_tics; set format y '%.0f'
eval title('c', 'learned function')
shade(i) = int(225 - 185.0 * i / 5) * 65536 + int(235 - 170.0 * i / 5) * 256 + int(240 - 110.0 * i / 5)
plot for [i = 0:5] 'seeds.dat' index ours(sprintf('activation_at_%d |', 60 * i)) every :::0::0 using 1:2 with lines \
         linewidth (i == 5 ? 2.2 : 1) linecolor rgb shade(i)
unset label

eval area(0.78, 1, 0, 1, 0.9, 0.2, 1.0, 0.6)
eval title('d', 'and six fixed pieces')
pieces(x) = x < -2 ? 0.15 * x + 0.9 : x < -1 ? -0.25 * x + 0.1 : x < -0.25 ? -1.2 * x - 0.85 : x < 0.1 ? -0.5 * x - 0.75 : \
            x < 0.6 ? 0.2 * x - 0.85 : 1.2 * x - 1.4
set samples 600
if (series ne 'mu=0.4') { eval measure('published.dat', 'activation_functions/'.series.'/activation_at_300') }
plot 'seeds.dat' index ours('activation_at_300 |') every :::0::0 using 1:2 with lines linewidth 2.2 linecolor rgb colour_of[black], \
     pieces(x) with lines linewidth 1.4 linecolor rgb colour_of[vermilion], \
     'published.dat' index 'activation_functions/'.series.'/activation_at_300 |' every 4 using (series eq 'mu=0.4' ? NaN : $1):2 with points \
         pointtype dot pointsize 0.22 linecolor rgb colour_of[blue]
