# Figure 7 with the network of two hidden layers that the paper describes; what is published is of one, as its code.
# item: Section 5.4
# needs: meta-activation-deep
# seeds: meta-activation-deep test_accuracy_500 outer_objective *_accuracy_500 activation_at_*
# published: meta-activation_curves test_accuracy_500 outer_objective
experiment = 'meta-activation-deep'
dots_text = 'dots: one layer, recorded'; crosses_text = 'crosses: Fig. 7'
load 'activation.gp'
