# Question 13: the ultimate networks of two teams.
# item: Q13
# needs: ultimate ultimate-second data-set
# ours: ultimate train_accuracy train_loss val_accuracy val_loss
# ours: ultimate-second train_accuracy train_loss val_accuracy val_loss
# ours: data-set train_accuracy train_loss val_accuracy val_loss
# published: ultimate val_accuracy val_loss
# published: ultimate-second train_accuracy train_loss val_accuracy val_loss
# published: data-set train_accuracy train_loss val_accuracy val_loss
load 'runs.gp'
eval figure(17.4, 8.6)
last_epoch = 20; legend_panel = 2; legend_at = 'graph 1, 0.98 top right'
array low[4] = [75, 0, 78, 0.2]; array high[4] = [100, 1.6, 94, 0.6]; array tics[4] = [5, 0.4, 4, 0.1]
eval run_with('ultimate/epochs=15 optimizer=adam learning-rate=0.001 transfer=fine-tune transfer-learning-rate=0.0005/', \
         'first team', vermilion, solid, 'ultimate/drawn', 'val_accuracy val_loss')
eval run('ultimate/epochs=20 optimizer=sgd learning-rate=0.1 transfer=none', 'first team, SGD 0.1', orange, dashed, '')
eval run('ultimate-second/default', 'second team', green, solid, 'ultimate-second/second')
eval run('data-set/data=fashion-mnist', 'default', blue, solid, 'data-set/second Fashion-MNIST')
load 'panels.gp'
