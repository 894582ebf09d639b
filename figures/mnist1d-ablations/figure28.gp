# Figures 28 and 29: an activation function, learned with 50 hidden units.
# item: Fig. 28; Fig. 29
# needs: activation-size
# seeds: activation-size test_accuracy_500 outer_objective *_accuracy_500 activation_at_*
# published: activation_curves test_accuracy_500 outer_objective
# published: activation_functions activation_at_300
cell = 'activation-size/hidden=50'; series = 'hidden=50'; what = '50 units'
load 'activation_run.gp'
