# One metric over another, a point for each run.  What is drawn:
#     eval scatter(key, text, colour)   a block of pairs.dat; text: its name in the legend, or ''
# Settings: legend = '' or where the names stand, "graph 1, 0.02 bottom right".
if (!exists('legend')) { legend = '' }
do for [i = 1:n_scatters] { eval measure('pairs.dat', scatter_key[i]) }
if (legend ne '') { eval 'set key at '.legend.' Left reverse samplen 0.5 spacing 0.85' }
plot for [i = 1:n_scatters] 'pairs.dat' index scatter_key[i].' |' using 1:2 with points \
         pointtype marker_of[scatter_colour[i]] pointsize 0.5 linecolor rgb colour_of[scatter_colour[i]] title scatter_text[i]
n_scatters = 0
unset label; unset arrow; unset key
