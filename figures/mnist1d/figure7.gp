# Figure 7: an activation function of one hidden layer, learned.
# item: Fig. 7
# needs: meta-activation
# seeds: meta-activation test_accuracy_500 outer_objective *_accuracy_500 activation_at_*
# published: meta-activation_curves test_accuracy_500 outer_objective
experiment = 'meta-activation'
dots_text = 'dots: recorded run'; crosses_text = 'crosses: Fig. 7'
load 'activation.gp'
