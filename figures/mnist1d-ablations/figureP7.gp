# Proposal P7: test accuracy with the learned activation function and with known ones, mean of ten networks of other seeds.
# item: P7
# needs: activation-transfer
# ours: activation-transfer inner_*_accuracy long_*_accuracy adam_*_accuracy
eval figure(17.4, 6.5)
array setting_of[4] = ['inner', 'long', 'adam', 'long_adam']
array name_of[10] = ['learned', 'piecewise', 'relu', 'leaky_relu', 'swish', 'gelu', 'elu', 'tanh', 'softplus', 'sigmoid']
array text_of[10] = ['learned', 'six pieces', 'ReLU', 'leaky ReLU', 'swish', 'GELU', 'ELU', 'tanh', 'softplus', 'sigmoid']
array colour_order[10] = [black, black, orange, orange, vermilion, vermilion, red, purple, blue, green]
eval margins(1.15, 2.8, 0.8, 0.6)
# Each network is a row of a block of ours.dat; here a row is a setting, the mean over networks and its 95 % interval.
quantile = 2.262 # of Student's t with 9 degrees of freedom, 0.975
set xrange [*:*]; set yrange [*:*] # `stats` leaves out what is beyond
set print 'networks.dat'
do for [i = 1:10] {
    print '# '.name_of[i].' |'
    do for [s = 1:4] {
        stats 'ours.dat' index 'activation-transfer/default/'.setting_of[s].'_'.name_of[i].'_accuracy |' using 2 nooutput
        half = quantile * STATS_ssd / sqrt(STATS_records)
        print sprintf('%d %.10g %.10g %.10g', s - 1, STATS_mean, STATS_mean - half, STATS_mean + half)
    }
    print ''; print ''
}
set print
eval x_axis('', -0.5, 3.5); set xtics ('as learned' 0, 'ten times as many steps' 1, 'Adam' 2, 'Adam, ten times as many' 3) scale 0
eval y_axis('test accuracy (%)', 30, 80); set ytics 10
eval title('', 'mean of ten networks of other seeds')
do for [i = 1:10] { eval bars('networks', name_of[i], text_of[i], colour_order[i], i == 2 || i == 4 || i == 6 ? hatched : filled) }
legend = 'screen 0.995, graph 1 top right'
load 'bars.gp'
