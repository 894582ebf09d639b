# Three panels over outer steps: the outer objective, the last inner loss and the learned rate.  Seed 0, which the published
# runs have, is thick; others are thin.  A script says first:
#     experiment, parameter, value_of[], text_of_value[], end_step, low[3], high[3], tics[3]
array metric_of[3] = ['mean_inner_loss', 'final_inner_loss', 'learned_rate']
array text_of[3] = ['mean loss of inner steps (nats)', 'last inner loss (nats)', 'learned rate']
array colour_order[5] = [blue, vermilion, green, purple, orange]
panel_right = 1.55; seed_width = 2.2
set format y '%.2f'
do for [p = 1:3] {
    eval panel(p - 1, 3, 0, 1)
    eval x_axis('outer step', 0, end_step); set xtics end_step > 100 ? 100 : 10
    eval y_axis('', low[p], high[p]); set ytics low[p], tics[p]
    eval title(substr('abc', p, p), text_of[p])
    if (p == 1) { eval note('dots: published', 0.97, 0.94); eval note('thin: other weights', 0.97, 0.84) }
    do for [i = 1:|value_of|] {
        cell = parameter.'='.value_of[i].'/'.metric_of[p]
        eval first_seed(experiment.'/'.cell, text_of_value[i], colour_order[i], i % 2 ? solid : dashed)
        eval published_points(experiment.'/'.cell, black, 1, dot)
    }
    load 'curves.gp'
}
