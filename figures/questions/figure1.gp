# Questions 1 and 2: MNIST and Fashion-MNIST in 10 and in 20 epochs.
# item: Q1; Q2
# needs: data-set
# ours: data-set train_accuracy train_loss val_accuracy val_loss
# published: data-set train_accuracy train_loss val_accuracy val_loss
load 'runs.gp'
eval figure(17.4, 8.6)
last_epoch = 20
array low[4] = [40, 0, 65, 0]; array high[4] = [100, 1.6, 100, 0.9]; array tics[4] = [20, 0.4, 10, 0.2]
eval run('data-set/data=mnist', 'MNIST', vermilion, solid, 'data-set/second MNIST')
eval run('data-set/data=fashion-mnist', 'Fashion-MNIST', blue, solid, 'data-set/second Fashion-MNIST')
load 'panels.gp'
