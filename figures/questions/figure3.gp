# Question 3: the learning rate of SGD.
# item: Q3
# needs: learning-rate data-set
# ours: learning-rate train_accuracy train_loss val_accuracy val_loss
# ours: data-set train_accuracy train_loss val_accuracy val_loss
# published: learning-rate train_accuracy train_loss val_accuracy val_loss
# published: data-set train_accuracy train_loss val_accuracy val_loss
load 'runs.gp'
eval figure(17.4, 8.6)
array low[4] = [0, 0, 0, 0]; array high[4] = [100, 2.4, 100, 2.4]; array tics[4] = [20, 0.6, 20, 0.6]
eval run('learning-rate/learning-rate=0.1', '0.1', vermilion, solid, 'learning-rate/second 0.1')
eval run('data-set/data=fashion-mnist', '0.01, default', blue, solid, 'data-set/second Fashion-MNIST')
eval run('learning-rate/learning-rate=0.001', '0.001', green, solid, 'learning-rate/second 0.001')
load 'panels.gp'
