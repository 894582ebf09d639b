# Figures 36 and 37: an activation function, learned with no noise.
# item: Fig. 36; Fig. 37
# needs: activation-noise
# seeds: activation-noise test_accuracy_500 outer_objective *_accuracy_500 activation_at_*
# published: activation_curves test_accuracy_500 outer_objective
# published: activation_functions activation_at_300
cell = 'activation-noise/noise-kind=none'; series = 'no noise'; what = 'no noise'
load 'activation_run.gp'
