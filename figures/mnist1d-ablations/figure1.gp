# Figure 1: MNIST, every 14th digit, and MNIST-1D as maps, of the first seed.
# item: Fig. 1
# needs: map-mnist map-mnist1d
# pairs: map-mnist map_x_* map_y_*
# pairs: map-mnist1d map_x_* map_y_*
eval figure(17.4, 8.7)
eval panel(0, 2, 0, 1); eval area(0, 0.5, 0, 1, 0.1, 0.3, 0.55, 0.6)
eval title('', 'MNIST')
eval map('map-mnist/default/map_x_%d map_y_%d', 10, 0)
map_point = 0.2; map_names = 1
load 'map.gp'
eval area(0.5, 1, 0, 1, 0.3, 0.1, 0.55, 0.6)
eval title('', 'MNIST-1D')
eval map('map-mnist1d/default/map_x_%d map_y_%d', 10, 0)
map_names = 0
load 'map.gp'
