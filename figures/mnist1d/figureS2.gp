# Figure S2: the weights of the first layer that are left, inputs downwards, hidden units in order of their adjacent pairs:
# random masks of round 91 and tickets of round 90, as published, of the first two trials.
# item: Fig. S2
# needs: lottery
# seeds: lottery random_column pictured_column
eval figure(8.5, 8.2)
array key_of[2] = ['lottery/default/random_column', 'lottery/default/pictured_column']
array text_of[2] = ['random mask', 'ticket']; array mask_colour[2] = [vermilion, blue]
stats 'seeds.dat' index key_of[1].' |' using 1 nooutput
units = STATS_max + 1
stats 'seeds.dat' index key_of[1].' |' using 7 nooutput
trials = STATS_max > STATS_min ? 2 : 1
set border 15
do for [m = 1:2] { do for [trial = 1:trials] {
    row = trials * (m - 1) + trial - 1; rows = 2 * trials
    eval panel(0, 1, row, rows)
    eval area(0, 1, 1 - 0.945 * (row + 1) / rows, 1 - 0.945 * row / rows, 0.75, 0.2, 0.15, 0.5)
    eval x_axis('', -0.5, units - 0.5); set xtics 0, 100, units scale 0
    set format x (row == rows - 1 ? '%g' : '')
    eval y_axis('', 39.5, -0.5); set ytics 0, 13, 39 scale 0
    eval title('', sprintf('%s, trial %d', text_of[m], trial))
    eval bits(key_of[m], trial - 1, 40, mask_colour[m])
    load 'image.gp'
} }
