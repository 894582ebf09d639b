# Figure 8: metalearning a learning rate from above and from below; as Figure 6 of the MNIST-1D paper.
# item: Fig. 8
# needs: rate-start
# seeds: rate-start mean_inner_loss final_inner_loss learned_rate
# published: rate-start mean_inner_loss final_inner_loss learned_rate
eval figure(17.4, 5.6)
experiment = 'rate-start'; parameter = 'initial-rate'; end_step = 49
array value_of[2] = ['1.5', '0.15']; array text_of_value[2] = ['from 1.5', 'from 0.15']
array low[3] = [1.70, 1.45, 0.3]; array high[3] = [1.76, 1.70, 1.55]; array tics[3] = [0.02, 0.05, 0.4]
load 'rates.gp'
