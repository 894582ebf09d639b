# Figure 11: the learned rate, learned at five rates, over 500 outer steps.
# item: Fig. 11
# needs: rate-meta-rate
# seeds: rate-meta-rate mean_inner_loss final_inner_loss learned_rate
# published: rate-meta-rate mean_inner_loss final_inner_loss learned_rate
eval figure(17.4, 5.6)
experiment = 'rate-meta-rate'; parameter = 'meta-rate'; end_step = 499
array value_of[5] = ['0.005', '0.01', '0.02', '0.025', '0.03']; array text_of_value[5] = ['at 0.005', '0.01', '0.02', '0.025', '0.03']
array low[3] = [1.70, 1.45, 0.0]; array high[3] = [1.80, 1.75, 0.7]; array tics[3] = [0.02, 0.05, 0.2]
load 'rates.gp'
