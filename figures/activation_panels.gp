# Accuracy on the first 500 test examples over outer steps, with known activation functions as levels (a); the outer
# objective, from the authors' notebook (b); the learned function after every 20 outer steps (c).  Seed 0 is the
# published seed; thin lines are other seeds.
# In: study, figure, legend (what dots and crosses are).
all = results.'/'.study.'.csv'
curves = published.'/meta-activation_curves.csv'

array name_of = ['relu', 'swish', 'elu', 'softplus', 'tanh', 'sigmoid']
array text_of = ['ReLU', 'swish', 'ELU', 'softplus', 'tanh', 'sigmoid']
array colour_of = ['#E69F00', colour_gru, '#C0392B', colour_logistic, colour_cnn, colour_mlp]

ours(metric, test) = sprintf("< awk -F, '$2 == \"default\" && $4 == \"%s\" && $7 != \"diverged\" && %s { if ($3 != seed) print \"\"; seed = $3; print }' \"%s\"", \
    metric, test, all)
level(i) = last_value(ours(name_of[i].'_accuracy_500', '$3 == 0'), 7)
theirs(series, metric) = rows2(curves, series, metric)
do for [metric in 'test_accuracy_500 outer_objective activation_at_0'] { need_rows = ours(metric, '$3 == 0'); @need }
do for [i = 1:6] { need_rows = ours(name_of[i].'_accuracy_500', '$3 == 0'); @need }
# A run that diverges is drawn as far as it is finite.
last_step = int(system(sprintf("awk -F, '$3 == 0 && $4 == \"test_accuracy_500\" { last = $6 } END { print last }' \"%s\"", all)))
finite_step = int(last_value(ours('test_accuracy_500', '$3 == 0'), 6))
lost = finite_step < last_step

# What is plotted of other seeds, when there are any.
thin(metric) = count(ours(metric, '$3 > 0')) == 0 ? '' : \
    "ours('".metric."', '$3 > 0') using 6:7 with lines linewidth 0.5 linecolor rgb '#B0B0B0',"

eval begin(figure, 16)
set multiplot
set lmargin at screen 0.13; set rmargin at screen 0.8

set tmargin at screen 0.965; set bmargin at screen 0.68
set xrange [0:last_step]; set yrange [30:72]; set xtics 0, 100; set ytics 30, 10
n_labels = lost ? 6 : 7
array label_text[7]; array label_y[7]; array label_colour[7]
do for [i = 1:6] { label_text[i] = text_of[i]; label_y[i] = level(i); label_colour[i] = colour_of[i] }
label_text[7] = 'learned'; label_colour[7] = 'black'
if (!lost) { label_y[7] = last_value(ours('mean_accuracy_500', '$3 == 0'), 7) }
end_x = last_step; label_x = end_x * 1.03; label_step = 2.6; label_top = 73
load 'figures/end_labels.gp'
do for [i = 1:6] { set arrow from 0, level(i) to end_x, level(i) nohead back linewidth 1 linecolor rgb colour_of[i] }
set label bold('a').'  test accuracy ('.percent.')' at graph -0.14, 1.06 left
set label legend at graph 0.97, 0.06 right textcolor rgb grey
if (lost) { set label sprintf('learned; lost at step %d', finite_step + 1) at finite_step * 1.06, 54 left }
thin_lines = thin('test_accuracy_500')
plot @thin_lines \
     theirs('recorded', 'test_accuracy_500') using 3:4 every 5 with points pointtype 7 pointsize 0.22 linecolor rgb colour_cnn, \
     theirs('figure', 'test_accuracy_500') using 3:4 with points pointtype 2 pointsize 0.35 linecolor rgb '#A04000', \
     ours('test_accuracy_500', '$3 == 0') using 6:7 with lines linewidth 1.4 linecolor rgb 'black'
unset label; unset arrow

set tmargin at screen 0.62; set bmargin at screen 0.42
set yrange [0.85:1.4]; set ytics 0.9, 0.1; set format y '%.1f'
set xlabel 'outer step' offset 0, 0.4
set label bold('b').'  outer objective (nats)' at graph -0.14, 1.08 left
thin_lines = thin('outer_objective')
plot @thin_lines \
     theirs('recorded', 'outer_objective') using 3:4 every 5 with points pointtype 7 pointsize 0.22 linecolor rgb colour_cnn, \
     ours('outer_objective', '$3 == 0') using 6:7 with lines linewidth 1.4 linecolor rgb 'black'
unset label; unset xlabel

set tmargin at screen 0.30; set bmargin at screen 0.065
set xrange [-5:5]; set xtics -4, 2; set yrange [-1.5:4]; set ytics -1, 1; set format y '%.0f'
set xlabel 'x' offset 0, 0.4
set label bold('c').'  learned function' at graph -0.14, 1.08 left
steps = finite_step / 20
# from pale to dark with the outer step
shade(i) = int(225 - 185.0 * i / (steps > 0 ? steps : 1)) * 65536 + int(235 - 170.0 * i / (steps > 0 ? steps : 1)) * 256 + \
           int(240 - 110.0 * i / (steps > 0 ? steps : 1))
set label sprintf('outer step 0 (pale) to %d (dark)', 20 * steps) at graph 0.04, 0.9 left textcolor rgb grey
plot for [i = 0:steps] ours(sprintf('activation_at_%d', 20 * i), '$3 == 0') using 6:7 with lines \
         linewidth (i == steps ? 2.2 : 1) linecolor rgb shade(i)
unset multiplot
set output
