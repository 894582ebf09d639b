# Speed, from every file of bench/machines (machines_data.awk): how many times as fast as others, and how times grow.  A colour
# and a marker belong to each machine.
# item: Speed
load 'machines_names.gp'
eval figure(17.4, 11.5)
colour_at(m) = colour_of[(m - 1) % 7 + 1]
marker_at(m) = marker_of[(m - 1) % 7 + 1] - (m > 7 ? 1 : 0)
block(m, what) = machine_of[m].'/'.what.' |'
set multiplot; in_multiplot = 1

eval area(0, 0.62, 0.47, 1, 3.6, 0.3, 1.1, 0.6)
log_x = 1; log_y = 0
least = 0.25; most = 100
do for [m = 1:n_machines] { do for [k = 1:7] {
    stats 'machines.dat' index block(m, sprintf('ratio %d', k)) using 2 nooutput
    if (STATS_records > 0 && STATS_min < least) { least = STATS_min / 1.1 }
    if (STATS_records > 0 && STATS_max > most) { most = STATS_max * 1.1 }
} }
eval x_axis('times as fast', least, most)
set xtics ('0.1' 0.1, '0.25' 0.25, '0.5' 0.5, '1' 1, '2' 2, '4' 4, '10' 10, '20' 20, '50' 50, '100' 100)
eval y_axis('', 7.6, 0.4)
set ytics ('products of layers' 1, 'square products' 2, 'convolutions' 3, 'exp, log, tanh' 4, 'steps beside PyTorch' 5, \
           'all cores beside one' 6, 'beside -Ofast' 7)
eval title('a', 'beside the fastest other')
set arrow from 1, graph 0 to 1, graph 1 nohead back linewidth 0.8 linecolor rgb grey
shift(m) = n_machines > 1 ? 0.6 * (m - 0.5 * (n_machines + 1)) / n_machines : 0
plot for [m = 1:n_machines] for [k = 1:7] 'machines.dat' index block(m, sprintf('ratio %d', k)) using 2:($1 + shift(m) - 0.12 + 0.24 * ($0 * 0.618 - int($0 * 0.618))) \
         with points pointtype 7 pointsize 0.25 linecolor rgb pale_of[(m - 1) % 7 + 1] notitle, \
     for [m = 1:n_machines] for [k = 1:7] 'machines.dat' index block(m, sprintf('mean %d', k)) using 2:($1 + shift(m)) \
         with points pointtype marker_at(m) pointsize 0.9 linecolor rgb colour_at(m) notitle
unset arrow; unset label

eval area(0.62, 1, 0.47, 1, 1.3, 0.35, 1.1, 0.6)
log_x = 1
eval x_axis('side of the matrices', 14, 2400)
set xtics (16, 64, 256, 1024)
log_y = 0
eval y_axis('', 0, 110); set ytics 20
eval title('b', 'square products (% of peak)')
set key at graph 0.3, 0.03 bottom left Left reverse samplen 1.8 spacing 0.9
plot for [m = 1:n_machines] 'machines.dat' index block(m, 'square forward') using 1:3:4 with filledcurves \
         fillstyle transparent solid 0.2 noborder linecolor rgb colour_at(m) notitle, \
     for [m = 1:n_machines] 'machines.dat' index block(m, 'square forward') using 1:2 with linespoints \
         pointtype marker_at(m) pointsize 0.45 linewidth 1.4 linecolor rgb colour_at(m) title machine_of[m]
unset key; unset label

most = 2
do for [m = 1:n_machines] {
    stats 'machines.dat' index block(m, 'study') using 1 nooutput
    if (STATS_records > 0 && STATS_max > most) { most = STATS_max }
}
eval area(0, 0.25, 0, 0.47, 1.15, 0.25, 1.1, 0.6)
eval x_axis('threads', 0.93, most * 1.07); set xtics autofreq; set xtics (1, 2, 4, 8, 16, 32, 64, 128, 256)
log_y = 1
eval y_axis('', 0.93, most * 1.07); set ytics (1, 2, 4, 8, 16, 32, 64, 128, 256)
eval title('c', 'a study (times one)')
plot x with lines dashtype dotted linewidth 1 linecolor rgb grey notitle, \
     for [m = 1:n_machines] 'machines.dat' index block(m, 'study') using 1:2 with linespoints \
         pointtype marker_at(m) pointsize 0.6 linewidth 1.4 linecolor rgb colour_at(m) notitle
unset label

set ytics autofreq
dash_at(net) = net eq 'cnn' ? dashed : solid
grow = "plot for [m = 1:n_machines] for [net in 'mlp cnn'] 'machines.dat' index block(m, part.' '.net) using 1:2 with linespoints \
         pointtype marker_at(m) - (net eq 'cnn' ? 1 : 0) pointsize 0.5 linewidth 1.4 dashtype dash_at(net) \
         linecolor rgb colour_at(m) notitle; unset label"
eval area(0.25, 0.5, 0, 0.47, 1.15, 0.25, 1.1, 0.6)
eval x_axis('width', 8, 1300); set xtics (10, 100, 1000)
eval y_axis('', 1, 1e6); set ytics ('1 µs' 1, '10 µs' 10, '100 µs' 100, '1 ms' 1e3, '10 ms' 1e4, '0.1 s' 1e5, '1 s' 1e6)
eval title('d', 'a step')
eval note('solid: MLP', 0.06, 0.93)
eval note('dashed: CNN', 0.06, 0.85)
part = 'width'; eval grow
eval area(0.5, 0.75, 0, 0.47, 1.15, 0.25, 1.1, 0.6)
eval x_axis('examples in a batch', 8, 1300)
eval y_axis('', 0.1, 1000); set ytics ('0.1 µs' 0.1, '1 µs' 1, '10 µs' 10, '100 µs' 100, '1 ms' 1000)
eval title('e', 'a step, for one example')
part = 'batch'; eval grow
eval area(0.75, 1, 0, 0.47, 1.15, 0.35, 1.1, 0.6)
eval x_axis('examples in the data set', 3e3, 6e5); set xtics ('4,000' 4e3, '40,000' 4e4, '400,000' 4e5)
eval y_axis('', 1, 1e6); set ytics ('1 µs' 1, '10 µs' 10, '100 µs' 100, '1 ms' 1e3, '10 ms' 1e4, '0.1 s' 1e5, '1 s' 1e6)
eval title('f', 'a step')
part = 'data'; eval grow
