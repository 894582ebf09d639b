# Questions 8 to 10: batch normalisation after the first block, and dropout of channels after and before it.
# item: Q8; Q9; Q10
# needs: normalization data-set
# ours: normalization train_accuracy train_loss val_accuracy val_loss
# ours: data-set train_accuracy train_loss val_accuracy val_loss
# published: normalization train_accuracy train_loss val_accuracy val_loss
# published: data-set train_accuracy train_loss val_accuracy val_loss
load 'runs.gp'
eval figure(17.4, 10.8)
legend_panel = 1; legend_at = 'graph 1, 0.02 bottom right'
array low[4] = [-10, 0.4, 62, 0.4]; array high[4] = [90, 2.2, 86, 1.1]; array tics[4] = [20, 0.4, 10, 0.2]
eval run('normalization/network=batch-norm epochs=20 scales=uniform', \
         'batch normalisation', vermilion, solid, 'normalization/second batch normalisation')
eval run('data-set/data=fashion-mnist', 'default', blue, solid, 'data-set/second Fashion-MNIST')
eval run('normalization/network=batch-norm-dropout epochs=10 channel-dropout=0.2 scales=uniform', \
         'then dropout 0.2', green, solid, 'normalization/second dropout after')
eval run('normalization/network=batch-norm-dropout epochs=20 channel-dropout=0.5 scales=uniform', \
         'then dropout 0.5', green, dashed, '')
eval run('normalization/network=dropout-batch-norm epochs=10 channel-dropout=0.2 scales=uniform', \
         'dropout 0.2 before it', purple, solid, 'normalization/second dropout before')
eval run('normalization/network=dropout-batch-norm epochs=10 channel-dropout=0.5 scales=uniform', \
         'dropout 0.5 before it', purple, dashed, '')
load 'panels.gp'
