# Figure 3a: MNIST as a map, of the first seed; every 14th of the 70,000 digits.
# item: Fig. 3a
# needs: embedding-mnist
# pairs: embedding-mnist map_x_* map_y_*
eval figure(8.5, 8.5)
eval margins(0.1, 0.1, 0.55, 0.6)
eval title('a', 'MNIST')
eval map('embedding-mnist/default/map_x_%d map_y_%d', 10, 0)
map_point = 0.2; map_names = 1
load 'map.gp'
