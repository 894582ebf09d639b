# A metric over two parameters, a cell for each pair of values, told by its shade and by the number in it.  What is drawn:
#     eval heat(key)            a block of ours.dat along two parameters: the first across, the second up; or keys of several
#                               such blocks, apart by |: their mean
# Settings: heat_format = '%.1f', of the numbers; heat_range = '*:*', of the shades, pale to dark.  Axes: x_axis and y_axis
# only give the names; the ends are those of the values.
if (!exists('heat_format')) { heat_format = '%.1f' }
if (!exists('heat_range')) { heat_range = '*:*' }
set xrange [*:*]; set yrange [*:*] # `stats` leaves out what is beyond
heat_file = 'ours.dat'
n_heats = 0
array heat_of[40]
heat_rest = heat_key.'|'
while (strstrt(heat_rest, '|') > 0) {
    n_heats = n_heats + 1
    heat_of[n_heats] = heat_rest[1:strstrt(heat_rest, '|') - 1]
    heat_rest = heat_rest[strstrt(heat_rest, '|') + 1:*]
    eval measure(heat_file, heat_of[n_heats])
}
if (n_heats > 1) {
    set print 'mean.dat'
    print '# mean |'
    do for [row = 0:n - 1] {
        heat_sum = 0
        do for [i = 1:n_heats] {
            stats 'ours.dat' index heat_of[i].' |' every ::row::row using 2 nooutput
            heat_sum = heat_sum + STATS_min
        }
        stats 'ours.dat' index heat_of[1].' |' every ::row::row using 1:7 nooutput
        heat_x = STATS_min_x; heat_y = STATS_min_y
        stats 'ours.dat' index heat_of[1].' |' every ::row::row using 8:9 nooutput
        print sprintf('%g %.10g 0 0 0 0 %g %g %g', heat_x, heat_sum / n_heats, heat_y, STATS_min_x, STATS_min_y)
    }
    set print
    heat_file = 'mean.dat'; heat_key = 'mean'
}
stats heat_file index heat_key.' |' using 2 nooutput
heat_middle = 0.5 * (STATS_min + STATS_max)
if (heat_range ne '*:*') { # the middle of the shades
    heat_middle = 0.5 * (real(heat_range[1:strstrt(heat_range, ':') - 1]) + real(heat_range[strstrt(heat_range, ':') + 1:*]))
}
stats heat_file index heat_key.' |' using 8:9 nooutput
set xrange [STATS_min_x - 0.5:STATS_max_x + 0.5]; set yrange [STATS_min_y - 0.5:STATS_max_y + 0.5]
set xtics scale 0; set ytics scale 0
set palette defined (0 '#F7FBFF', 0.5 '#6BAED6', 1 '#08306B'); unset colorbox
eval 'set cbrange ['.heat_range.']'
plot heat_file index heat_key.' |' using 8:9:2:xticlabels(1):yticlabels(7) with image pixels notitle, \
     heat_file index heat_key.' |' using 8:9:($2 <= heat_middle ? sprintf(heat_format, $2) : '') with labels textcolor rgb 'black' notitle, \
     heat_file index heat_key.' |' using 8:9:($2 > heat_middle ? sprintf(heat_format, $2) : '') with labels textcolor rgb 'white' notitle
unset label
