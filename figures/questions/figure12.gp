# Question 12: a layer removed, the last one or the second convolution.
# item: Q12
# needs: removed-layer data-set
# ours: removed-layer train_accuracy train_loss val_accuracy val_loss
# ours: data-set train_accuracy train_loss val_accuracy val_loss
# published: removed-layer train_accuracy train_loss val_accuracy val_loss
# published: data-set train_accuracy train_loss val_accuracy val_loss
load 'runs.gp'
eval figure(17.4, 8.6)
array low[4] = [40, 0.4, 65, 0.4]; array high[4] = [90, 1.6, 88, 0.9]; array tics[4] = [10, 0.4, 5, 0.1]
eval run('removed-layer/network=one-block', 'without conv2', green, solid, 'removed-layer/second')
eval run('removed-layer/network=one-linear-relu', 'without fc2, as coded', vermilion, solid, '')
eval run('removed-layer/network=one-linear', 'without fc2', orange, dashed, '')
eval run('data-set/data=fashion-mnist', 'default', blue, solid, 'data-set/second Fashion-MNIST')
load 'panels.gp'
