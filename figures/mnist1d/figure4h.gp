# Of the lottery tickets, beside Figure 4: retraining pruned networks, on signals whose halves are exchanged (in the notebook only).
# item: notebook
# needs: lottery
# ours: lottery chunks_*_accuracy
# published: lottery_curves test_accuracy
eval figure(8.5, 6)
eval margins(1.15, 2.2, 1.1, 0.6)
eval x_axis('training step', 0, 6000); set xtics 2000
eval y_axis('test accuracy (%)', 50, 75); set ytics 50, 5
eval title('h', 'halves exchanged')
condition = 'chunks'; with_fresh = 1
load 'retraining.gp'
