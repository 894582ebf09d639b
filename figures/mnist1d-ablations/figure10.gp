# Figure 10: the learned rate of five widths.
# item: Fig. 10
# needs: rate-width
# seeds: rate-width mean_inner_loss final_inner_loss learned_rate
# published: rate-width mean_inner_loss final_inner_loss learned_rate
eval figure(17.4, 5.6)
experiment = 'rate-width'; parameter = 'hidden'; end_step = 49
array value_of[5] = ['10', '30', '50', '100', '200']; array text_of_value[5] = ['10 units', '30', '50', '100', '200']
array low[3] = [1.70, 1.45, 0.2]; array high[3] = [1.80, 1.70, 0.85]; array tics[3] = [0.02, 0.05, 0.2]
load 'rates.gp'
