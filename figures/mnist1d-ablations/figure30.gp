# Figures 30 and 31: an activation function, learned with 100 hidden units.
# item: Fig. 30; Fig. 31
# needs: activation-size
# seeds: activation-size test_accuracy_500 outer_objective *_accuracy_500 activation_at_*
# published: activation_curves test_accuracy_500 outer_objective
# published: activation_functions activation_at_300
cell = 'activation-size/hidden=100'; series = 'hidden=100'; what = '100 units'
load 'activation_run.gp'
