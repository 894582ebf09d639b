# Question 15: networks trained on Fashion-MNIST, fine-tuned on MNIST.
# item: Q15
# needs: ultimate ultimate-second data-set
# ours: ultimate transfer_train_accuracy transfer_train_loss transfer_val_accuracy transfer_val_loss
# ours: ultimate-second transfer_train_accuracy transfer_train_loss transfer_val_accuracy transfer_val_loss
# ours: data-set train_accuracy train_loss val_accuracy val_loss
# published: ultimate val_accuracy
# published: ultimate-second train_accuracy train_loss val_accuracy val_loss
# published: data-set train_accuracy train_loss val_accuracy val_loss
load 'runs.gp'
eval figure(17.4, 8.6)
legend_panel = 2; legend_at = 'graph 1, 0.98 top right'
array low[4] = [0, 0, 84, 0]; array high[4] = [100, 4.8, 100, 0.5]; array tics[4] = [20, 1.2, 4, 0.1]
eval run_with('ultimate/epochs=15 optimizer=adam learning-rate=0.001 transfer=fine-tune transfer-learning-rate=0.005/transfer_', \
         'first team, rate 0.005', vermilion, solid, 'ultimate/drawn tuned', 'val_accuracy')
eval run_with('ultimate/epochs=15 optimizer=adam learning-rate=0.001 transfer=fine-tune transfer-learning-rate=0.0005/transfer_', \
         'first team, rate 0.0005', orange, dashed, '', '')
eval run_with('ultimate-second/default/transfer_', 'second team', green, solid, 'ultimate-second/second tuned', all_metrics)
eval run('data-set/data=mnist', 'default, from the start', blue, solid, 'data-set/second MNIST')
load 'panels.gp'
