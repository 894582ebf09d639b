# Beside Figure 7: test error against dropout, of the six networks of 50 and 100 units, dropout active in the evaluation as
# published; a panel for each label noise.
# item: Fig. 7
# needs: descent-grid
# ours: descent-grid active_test_error along dropout
eval figure(17.4, 6.2)
array noise_of[3] = ['0', '0.1', '0.2']; array units_of[2] = ['50', '100']; array layers_of[3] = ['1', '2', '3']
array low_of_panel[3] = [33, 41, 45]
array colour_for[3] = [black, blue, vermilion]
band = 'error'
array left_of[4] = [0, 0.295, 0.59, 1]
do for [p = 1:3] {
    eval panel(p - 1, 3, 0, 1); eval area(left_of[p], left_of[p + 1], 0, 1, 1.15, p == 3 ? 2.4 : 0.3, 1.1, 0.6)
    eval x_axis('dropout', -0.01, 0.31); set xtics (0, 0.1, 0.3)
    eval y_axis(p == 1 ? 'test error (%)' : '', low_of_panel[p], low_of_panel[p] + 17); set ytics 5
    eval title(substr('abc', p, p), 'label noise '.noise_of[p])
    do for [u = 1:2] { do for [l = 1:3] {
        eval curve('descent-grid/label-noise='.noise_of[p].' widths='.units_of[u].' layers='.layers_of[l].' dropout=*/active_test_error', \
                   p == 3 ? units_of[u].' units, '.layers_of[l].(l == 1 ? ' layer' : ' layers') : '', colour_for[l], u == 1 ? dashed : solid)
    } }
    load 'curves.gp'
}
