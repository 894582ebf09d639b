# Bars in groups, with the interval of ours, and published values as dots.  What is drawn:
#     eval bars(file, key, text, colour, fill)   one bar at every x; file 'ours' or 'published'; fill: filled, pale or hatched
#     eval published_dots(key)                   dots on the bars named before it
# Settings, with what they are otherwise: bar_scale = 1, by which all values are multiplied; groups = 1, how far apart groups
# are on the axis; legend = '' or where the names stand.
if (!exists('bar_scale')) { bar_scale = 1 }
if (!exists('groups')) { groups = 1 }
if (!exists('legend')) { legend = '' }
do for [i = 1:n_bars] { eval measure(bar_file[i], bar_key[i]) }
do for [i = 1:n_dots] { eval measure('published.dat', dot_key[i]) }
width = 0.84 * groups / n_bars
middle(i) = width * (i - 0.5 * (n_bars + 1))
if (legend ne '') { eval 'set key at '.legend.' samplen 1.6' }
plot for [i = 1:n_bars] bar_file[i] index bar_key[i].' |' using (bar_fill[i] != hatched ? $1 + middle(i) : NaN):(bar_scale * $2):(0.94 * width) \
         with boxes linewidth 0.6 linecolor rgb colour_of[bar_colour[i]] fillstyle solid (bar_fill[i] == pale ? 0.3 : 0.9) border notitle, \
     for [i = 1:n_bars] bar_file[i] index bar_key[i].' |' using (bar_fill[i] == hatched ? $1 + middle(i) : NaN):(bar_scale * $2):(0.94 * width) \
         with boxes linewidth 0.6 linecolor rgb colour_of[bar_colour[i]] fillstyle pattern 4 border notitle, \
     for [i = 1:n_bars] bar_file[i] index bar_key[i].' |' using (bar_file[i] ne 'published.dat' ? $1 + middle(i) : NaN):(bar_scale * $3):(0):(bar_scale * ($4 - $3)) \
         with vectors nohead linewidth 1 linecolor rgb 'black' notitle, \
     for [i = 1:n_dots] 'published.dat' index dot_key[i].' |' using ($1 + middle(dot_bar[i]) + 0.28 * width):(bar_scale * $2) \
         with points pointtype 7 pointsize 0.5 linecolor rgb '#303030' notitle, \
     for [i = 1:(legend eq '' ? 0 : n_bars)] NaN with boxes linewidth 0.6 linecolor rgb colour_of[bar_colour[i]] \
         fillstyle solid (bar_fill[i] == pale ? 0.3 : 0.9) border title (bar_fill[i] == hatched ? '' : bar_text[i]), \
     for [i = 1:(legend eq '' ? 0 : n_bars)] NaN with boxes linewidth 0.6 linecolor rgb colour_of[bar_colour[i]] \
         fillstyle pattern 4 border title (bar_fill[i] == hatched ? bar_text[i] : '')
n_bars = 0; n_dots = 0
unset label; unset arrow; unset key
