# A metric over two parameters, a cell for each pair of values, told by its shade and by the number in it.  What is drawn:
#     eval heat(key)            a block of ours.dat along two parameters: the first across, the second up
# Settings: heat_format = '%.1f', of the numbers; heat_range = '*:*', of the shades, pale to dark.  Axes: x_axis and y_axis
# only give the names; the ends are those of the values.
if (!exists('heat_format')) { heat_format = '%.1f' }
if (!exists('heat_range')) { heat_range = '*:*' }
eval measure('ours.dat', heat_key)
set xrange [*:*]; set yrange [*:*] # `stats` leaves out what is beyond
stats 'ours.dat' index heat_key.' |' using 2 nooutput
heat_middle = 0.5 * (STATS_min + STATS_max)
stats 'ours.dat' index heat_key.' |' using 8:9 nooutput
set xrange [STATS_min_x - 0.5:STATS_max_x + 0.5]; set yrange [STATS_min_y - 0.5:STATS_max_y + 0.5]
set xtics scale 0; set ytics scale 0
set palette defined (0 '#F7FBFF', 0.5 '#6BAED6', 1 '#08306B'); unset colorbox
eval 'set cbrange ['.heat_range.']'
plot 'ours.dat' index heat_key.' |' using 8:9:2:xticlabels(1):yticlabels(7) with image pixels notitle, \
     'ours.dat' index heat_key.' |' using 8:9:($2 <= heat_middle ? sprintf(heat_format, $2) : '') with labels textcolor rgb 'black' notitle, \
     'ours.dat' index heat_key.' |' using 8:9:($2 > heat_middle ? sprintf(heat_format, $2) : '') with labels textcolor rgb 'white' notitle
unset label
