# The curves of Figure 2, of one metric: four models on features in order (solid, filled markers) and shuffled (dashed, open).
marks = 4
array model_of[4] = ['cnn', 'gru', 'mlp', 'logistic']
array model_text[4] = ['CNN', 'GRU', 'MLP', 'logistic']
array model_colour[4] = [blue, vermilion, green, purple]
do for [m = 1:4] { do for [features in 'original shuffled'] {
    cell = sprintf('model=%s features=%s/%s', model_of[m], features, metric)
    eval curve('classification/'.cell, model_text[m].(features eq 'shuffled' ? ' shuffled' : ''), model_colour[m], \
               features eq 'shuffled' ? dashed : solid)
    eval published('classification_curves/'.cell, model_colour[m])
} }
eval note('dashed: shuffled features', 0.97, 0.115)
eval note('dotted: published run', 0.97, 0.045)
load 'curves.gp'
