# Section 2.5.1: the encoder's outputs for the training signals as a map, before training and after, of the first seed.
# item: Section 2.5.1
# needs: ssl-outputs
# pairs: ssl-outputs before_map_x_* before_map_y_*
# pairs: ssl-outputs map_x_* map_y_*
eval figure(17.4, 8.7)
eval panel(0, 2, 0, 1); eval area(0, 0.5, 0, 1, 0.1, 0.3, 0.55, 0.6)
eval title('', 'before training')
eval map('ssl-outputs/default/before_map_x_%d before_map_y_%d', 10, 0)
map_point = 0.2; map_names = 0
load 'map.gp'
eval area(0.5, 1, 0, 1, 0.3, 0.1, 0.55, 0.6)
eval title('', 'after training')
eval map('ssl-outputs/default/map_x_%d map_y_%d', 10, 0)
map_names = 1
load 'map.gp'
