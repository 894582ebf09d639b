# Question 4: SGD, Adam and RMSprop.
# item: Q4
# needs: optimizer data-set
# ours: optimizer train_accuracy train_loss val_accuracy val_loss
# ours: data-set train_accuracy train_loss val_accuracy val_loss
# published: optimizer train_accuracy train_loss val_accuracy val_loss
# published: data-set train_accuracy train_loss val_accuracy val_loss
load 'runs.gp'
eval figure(17.4, 8.6)
array low[4] = [40, 0.3, 68, 0.3]; array high[4] = [90, 1.6, 90, 0.9]; array tics[4] = [10, 0.3, 5, 0.2]
eval run('optimizer/optimizer=adam learning-rate=0.001', 'Adam', vermilion, solid, 'optimizer/second adam')
eval run('optimizer/optimizer=rmsprop learning-rate=0.01', 'RMSprop', green, solid, 'optimizer/second rmsprop')
eval run('data-set/data=fashion-mnist', 'SGD, default', blue, solid, 'data-set/second Fashion-MNIST')
load 'panels.gp'
