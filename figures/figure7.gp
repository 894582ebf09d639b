# Figure 7: an activation function of one hidden layer, learned.
# study: meta-activation
load 'figures/style.gp'
study = 'meta-activation'; figure = 'figure7'
legend = 'dots: recorded run; crosses: Fig. 7'
load 'figures/activation_panels.gp'
