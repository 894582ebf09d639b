# Question 11: one more convolution, as the first and as the second team added it.
# item: Q11
# needs: extra-layer data-set
# ours: extra-layer train_accuracy train_loss val_accuracy val_loss
# ours: data-set train_accuracy train_loss val_accuracy val_loss
# published: data-set train_accuracy train_loss val_accuracy val_loss
# published: extra-layer train_accuracy train_loss val_accuracy val_loss
load 'runs.gp'
eval figure(17.4, 8.6)
array low[4] = [0, 0.4, 20, 0.4]; array high[4] = [90, 2.4, 90, 2.2]; array tics[4] = [20, 0.4, 20, 0.4]
eval run('data-set/data=fashion-mnist', 'default', blue, solid, 'data-set/second Fashion-MNIST')
eval run('extra-layer/network=third-convolution epochs=20', '3 x 3, no pooling', vermilion, solid, '')
eval run('extra-layer/network=third-block epochs=10', '2 x 2, pooling', green, solid, 'extra-layer/second')
load 'panels.gp'
