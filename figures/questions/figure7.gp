# Question 7: the number of channels, as assigned (the linear layer too) and as the code of the first team has it.
# item: Q7
# needs: channels data-set
# ours: channels train_accuracy train_loss val_accuracy val_loss
# ours: data-set train_accuracy train_loss val_accuracy val_loss
# published: channels train_accuracy train_loss val_accuracy val_loss
# published: data-set train_accuracy train_loss val_accuracy val_loss
load 'runs.gp'
eval figure(17.4, 8.6)
array low[4] = [30, 0.4, 58, 0.4]; array high[4] = [90, 3.0, 88, 1.1]; array tics[4] = [20, 0.4, 10, 0.2]
eval run('channels/network=double epochs=10', 'double, as assigned', vermilion, solid, 'channels/second double')
eval run_with('channels/network=double-channels epochs=20/', \
         'double, as coded', orange, dashed, 'channels/drawn double', 'val_accuracy')
eval run('data-set/data=fashion-mnist', 'default', blue, solid, 'data-set/second Fashion-MNIST')
eval run_with('channels/network=half-channels epochs=10/', \
         'half, as coded', green, dashed, 'channels/drawn half', 'val_accuracy')
eval run('channels/network=half epochs=10', 'half, as assigned', purple, solid, 'channels/second half')
load 'panels.gp'
