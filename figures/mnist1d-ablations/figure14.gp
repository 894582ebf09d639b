# Figures 14 and 15: an activation function, learned with a decay of 0.3.
# item: Fig. 14; Fig. 15
# needs: activation-mu
# seeds: activation-mu test_accuracy_500 outer_objective *_accuracy_500 activation_at_*
# published: activation_curves test_accuracy_500 outer_objective
# published: activation_functions activation_at_300
cell = 'activation-mu/decay=0.3'; series = 'mu=0.3'; what = 'mu = 0.3'
load 'activation_run.gp'
