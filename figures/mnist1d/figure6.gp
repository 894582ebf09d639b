# Figure 6: the outer objective, the last inner loss (in the authors' notebook only) and the learned rate, from two initial
# rates.  Seed 0 is the published one.
# item: Fig. 6
# needs: meta-learning-rate
# seeds: meta-learning-rate mean_inner_loss final_inner_loss learned_rate
# published: meta-learning-rate_curves mean_inner_loss final_inner_loss learned_rate
eval figure(17.4, 5.6)
array metric_of[3] = ['mean_inner_loss', 'final_inner_loss', 'learned_rate']
array text_of[3] = ['mean loss of inner steps (nats)', 'last inner loss (nats)', 'learned rate']
array low[3] = [1.70, 1.45, 0.3]; array high[3] = [1.76, 1.70, 1.55]; array tics[3] = [0.02, 0.05, 0.4]
panel_right = 1.55; seed_width = 2.6
set format y '%.2f'
do for [p = 1:3] {
    eval panel(p - 1, 3, 0, 1)
    eval x_axis('outer step', 0, 49); set xtics 10
    eval y_axis('', low[p], high[p]); first_tic = p == 3 ? 0.4 : low[p]; set ytics first_tic, tics[p]
    eval title(substr('abc', p, p), text_of[p])
    if (p == 3) { eval note('dots: published', 0.97, 0.94); eval note('thin: other weights', 0.97, 0.84) }
    do for [rate in '1.5 0.15'] {
        cell = 'initial-rate='.rate.'/'.metric_of[p]
        eval first_seed('meta-learning-rate/'.cell, 'from '.rate, rate eq '1.5' ? vermilion : blue, rate eq '1.5' ? solid : dashed)
        eval published_points('meta-learning-rate_curves/'.cell, black, 2, dot)
    }
    load 'curves.gp'
}
