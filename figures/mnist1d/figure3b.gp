# Figure 3b: MNIST-1D as a map, of the first seed.
# item: Fig. 3b
# needs: embedding
# pairs: embedding map_x_* map_y_*
eval figure(8.5, 8.5)
eval margins(0.1, 0.1, 0.55, 0.6)
eval title('b', 'MNIST-1D')
eval map('embedding/default/map_x_%d map_y_%d', 10, 0)
map_point = 0.2; map_names = 0
load 'map.gp'
