# Figure 9: metalearning a learning rate from five starts.
# item: Fig. 9
# needs: rate-start
# seeds: rate-start mean_inner_loss final_inner_loss learned_rate
# published: rate-start mean_inner_loss final_inner_loss learned_rate
eval figure(17.4, 5.6)
experiment = 'rate-start'; parameter = 'initial-rate'; end_step = 49
array value_of[5] = ['0.05', '0.1', '0.15', '0.2', '1']; array text_of_value[5] = ['from 0.05', '0.1', '0.15', '0.2', '1']
array low[3] = [1.70, 1.45, 0.3]; array high[3] = [1.76, 1.70, 1.15]; array tics[3] = [0.02, 0.05, 0.2]
load 'rates.gp'
