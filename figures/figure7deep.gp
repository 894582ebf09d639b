# Figure 7 with the network of two hidden layers that the paper describes; what is published is of one, as its code.
# study: meta-activation-deep
load 'figures/style.gp'
study = 'meta-activation-deep'; figure = 'figure7deep'
legend = 'dots, crosses: one layer'
load 'figures/activation_panels.gp'
