# What the report gives as final accuracies of its runs is that of six fixed pieces: these, and known functions, over mu,
# the width and the noise.
# item: Fig. 13; Fig. 25; Fig. 29; Fig. 36; Fig. 37
# needs: activation-fixed
# ours: activation-fixed *_accuracy along decay
# ours: activation-fixed *_accuracy along hidden
# ours: activation-fixed *_accuracy
# published: activation-fixed piecewise_accuracy_500
array name_of[7] = ['piecewise', 'relu', 'gelu', 'elu', 'tanh', 'softplus', 'sigmoid']
array text_of[7] = ['pieces', 'ReLU', 'GELU', 'ELU', 'tanh', 'softplus', 'sigmoid']
array colour_order[7] = [black, orange, vermilion, red, purple, blue, green]
array cell_of[2] = ['hidden=128 decay=* noise-kind=shared', 'hidden=* decay=0.4 noise-kind=shared']
array series_of[2] = ['over mu', 'over hidden units']
array left_of[4] = [0, 0.38, 0.7, 1]
place(p) = sprintf('eval panel(0, 3, 0, 1); eval area(%g, %g, 0, 1, 1.0, 1.5, 1.1, 0.6)', left_of[p], left_of[p + 1])
eval figure(17.4, 6.5)
set format y '%.0f'
do for [p = 1:2] {
    eval place(p)
    if (p == 1) { eval x_axis('mu', 0.25, 1.05); set xtics 0.3, 0.2 } else { eval x_axis('hidden units', 40, 210); set xtics 50, 50 }
    eval y_axis('', p == 1 ? 15 : 30, 75); set ytics 20, 10
    eval title(substr('ab', p, p), 'test accuracy (%)')
    if (p == 1) { eval note('dots: published', 0.03, 0.06) }
    do for [i = 1:7] { eval curve('activation-fixed/'.cell_of[p].'/'.name_of[i].'_accuracy', text_of[i], colour_order[i], solid) }
    eval published_points('activation-fixed/'.series_of[p].'/piecewise_accuracy_500', black, 1, dot)
    load 'curves.gp'
}
# Kinds of noise are no numbers to draw along: a block for each function, with the row of each kind.
array kind_of[3] = ['none', 'shared', 'example']
set xrange [*:*]; set yrange [*:*] # `stats` leaves out what is beyond
set print 'noise.dat'
do for [i = 1:7] {
    print '# '.name_of[i].' |'
    do for [k = 1:3] {
        block = 'activation-fixed/hidden=128 decay=0.4 noise-kind='.kind_of[k].'/'.name_of[i].'_accuracy |'
        stats 'ours.dat' index block using 2 nooutput; mean = STATS_min
        stats 'ours.dat' index block using 3:4 nooutput; low = STATS_min_x; high = STATS_min_y
        stats 'ours.dat' index block using 5:6 nooutput
        print sprintf('%d %.10g %.10g %.10g %.10g %g', k - 1, mean, low, high, STATS_min_x, STATS_min_y)
    }
    print ''; print ''
}
set print
eval place(3)
eval x_axis('noise', -0.2, 2.2); set xtics ('none' 0, 'batch' 1, 'example' 2)
eval y_axis('', 30, 75)
eval title('c', 'test accuracy (%)')
do for [i = 1:7] { eval add_curve('noise.dat', name_of[i], text_of[i], colour_order[i], solid) }
load 'curves.gp'
