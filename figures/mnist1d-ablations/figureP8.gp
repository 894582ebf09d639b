# Proposal P8: linear accuracy of the layers behind heads of 0 to 5 layers, and before the head for other widths and outputs.
# item: P8
# needs: ssl-heads
# ours: ssl-heads layer_linear_accuracy
eval figure(17.4, 6.5)
cell(layers, width, outputs) = 'ssl-heads/head-layers='.layers.' head-width='.width.' outputs='.outputs.'/layer_linear_accuracy'
array colour_at[6] = [vermilion, orange, black, green, blue, purple]
eval panel(0, 2, 0, 1); eval area(0, 0.5, 0, 1, 1.15, 2.0, 1.1, 0.6)
eval x_axis('layer', -0.2, 8.2); set xtics 0, 1, 8
eval y_axis('', 25, 92); set ytics 30, 10
eval title('a', 'linear accuracy of each layer (%)')
do for [h = 0:5] { eval curve(cell(sprintf('%d', h), '125', '16'), h == 1 ? '1 layer' : sprintf('%d layers', h), colour_at[h + 1], solid) }
load 'curves.gp'
eval panel(1, 2, 0, 1); eval area(0.5, 1, 0, 1, 1.15, 2.2, 1.1, 0.6)
eval x_axis('layer', -0.2, 5.2); set xtics 0, 1, 5
eval y_axis('', 25, 92); set ytics 30, 10
eval title('b', 'the same, two layers (%)')
eval curve(cell('2', '125', '16'), '125, 16', black, solid)
eval curve(cell('2', '32', '16'), '32, 16', vermilion, solid)
eval curve(cell('2', '500', '16'), '500, 16', blue, solid)
eval curve(cell('2', '125', '4'), '125, 4', orange, dashed)
eval curve(cell('2', '125', '64'), '125, 64', green, dashed)
load 'curves.gp'
