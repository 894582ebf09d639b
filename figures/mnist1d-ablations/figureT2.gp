# Table 2 as a map: outer steps before the learned rate passes 1000 or is not finite, of 50, over its start and the rate of
# its learning.
# item: Table 2
# needs: rate-bound
# ours: rate-bound sound_steps along meta-rate initial-rate
eval figure(17.4, 5)
eval margins(1.6, 0.4, 1.1, 0.8)
eval x_axis('rate of the learning', 0, 1)
eval y_axis('initial rate', 0, 1)
eval title('', 'outer steps, of 50, before the learned rate is lost (mean over draws of the weights)')
heat_format = '%.0f'
eval heat('rate-bound/initial-rate=* meta-rate=* gradient-bound=0/sound_steps')
load 'heatmap.gp'
