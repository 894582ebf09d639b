# Figures 20 and 21: an activation function, learned with a decay of 0.7.
# item: Fig. 20; Fig. 21
# needs: activation-mu
# seeds: activation-mu test_accuracy_500 outer_objective *_accuracy_500 activation_at_*
# published: activation_curves test_accuracy_500 outer_objective
# published: activation_functions activation_at_300
cell = 'activation-mu/decay=0.7'; series = 'mu=0.7'; what = 'mu = 0.7'
load 'activation_run.gp'
