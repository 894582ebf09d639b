# Figures 24 and 25: an activation function, learned with a decay of 1, that is plain gradient descent.
# item: Fig. 24; Fig. 25
# needs: activation-mu
# seeds: activation-mu test_accuracy_500 outer_objective *_accuracy_500 activation_at_*
# published: activation_curves test_accuracy_500 outer_objective
# published: activation_functions activation_at_300
cell = 'activation-mu/decay=1'; series = 'mu=1'; what = 'mu = 1'
accuracy_low = 10; accuracy_high = 45; objective_low = 1.6; objective_high = 2; objective_tics = 0.1
function_low = -15; function_high = 20; function_tics = 5
load 'activation_run.gp'
