# Figures 18 and 19: an activation function, learned with a decay of 0.6.
# item: Fig. 18; Fig. 19
# needs: activation-mu
# seeds: activation-mu test_accuracy_500 outer_objective *_accuracy_500 activation_at_*
# published: activation_curves test_accuracy_500 outer_objective
# published: activation_functions activation_at_300
cell = 'activation-mu/decay=0.6'; series = 'mu=0.6'; what = 'mu = 0.6'
load 'activation_run.gp'
