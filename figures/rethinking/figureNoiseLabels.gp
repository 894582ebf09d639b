# Noise and MNIST with random labels: training accuracy by epoch.
# item: noise
# needs: noise-labels
# ours: noise-labels train_accuracy
eval figure(12, 6.5)
eval x_axis('epoch', 1, 150); set xtics 30
eval y_axis('training accuracy (%)', 0, 100); set ytics 20
eval curve('noise-labels/data=noise network=mlp-1x512 label-corruption=0 epochs=60 learning-rate=0.05 decay=0.98 record-every=1/train_accuracy', 'noise, one layer', blue, solid)
eval curve('noise-labels/data=mnist network=mlp-3x512 label-corruption=1 epochs=100 learning-rate=0.01 decay=0.99 record-every=10/train_accuracy', 'MNIST, three layers', green, solid)
eval curve('noise-labels/data=mnist network=mlp-1x512 label-corruption=1 epochs=150 learning-rate=0.05 decay=0.98 record-every=10/train_accuracy', 'MNIST, one layer', vermilion, solid)
band = 'error'
legend = 'graph 0.98, 0.06 bottom right'
load 'curves.gp'
