# The MNIST row of Table 1: test accuracy of four models during training, at two learning rates.
# item: Table 1
# needs: classification-mnist
# ours: classification-mnist test_accuracy
eval figure(8.5, 6.5)
eval margins(1.15, 2.45, 1.1, 0.3)
eval x_axis('training step', 0, 6000); set xtics 2000
eval y_axis('test accuracy (%)', 84, 100); set ytics 84, 4, 100
array model_of[4] = ['cnn', 'gru', 'mlp', 'logistic']
array model_text[4] = ['CNN', 'GRU', 'MLP', 'logistic']
array model_colour[4] = [blue, vermilion, green, purple]
do for [m = 1:4] { do for [rate in '0.001 0.01'] {
    cell = sprintf('model=%s learning-rate=%s/test_accuracy', model_of[m], rate)
    eval curve('classification-mnist/'.cell, rate eq '0.001' ? model_text[m] : '', model_colour[m], rate eq '0.001' ? solid : dashed)
} }
eval level(99, 'printed: above 99', black, dotted)
eval level(94, 'printed: 94', purple, dotted)
eval note('dashed: rate 0.01', 0.97, 0.045)
load 'curves.gp'
