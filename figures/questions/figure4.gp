# Question 4: SGD, Adam and RMSprop.
# item: Q4
# needs: optimizer data-set
# ours: optimizer train_accuracy train_loss val_accuracy val_loss
# seeds: optimizer train_accuracy train_loss val_accuracy val_loss
# ours: data-set train_accuracy train_loss val_accuracy val_loss
# published: optimizer train_accuracy train_loss val_accuracy val_loss
# published: data-set train_accuracy train_loss val_accuracy val_loss
load 'runs.gp'
legend_panel = 1; legend_at = 'graph 1, 0.2 bottom right'
eval figure(17.4, 8.6)
array low[4] = [0, 0, 0, 0]; array high[4] = [100, 2.4, 100, 2.4]; array tics[4] = [20, 0.6, 20, 0.6]
eval run('optimizer/optimizer=adam learning-rate=0.001', 'Adam', vermilion, solid, 'optimizer/second adam')
eval run_seeds('optimizer/optimizer=rmsprop learning-rate=0.01', 'RMSprop, each seed', green, solid, 'optimizer/second rmsprop')
eval run('data-set/data=fashion-mnist', 'SGD, default', blue, solid, 'data-set/second Fashion-MNIST')
load 'panels.gp'
