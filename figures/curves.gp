# Curves with bands, the published runs behind them, and names at the curves' ends.  What is drawn:
#     eval curve(key, text, colour, dash)       means over seeds with their band, of ours.dat
#     eval first_seed(key, text, colour, dash)  the first seed, thick, over the others, thin, of seeds.dat
#     eval published(key, colour)               a published run: dotted, dark, over ours
#     eval published_points(key, colour, every_nth, dot or cross)    the same as points, over ours
#     eval level(y, text, colour, dash)         a horizontal line
# Settings, with what they are otherwise:
#     band = 'interval'         or 'error': the standard error over seeds
#     ours_x(x) = x             where a row of ours stands on the axis
#     marks = 0                 a marker at every so many rows; 0: about eight, and all of a short curve
#     seed_width = 1.4          of the first seed's line
#     others_width = 0.5        of the other seeds' lines
#     legend = ''               or where names stand, "graph 1, 0.02 bottom right", when ends are too near to each other
if (!exists('band')) { band = 'interval' }
if (!exists('marks')) { marks = 0 }
if (!exists('seed_width')) { seed_width = 1.4 }
if (!exists('others_width')) { others_width = 0.5 }
if (!exists('legend')) { legend = '' }

# The end of every line that has a name, as a fraction of the axis.
along_y(y) = log_y ? log(y / y_low) / log(real(y_high) / y_low) : (y - y_low) / real(y_high - y_low)
along_x(x) = log_x ? log(x / x_low) / log(real(x_high) / x_low) : (x - x_low) / real(x_high - x_low)
clamp(a) = a < 0 ? 0 : a > 1 ? 1 : a
array every_of[60]; array end_text[120]; array end_y[120]; array end_x[120]; array end_colour[120]
n_ends = 0
if (exists('x_high')) { measured_to = x_high } # of a run that went on beyond the axis, its name stands where the axis ends
do for [i = 1:n_curves] {
    eval measure(curve_file[i], curve_key[i])
    every_of[i] = marks > 0 ? marks : n > 40 ? n / 8 : 1
    if (curve_text[i] ne '' && last_x == last_x) {
        n_ends = n_ends + 1
        end_text[n_ends] = curve_text[i]; end_colour[n_ends] = curve_colour[i]
        end_x[n_ends] = clamp(along_x(ours_x(last_x))); end_y[n_ends] = clamp(along_y(last_y))
    }
}
measured_to = 1e300
do for [i = 1:n_points] { eval measure('published.dat', points_key[i]) }
do for [i = 1:n_published] { eval measure('published.dat', published_key[i]) }
do for [i = 1:n_levels] {
    if (level_text[i] ne '') {
        n_ends = n_ends + 1
        end_text[n_ends] = level_text[i]; end_colour[n_ends] = level_colour[i]; end_x[n_ends] = 1; end_y[n_ends] = along_y(level_y[i])
    }
    set arrow from graph 0, first level_y[i] to graph 1, first level_y[i] nohead back linewidth 1 \
        dashtype level_dash[i] linecolor rgb colour_of[level_colour[i]]
}
if (legend eq '' && n_ends > 0) { load 'end_labels.gp' } else { if (legend ne '') { eval 'set key at '.legend.' Left reverse samplen 2.2 spacing 0.85' } }

low_of(mean, low, sd, n) = band eq 'interval' ? low : mean - sd / sqrt(n)
high_of(mean, high, sd, n) = band eq 'interval' ? high : mean + sd / sqrt(n)
plot for [i = 1:n_curves] curve_file[i] index curve_key[i].' |' every :::0::0 \
         using (ours_x($1)):(low_of($2, $3, $5, $6)):(high_of($2, $4, $5, $6)) with filledcurves \
         fillstyle transparent solid (curve_colour[i] == black ? 0.12 : 0.2) noborder linecolor rgb colour_of[curve_colour[i]] notitle, \
     for [i = 1:n_curves] 'seeds.dat' index curve_key[i].' |' every :::(curve_file[i] eq 'seeds.dat' ? 1 : 1000000000) \
         using (ours_x($1)):2 with lines linewidth others_width linecolor rgb pale_of[curve_colour[i]] notitle, \
     for [i = 1:n_curves] curve_file[i] index curve_key[i].' |' every :::0::0 using (ours_x($1)):2 with lines \
         linewidth (curve_file[i] eq 'seeds.dat' ? seed_width : 1.4) dashtype curve_dash[i] linecolor rgb colour_of[curve_colour[i]] notitle, \
     for [i = 1:n_curves] curve_file[i] index curve_key[i].' |' every every_of[i]::((i - 1) * every_of[i] / n_curves):0::0 \
         using (curve_file[i] ne 'seeds.dat' ? ours_x($1) : NaN):2 with points pointtype marker_of[curve_colour[i]] - (curve_dash[i] == dashed ? 1 : 0) \
         pointsize 0.45 linewidth 0.8 linecolor rgb colour_of[curve_colour[i]] notitle, \
     for [i = 1:n_published] 'published.dat' index published_key[i].' |' using 1:2 with lines \
         linewidth published_width dashtype dotted linecolor rgb dark_of[published_colour[i]] notitle, \
     for [i = 1:n_points] 'published.dat' index points_key[i].' |' every points_every[i] using 1:2 with points \
         pointtype points_type[i] pointsize (points_type[i] == cross ? 0.35 : 0.22) linecolor rgb colour_of[points_colour[i]] notitle, \
     for [i = 1:(legend eq '' ? 0 : n_curves)] NaN with linespoints linewidth 1.4 dashtype curve_dash[i] \
         pointtype marker_of[curve_colour[i]] - (curve_dash[i] == dashed ? 1 : 0) pointsize 0.45 \
         linecolor rgb colour_of[curve_colour[i]] title curve_text[i]
n_curves = 0; n_published = 0; n_points = 0; n_levels = 0
unset label; unset arrow; unset key
