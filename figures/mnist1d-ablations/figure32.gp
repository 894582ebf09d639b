# Figures 32 and 33: an activation function, learned with 200 hidden units.
# item: Fig. 32; Fig. 33
# needs: activation-size
# seeds: activation-size test_accuracy_500 outer_objective *_accuracy_500 activation_at_*
# published: activation_curves test_accuracy_500 outer_objective
# published: activation_functions activation_at_300
cell = 'activation-size/hidden=200'; series = 'hidden=200'; what = '200 units'
load 'activation_run.gp'
