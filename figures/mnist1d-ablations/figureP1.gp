# Proposal P1: test accuracy of tickets against the share of weights left out, for ways of pruning.
# item: P1
# needs: lottery-pruning
# ours: lottery-pruning lottery_test_accuracy against sparsity
eval figure(17.4, 7.5)
band = 'error'; marks = 8
eval x_axis('weights left out (%)', 0, 100); set xtics 20
eval y_axis('test accuracy (%)', 48, 76); set ytics 50, 5
eval title('', 'ways of pruning')
cell(rounds, schedule, by) = 'lottery-pruning/rounds='.rounds.' schedule='.schedule.' pruned-by='.by.' score-step=1000/lottery_test_accuracy'
eval curve(cell('100', 'linear', 'before'), '100 rounds, linear', blue, solid)
eval curve(cell('50', 'linear', 'before'), '50 rounds', green, solid)
eval curve(cell('20', 'linear', 'before'), '20 rounds', purple, solid)
eval curve(cell('10', 'linear', 'before'), '10 rounds', orange, solid)
eval curve(cell('100', 'geometric keep=0.97', 'before'), '97 % kept in each', black, dashed)
eval curve(cell('45', 'geometric keep=0.9', 'before'), '90 % kept in each', green, dashed)
eval curve(cell('21', 'geometric keep=0.8', 'before'), '80 % kept in each', red, dashed)
eval curve(cell('51', 'linear', 'first'), 'at once', vermilion, solid)
legend = 'graph 0.02, 0.02 bottom left'
load 'curves.gp'
