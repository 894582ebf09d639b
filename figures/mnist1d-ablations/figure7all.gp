# Figure 7, all 81 settings: test error in eval mode against label noise and dropout, a panel for each network.
# item: Fig. 7; Table 1
# needs: descent-grid
# ours: descent-grid test_error along label-noise dropout
eval figure(17.4, 15)
array units_of[3] = ['10', '50', '100']; array layers_of[3] = ['1', '2', '3']
do for [u = 1:3] { do for [l = 1:3] {
    eval panel(u - 1, 3, l - 1, 3)
    eval x_axis('label noise', 0, 1)
    eval y_axis('dropout', 0, 1)
    eval title('', units_of[u].' units, '.layers_of[l].(l == 1 ? ' layer' : ' layers'))
    eval heat('descent-grid/label-noise=* widths='.units_of[u].' layers='.layers_of[l].' dropout=*/test_error')
    heat_range = '35:65'
    load 'heatmap.gp'
} }
