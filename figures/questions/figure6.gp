# Question 6: the batch size.
# item: Q6
# needs: batch-size data-set
# ours: batch-size train_accuracy train_loss val_accuracy val_loss
# ours: data-set train_accuracy train_loss val_accuracy val_loss
# published: batch-size train_accuracy train_loss val_accuracy val_loss
# published: data-set train_accuracy train_loss val_accuracy val_loss
load 'runs.gp'
eval figure(17.4, 8.6)
array low[4] = [0, 0, 0, 0]; array high[4] = [100, 2.4, 100, 2.4]; array tics[4] = [20, 0.6, 20, 0.6]
eval run('batch-size/epochs=10 batch=32', '32', vermilion, solid, 'batch-size/second 32')
eval run('data-set/data=fashion-mnist', '256, default', blue, solid, 'data-set/second Fashion-MNIST')
eval run('batch-size/epochs=20 batch=2048', '2048', green, solid, 'batch-size/second 2048')
load 'panels.gp'
