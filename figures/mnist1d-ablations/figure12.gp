# Figures 12 and 13: an activation function, learned with a decay of 0.4, as published before.
# item: Fig. 12; Fig. 13
# needs: activation-mu
# seeds: activation-mu test_accuracy_500 outer_objective *_accuracy_500 activation_at_*
# published: activation_curves test_accuracy_500 outer_objective
# published: activation_functions activation_at_300
cell = 'activation-mu/decay=0.4'; series = 'mu=0.4'; what = 'mu = 0.4'
load 'activation_run.gp'
