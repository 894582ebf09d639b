# Signals in a grid of small frames: the value runs horizontally, the position downwards.  What is drawn:
#     eval signal(key, text, rows)   the first rows of a block of ours.dat, 0 for all
# Settings: columns; signal_width, the axis reaches so far to both sides of 0; signals_top, signals_height: the first row's top
# and the distance of rows, fractions of the figure; signals_left = 0, signals_right = 1: its sides, likewise; text_above = 0
# or 1: where a signal's text stands.
if (!exists('signals_left')) { signals_left = 0.0 }
if (!exists('signals_right')) { signals_right = 1.0 }
unset border; unset tics
do for [s = 1:n_signals] {
    eval measure('ours.dat', signal_key[s])
    last_row = signal_rows[s] > 0 ? signal_rows[s] - 1 : n - 1
    eval panel(0, 1, 0, 1)
    column = (s - 1) % columns
    top = signals_top - signals_height * ((s - 1) / columns)
    left = signals_left + 0.6 / figure_width; column_width = (signals_right - left) / columns
    eval area(left + column * column_width, left + (column + 1) * column_width, top - signals_height, top, 0.08, 0.08, \
              0, 0.12 + 0.4 * text_above)
    eval x_axis('', -signal_width, signal_width)
    eval y_axis('', 1.08 * last_row, -0.08 * last_row)
    if (text_above) { set label signal_text[s] at graph 0.5, graph 1.13 center } else { set label signal_text[s] at graph 0.06, graph 0.87 left }
    set object 1 rectangle from graph 0, 0 to graph 1, 1 behind fillstyle empty border linecolor rgb '#BBBBBB' linewidth 0.4
    plot 'ours.dat' index signal_key[s].' |' every ::0::last_row using 2:1 with linespoints linewidth 1.1 pointtype 7 pointsize 0.14 \
         linecolor rgb colour_of[blue]
    unset label
}
n_signals = 0
