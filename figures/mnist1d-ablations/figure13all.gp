# What the report gives as final accuracies of its runs is that of six fixed pieces: these, and known functions, over mu and
# the width.
# item: Fig. 13; Fig. 25; Fig. 29; Fig. 37
# needs: activation-fixed
# ours: activation-fixed *_accuracy along decay
# ours: activation-fixed *_accuracy along hidden
# published: activation-fixed piecewise_accuracy_500
array name_of[7] = ['piecewise', 'relu', 'gelu', 'elu', 'tanh', 'softplus', 'sigmoid']
array text_of[7] = ['pieces', 'ReLU', 'GELU', 'ELU', 'tanh', 'softplus', 'sigmoid']
array colour_order[7] = [black, orange, vermilion, red, purple, blue, green]
array cell_of[2] = ['hidden=128 decay=* noise-kind=shared', 'hidden=* decay=0.4 noise-kind=shared']
array series_of[2] = ['over mu', 'over hidden units']
eval figure(17.4, 6.5)
panel_right = 1.6
set format y '%.0f'
do for [p = 1:2] {
    eval panel(p - 1, 2, 0, 1)
    if (p == 1) { eval x_axis('mu', 0.25, 1.05); set xtics 0.3, 0.1 } else { eval x_axis('hidden units', 40, 210); set xtics 50, 50 }
    eval y_axis('', p == 1 ? 15 : 30, 75); set ytics 20, 10
    eval title(substr('ab', p, p), 'test accuracy (%)')
    if (p == 1) { eval note('dots: published, 500 examples', 0.03, 0.06) }
    do for [i = 1:7] { eval curve('activation-fixed/'.cell_of[p].'/'.name_of[i].'_accuracy', text_of[i], colour_order[i], solid) }
    eval published_points('activation-fixed/'.series_of[p].'/piecewise_accuracy_500', black, 1, dot)
    load 'curves.gp'
}
