# Proposal P10: nine losses of self-supervised learning; linear accuracy in the representation and neighbours in the outputs during
# training, and InfoNCE at four temperatures.
# item: P10
# needs: ssl-losses
# ours: ssl-losses linear_accuracy knn_accuracy
eval figure(17.4, 7)
array loss_of[9] = ['info-nce', 'nt-xent', 'triplet', 'alignment-uniformity', 'barlow-twins', 'vicreg', 'simsiam', 'alignment', 'supervised']
array loss_text[9] = ['InfoNCE', 'NT-Xent', 'triplet', 'uniformity', 'Barlow Twins', 'VICReg', 'SimSiam', 'alignment', 'supervised']
array loss_colour[9] = [black, blue, vermilion, green, purple, orange, red, vermilion, black]
key_of(loss, temperature) = 'ssl-losses/learning-rate=0.01 loss='.loss.(loss eq 'info-nce' || loss eq 'nt-xent' ? ' temperature='.temperature : '')
marks = 5; band = 'error'
array metric_of[2] = ['linear_accuracy', 'knn_accuracy']
do for [p = 1:2] {
    eval panel(0, 3, 0, 1); eval area(p == 1 ? 0 : 0.37, p == 1 ? 0.37 : 0.74, 0, 1, 1.15, 2.1, 1.1, 0.6)
    eval x_axis('epoch', 0, 200); set xtics 100
    eval y_axis('', 0, 100); set ytics 0, 25
    eval title(p == 1 ? 'a' : 'b', p == 1 ? 'linear, before the head (%)' : 'neighbours in the outputs (%)')
    do for [i = 1:9] { eval curve(key_of(loss_of[i], '0.5').'/'.metric_of[p], loss_text[i], loss_colour[i], i > 7 ? dashed : solid) }
    load 'curves.gp'
}
array temperature_of[4] = ['0.1', '0.2', '0.5', '1']
array temperature_colour[4] = [blue, green, black, vermilion]
eval panel(0, 3, 0, 1); eval area(0.74, 1, 0, 1, 1.0, 1.0, 1.1, 0.6)
eval x_axis('epoch', 0, 200); set xtics 100
eval y_axis('', 40, 90); set ytics 40, 10
eval title('c', 'temperature (%)')
do for [i = 1:4] { eval curve(key_of('info-nce', temperature_of[i]).'/linear_accuracy', temperature_of[i], temperature_colour[i], solid) }
load 'curves.gp'
