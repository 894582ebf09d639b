# Points of a plane in up to ten classes, one length for both directions, no axes.  What is drawn:
#     eval map(key, classes, seed)   key of blocks of pairs.dat with %d for the class; of one seed, from 0
# Settings: map_point, the size of points; map_names = 1: each class's digit at the median of its points; else, and always
# below, the digits stand in their colours.
unset border; unset tics; set xlabel ''; set ylabel ''
do for [c = 0:map_classes - 1] {
    key = sprintf(map_key, c, c)
    eval measure('pairs.dat', key)
    stats 'pairs.dat' index key.' |' every :::map_seed::map_seed using 1:2 nooutput
    map_rows = c == 0 || STATS_records > map_rows ? STATS_records : map_rows
    left = c == 0 || STATS_min_x < left ? STATS_min_x : left; right = c == 0 || STATS_max_x > right ? STATS_max_x : right
    bottom = c == 0 || STATS_min_y < bottom ? STATS_min_y : bottom; top = c == 0 || STATS_max_y > top ? STATS_max_y : top
    if (map_names) {
        set object circle at STATS_median_x, STATS_median_y size graph 0.024 front fillcolor rgb 'white' \
            fillstyle transparent solid 0.85 noborder
        set label sprintf('%d', c) at STATS_median_x, STATS_median_y center front textcolor rgb 'black'
    }
    place = (c + 0.5) / map_classes
    set label sprintf('%d', c) at graph place, graph -0.03 left offset 0.6, -0.1 point pointtype dot pointsize 0.5 \
        linecolor rgb class_colour[c + 1]
}
# As wide and high as the panel, in one unit.
unit = (right - left) / panel_width > (top - bottom) / panel_height ? (right - left) / panel_width : (top - bottom) / panel_height
set xrange [(left + right - unit * panel_width) / 2 : (left + right + unit * panel_width) / 2]
set yrange [(bottom + top - unit * panel_height) / 2 : (bottom + top + unit * panel_height) / 2]
# A part of each class in turn, so that the last class does not hide the others.
map_parts = 10; map_part = ceil(real(map_rows) / map_parts)
plot for [part = 0:map_parts - 1] for [c = 0:map_classes - 1] 'pairs.dat' index sprintf(map_key, c, c).' |' \
         every ::(part * map_part):map_seed:((part + 1) * map_part - 1):map_seed using 1:2 with points \
         pointtype dot pointsize map_point linecolor rgb class_colour[c + 1]
unset label; unset object
