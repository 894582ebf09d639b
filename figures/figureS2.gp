# Figure S2: the weights of the first layer that are left (dark), inputs downwards, hidden units in order of their adjacent
# pairs: random masks of round 91 and tickets of round 90, as published, of the first two trials.
# study: lottery
load 'figures/style.gp'
rows = results.'/lottery.csv'

# Every weight that is there, as "rank,input": the bits of each unit's number.
weights(name, seed) = sprintf("< awk -F, '$2 == \"default\" && $3 == %d && $4 == \"%s_column\" { \
    bits = $7; for (j = 0; bits > 0; j++) { half = int(bits / 2); if (bits > 2 * half) print $6 \",\" j; bits = half } }' \"%s\"", \
    seed, name, rows)
first_seed = int(system(sprintf("awk -F, '$2 == \"default\" && $4 == \"random_column\" { print $3; exit }' \"%s\"", rows)))
seeds = int(system(sprintf("awk -F, '$2 == \"default\" && $4 == \"random_column\" && $6 == 0' \"%s\" | wc -l", rows)))
shown = seeds > 1 ? 2 : 1
array name_of = ['random', 'pictured']
array title_of = ['random mask', 'ticket']
do for [m = 1:2] { do for [trial = 1:shown] {
    need_rows = weights(name_of[m], first_seed + trial - 1); @need
} }
units = real(system(sprintf("awk -F, '$2 == \"default\" && $3 == %d && $4 == \"random_column\"' \"%s\" | wc -l", first_seed, rows)))

eval begin('figureS2', 8.2)
set multiplot
unset xlabel; unset ylabel
set border 15 linewidth 0.4
set xrange [-0.5:units - 0.5]; set yrange [39.5:-0.5]
set ytics 0, 13, 39 scale 0; set xtics 0, 100, units scale 0
do for [m = 1:2] { do for [trial = 1:shown] {
    i = shown * (m - 1) + trial - 1
    top = 0.955 - 0.235 * i
    set lmargin at screen 0.08; set rmargin at screen 0.99; set tmargin at screen top; set bmargin at screen top - 0.175
    set title sprintf('%s, trial %d', title_of[m], trial) offset 0, -0.9
    set format x (m == 2 && trial == shown ? '%g' : '')
    plot weights(name_of[m], first_seed + trial - 1) using 1:2:(0.5):(0.5) with boxxyerror fillstyle solid 1 noborder \
             linecolor rgb (m == 1 ? colour_gru : colour_cnn)
} }
unset multiplot
set output
