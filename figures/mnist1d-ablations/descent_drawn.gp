# Errors against a setting, with wrong labels shared by the networks of a seed and drawn for each; the latter is how the
# published runs had them.
eval curve(experiment.'/'.sprintf(cell, 'seed').'/test_error', 'test', blue, solid)
eval curve(experiment.'/'.sprintf(cell, 'seed').'/train_error', 'training', vermilion, solid)
eval curve(experiment.'/'.sprintf(cell, 'network').'/test_error', '', blue, dashed)
eval curve(experiment.'/'.sprintf(cell, 'network').'/train_error', '', vermilion, dashed)
eval published(experiment.'/'.series.'/test_error', blue)
eval published(experiment.'/'.series.'/train_error', vermilion)
load 'curves.gp'
