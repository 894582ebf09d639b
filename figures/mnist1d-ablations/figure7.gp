# Figure 7: mean test error over nine networks, of 10, 50, 100 units in 1, 2, 3 layers, against label noise and dropout;
# measured with dropout active, with the published values beneath, and in eval mode.
# item: Fig. 7
# needs: descent-grid
# ours: descent-grid test_error active_test_error along label-noise dropout
# published: descent-grid test_error
eval figure(17.4, 6.2)
array letter_of[2] = ['a', 'b']; array metric_of[2] = ['active_test_error', 'test_error']
array text_of[2] = ['dropout active, as published (published values beneath)', 'eval mode']
array dropout_of[3] = ['0', '0.1', '0.3']
do for [k = 1:2] {
    eval panel(k - 1, 2, 0, 1)
    eval x_axis('label noise', 0, 1)
    eval y_axis('dropout', 0, 1)
    eval title(letter_of[k], text_of[k])
    heat_keys = ''
    do for [units in '10 50 100'] { do for [layers in '1 2 3'] {
        heat_keys = heat_keys.(heat_keys eq '' ? '' : '|').'descent-grid/label-noise=* widths='.units.' layers='.layers.' dropout=*/'.metric_of[k]
    } }
    eval heat(heat_keys)
    heat_range = '44:60'
    set xrange [*:*]; set yrange [*:*]
    if (k == 1) { do for [d = 1:3] { do for [p = 0:2] {
        stats 'published.dat' index 'descent-grid/dropout '.dropout_of[d].'/test_error |' every ::p::p using 2 nooutput
        set label sprintf('(%.1f)', STATS_min) at p, d - 1 offset 0, -1 center front textcolor rgb (STATS_min > 52 ? 'white' : 'black')
    } } }
    load 'heatmap.gp'
}
