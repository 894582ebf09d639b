# One style for every figure, and the words that figure scripts use.  draw.sh runs a script after this file, in a working
# folder with the data that the script's head asks for (select.awk), once with format = 'svg', a figure that stands alone,
# and once with format = 'tex', the same for the report: lines as PDF, text by LaTeX.  name is the script's.
#
# A script says, in this order:
#     eval figure(width, height)              centimetres; a printed column is 8.5 wide, the page 17.4
#     eval panel(column, columns, row, rows)  only when there are several; the first begins the multiplot
#     eval x_axis(text, low, high)  eval y_axis(text, low, high)  eval title(letter, text)  eval note(text, x, y)
#     then what is drawn, in the words of a template, and `load` of the template: curves.gp, bars.gp, heatmap.gp,
#     scatter.gp, map.gp, image.gp.  After a template has drawn, nothing is left over for the next panel.
# Texts are plain; `%` is written as such.
set encoding utf8
point_px = 96.0 / 72
in_tex = format eq 'tex'
shown(text) = in_tex && strstrt(text, '%') > 0 ? text[1:strstrt(text, '%') - 1].'\%'.text[strstrt(text, '%') + 1:*] : text
bold(text) = in_tex ? '\textbf{'.text.'}' : text

# Okabe and Ito's colours, which colour-blind readers can tell apart; nothing is told by colour alone: a marker belongs to
# each, and names stand at the curves' ends.  dark: published runs, dotted over ours; pale: single seeds.
black = 1; blue = 2; vermilion = 3; green = 4; purple = 5; orange = 6; red = 7
array colour_of[7] = ['#000000', '#0072B2', '#D55E00', '#009E73', '#B0619A', '#E69F00', '#C0392B']
array dark_of[7] = ['#606060', '#003C60', '#702F00', '#00523B', '#58284C', '#7A5400', '#641C14']
array pale_of[7] = ['#B0B0B0', '#A8CCE4', '#F0C4A0', '#A0D8C8', '#DDB8D2', '#F4D49A', '#E8B4AE']
array marker_of[7] = [11, 7, 9, 5, 13, 15, 3]
solid = 1; dashed = 2
published_width = in_tex ? 2.6 : 1.5 # the terminals disagree on what a width of 1 is
set dashtype 3 (0.7, 1.6); dotted = 3
dot = 7; cross = 2
grey = '#666666'

set border 3 linewidth 0.6 linecolor rgb grey
set tics nomirror scale 0.5 textcolor rgb 'black'
unset key

# ---- where ----
figure(width, height) = sprintf("figure_width = %.4f; figure_height = %.4f; ", width, height).(in_tex ? \
    sprintf("set terminal cairolatex pdf color colortext size %gcm,%gcm font ',8' fontscale 1 linewidth 1.7; set output '%s.tex'", \
            width, height, name) : \
    sprintf("set terminal svg noenhanced size %d,%d font 'Helvetica,%g' linewidth %g background 'white'; set output '%s.svg'", \
            width / 2.54 * 96, height / 2.54 * 96, 8 * point_px, 0.75 * point_px, name)). \
    "; in_multiplot = 0; eval area(0, 1, 0, 1, 1.15, 1.9, 1.1, 0.6)"
# A part of the figure, as fractions from the left and from the bottom, less margins in centimetres for what is written
# around the axes.
area(left, right, bottom, top, margin_left, margin_right, margin_bottom, margin_top) = sprintf( \
    "area_left = %g; area_right = %g; area_bottom = %g; area_top = %g; ", \
    left + margin_left / figure_width, right - margin_right / figure_width, \
    bottom + margin_bottom / figure_height, top - margin_top / figure_height). \
    "panel_width = (area_right - area_left) * figure_width; panel_height = (area_top - area_bottom) * figure_height; ". \
    "set lmargin at screen area_left; set rmargin at screen area_right; set bmargin at screen area_bottom; set tmargin at screen area_top"
margins(left, right, bottom, top) = \
    sprintf("eval area(0, 1, 0, 1, %g, %g, %g, %g)", left, right, bottom, top)
# Column and row count from 0, from the top left.
panel_right = 0.35
panel(column, columns, row, rows) = "if (!in_multiplot) { set multiplot; in_multiplot = 1 }; ".sprintf( \
    "eval area(%g, %g, %g, %g, 1.2, panel_right, 1.1, 0.6)", \
    real(column) / columns, (column + 1.0) / columns, 1 - (row + 1.0) / rows, 1 - real(row) / rows)

# ---- axes and text ----
log_x = 0; log_y = 0
x_axis(text, low, high) = sprintf("x_low = %.10g; x_high = %.10g; set xrange [%.10g:%.10g]; set xlabel '%s' offset 0, 0.4; \
    if (log_x) { set logscale x } else { unset logscale x }", low, high, low, high, shown(text))
y_axis(text, low, high) = sprintf("y_low = %.10g; y_high = %.10g; set yrange [%.10g:%.10g]; set ylabel '%s' offset 1.4, 0; \
    if (log_y) { set logscale y } else { unset logscale y }", low, high, low, high, shown(text))
title(letter, text) = sprintf("set label 1 '%s%s' at graph 0, screen %g left", letter eq '' ? '' : bold(letter).(in_tex ? '\enspace ' : '  '), shown(text), \
    area_top + 0.28 / figure_height)
# In grey, at a place within the axes; x, y as fractions of them.
note(text, x, y) = sprintf("set label '%s' at graph %g, %g %s textcolor rgb grey", shown(text), x, y, x > 0.5 ? 'right' : 'left')

# The rows of a block of data: n, the first one first_y, the last finite one up to measured_to at last_x, last_y.  A block that is not there stops the drawing, with
# a status that draw.sh knows: a figure without a curve would look finished.
measured_to = 1e300
measure(file, key) = sprintf("n = 0; last_x = NaN; last_y = NaN; stats '%s' index '%s |' every :::0::0 \
    using (n = n + 1, n == 1 ? first_y = $2 : 0, $2 == $2 && ours_x($1) <= measured_to ? (last_x = $1, last_y = $2) : 0, 0) nooutput; \
    if (n == 0) { print 'no data: %s'; exit status 3 }", file, key, key)

# ---- the words of curves.gp ----
# key: of a block of data; text: the name at the curve's end, or ''; dash: solid or dashed
n_curves = 0; n_published = 0; n_points = 0; n_levels = 0
ours_x(x) = x
array curve_file[60]; array curve_key[60]; array curve_text[60]; array curve_colour[60]; array curve_dash[60]
array published_key[60]; array published_colour[60]
array points_key[60]; array points_colour[60]; array points_every[60]; array points_type[60]
array level_y[60]; array level_text[60]; array level_colour[60]; array level_dash[60]
add_curve(file, key, text, colour, dash) = sprintf("n_curves = n_curves + 1; curve_file[n_curves] = '%s'; \
    curve_key[n_curves] = '%s'; curve_text[n_curves] = '%s'; curve_colour[n_curves] = %d; curve_dash[n_curves] = %d", \
    file, key, shown(text), colour, dash)
curve(key, text, colour, dash) = add_curve('ours.dat', key, text, colour, dash)
first_seed(key, text, colour, dash) = add_curve('seeds.dat', key, text, colour, dash)
published_points(key, colour, every_nth, pointtype) = sprintf("n_points = n_points + 1; points_key[n_points] = '%s'; \
    points_colour[n_points] = %d; points_every[n_points] = %d; points_type[n_points] = %d", key, colour, every_nth, pointtype)
published(key, colour) = sprintf("n_published = n_published + 1; published_key[n_published] = '%s'; \
    published_colour[n_published] = %d", key, colour)
level(y, text, colour, dash) = sprintf("n_levels = n_levels + 1; level_y[n_levels] = %.10g; level_text[n_levels] = '%s'; \
    level_colour[n_levels] = %d; level_dash[n_levels] = %d", y, shown(text), colour, dash)
# A name beside its curve, for one whose end is no good place; x, y on the axes.
name_at(text, x, y, colour) = sprintf("set label '%s' at %.10g, %.10g center textcolor rgb colour_of[%d]", shown(text), x, y, colour)

# ---- the words of bars.gp ----
n_bars = 0; n_dots = 0
array bar_file[20]; array bar_key[20]; array bar_text[20]; array bar_colour[20]; array bar_fill[20]
array dot_key[20]; array dot_bar[20]
filled = 1; pale = 2; hatched = 3
bars(file, key, text, colour, fill) = sprintf("n_bars = n_bars + 1; bar_file[n_bars] = '%s.dat'; bar_key[n_bars] = '%s'; \
    bar_text[n_bars] = '%s'; bar_colour[n_bars] = %d; bar_fill[n_bars] = %d", file, key, shown(text), colour, fill)
published_dots(key) = sprintf("n_dots = n_dots + 1; dot_key[n_dots] = '%s'; dot_bar[n_dots] = n_bars", key)
# ---- the words of signals.gp: of the block its first so many rows, or 0 for all ----
n_signals = 0
array signal_key[60]; array signal_text[60]; array signal_rows[60]
signal(key, text, rows) = sprintf("n_signals = n_signals + 1; signal_key[n_signals] = '%s'; signal_text[n_signals] = '%s'; \
    signal_rows[n_signals] = %d", key, shown(text), rows)

# ---- the words of image.gp: the bits of every value, the lowest at 0, of one seed (from 0); or the values themselves ----
image_bits = 0
bits(key, seed, count, colour) = sprintf("image_key = '%s'; image_seed = %d; image_bits = %d; image_colour = %d", key, seed, count, colour)
image(key) = sprintf("image_key = '%s'; image_bits = 0", key)

# ---- the words of heatmap.gp and scatter.gp ----
heat(key) = sprintf("heat_key = '%s'", key)
n_scatters = 0
array scatter_key[20]; array scatter_text[20]; array scatter_colour[20]
scatter(key, text, colour) = sprintf("n_scatters = n_scatters + 1; scatter_key[n_scatters] = '%s'; \
    scatter_text[n_scatters] = '%s'; scatter_colour[n_scatters] = %d", key, shown(text), colour)

# ---- the words of map.gp: the blocks of pairs.dat from `# pairs: EXPERIMENT map_x_* map_y_*`, with %d for the class ----
map(key, classes, seed) = sprintf("map_key = '%s'; map_classes = %d; map_seed = %d", key, classes, seed)
# The published figure's colours of ten classes, in pairs of pale and strong.
array class_colour[10] = ['#A6CEE3', '#1F78B4', '#B2DF8A', '#33A02C', '#FB9A99', '#E31A1C', '#FDBF6F', '#FF7F00', '#CAB2D6', '#6A3D9A']

# A loop of plot that is empty still looks at its first element.
do for [text in 'curve_file curve_key curve_text published_key points_key bar_text dot_key scatter_key scatter_text'] {
    eval text."[1] = ''"
}
do for [count in 'curve_colour curve_dash published_colour points_colour points_every points_type bar_fill bar_colour dot_bar scatter_colour'] {
    eval count.'[1] = 1'
}
