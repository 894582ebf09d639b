# Figures 22 and 23: an activation function, learned with a decay of 0.9.
# item: Fig. 22; Fig. 23
# needs: activation-mu
# seeds: activation-mu test_accuracy_500 outer_objective *_accuracy_500 activation_at_*
# published: activation_curves test_accuracy_500 outer_objective
# published: activation_functions activation_at_300
cell = 'activation-mu/decay=0.9'; series = 'mu=0.9'; what = 'mu = 0.9'
load 'activation_run.gp'
