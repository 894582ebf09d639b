# Figures 16 and 17: an activation function, learned with a decay of 0.5.
# item: Fig. 16; Fig. 17
# needs: activation-mu
# seeds: activation-mu test_accuracy_500 outer_objective *_accuracy_500 activation_at_*
# published: activation_curves test_accuracy_500 outer_objective
# published: activation_functions activation_at_300
cell = 'activation-mu/decay=0.5'; series = 'mu=0.5'; what = 'mu = 0.5'
load 'activation_run.gp'
