# Question 5: the rate of dropout.
# item: Q5
# needs: dropout data-set
# ours: dropout train_accuracy train_loss val_accuracy val_loss
# ours: data-set train_accuracy train_loss val_accuracy val_loss
# published: dropout train_accuracy train_loss val_accuracy val_loss
# published: data-set train_accuracy train_loss val_accuracy val_loss
load 'runs.gp'
eval figure(17.4, 10.8)
legend_panel = 3; legend_at = 'graph 1, 0.21 bottom right'
array low[4] = [0, 0, 0, 0]; array high[4] = [100, 2.4, 100, 2.4]; array tics[4] = [20, 0.6, 20, 0.6]
eval run('dropout/epochs=10 dropout=0', '0', black, solid, 'dropout/second 0')
eval run('dropout/epochs=20 dropout=0.25', '0.25', green, solid, 'dropout/second 0.25')
eval run('data-set/data=fashion-mnist', '0.5, default', blue, solid, 'data-set/second Fashion-MNIST')
eval run('dropout/epochs=10 dropout=0.9', '0.9', vermilion, solid, 'dropout/second 0.9')
eval run('dropout/epochs=10 dropout=1', '1', purple, dashed, 'dropout/second 1')
load 'panels.gp'
