# Figure 1: the ten templates (a), one transformed training example of each class (b), and one example of class 5 after
# each stage of the generator (c).  The signal x runs horizontally and its position t downwards, so digits stand upright.
# The data come from `scaledown figure-data`.
load 'figures/style.gp'
templates = folder.'/figure1_templates.csv'
examples = folder.'/figure1_examples.csv'
stages = folder.'/figure1_stages.csv'
do for [file in templates.' '.examples.' '.stages] {
    do for [panel = 0:(file eq stages ? 7 : 9)] { need_rows = rows1(file, sprintf('%d', panel)); @need }
}
stage_name(panel) = system(sprintf("awk -F, '$1 == %d { print $2; exit }' \"%s\"", panel, stages))

eval begin('figure1', 12.2)
unset border; unset tics; unset xlabel; unset ylabel
set multiplot

# Panels in rows from the top: where a panel is, as fractions of the figure.
left = 0.05; width = 0.95
place(column, columns, top, height) = sprintf( \
    "set lmargin at screen %g; set rmargin at screen %g; set tmargin at screen %g; set bmargin at screen %g", \
    left + width * (column + 0.08) / columns, left + width * (column + 0.92) / columns, top, top - height)
title_at(letter, y) = sprintf("set label 1 '%s' at screen 0.0, %g left", bold(letter), y)

# Axes through the middle of each panel give the scale: from -1 to 1 for a, and the data's own for b and c.
draw(file) = sprintf("plot rows1(%s, sprintf('%%d', panel)) using 4:5 with linespoints linewidth 1.1 pointtype 7 \
    pointsize 0.14 linecolor rgb colour_cnn", file)

set style line 9 linewidth 0.4 linecolor rgb '#BBBBBB'
frame = "set object 1 rectangle from graph 0, 0 to graph 1, 1 behind fillstyle empty border linecolor rgb '#BBBBBB' \
    linewidth 0.4"
eval frame

eval title_at('a', 0.985)
set xrange [-1:1]; set yrange [1:-1]
do for [panel = 0:9] {
    eval place(panel % 5, 5, 0.995 - 0.145 * (panel / 5), 0.125)
    set label 2 sprintf('%d', panel) at graph 0.06, 0.88 left
    eval draw('templates')
    unset label 1
}

eval title_at('b', 0.68)
set xrange [-5:5]; set yrange [6:-6]
do for [panel = 0:9] {
    eval place(panel % 5, 5, 0.69 - 0.145 * (panel / 5), 0.125)
    set label 2 sprintf('%d', panel) at graph 0.06, 0.88 left
    eval draw('examples')
    unset label 1
}

eval title_at('c', 0.375)
set xrange [-0.9:0.9]; set yrange [0.95:-0.95]
unset label 2
do for [panel = 0:7] {
    eval place(panel % 4, 4, 0.35 - 0.19 * (panel / 4), 0.145)
    set label 3 stage_name(panel) at graph 0.5, 1.12 center
    eval draw('stages')
    unset label 1
}
unset multiplot
set output
