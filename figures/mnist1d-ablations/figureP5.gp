# Proposal P5: test error against width for six parts of wrong labels.
# item: P5
# needs: descent-surface
# ours: descent-surface test_error along widths
eval figure(17.4, 7.5)
eval margins(1.15, 1.6, 1.1, 0.6)
log_x = 1
eval x_axis('hidden units per layer', 1.8, 215); set xtics (2, 5, 10, 20, 50, 100, 200)
eval y_axis('test error (%)', 35, 72); set ytics 40, 10
eval title('', 'label noise and width')
array noise_of[6] = ['0', '0.05', '0.1', '0.15', '0.2', '0.3']
array colour_for[6] = [black, blue, green, purple, orange, vermilion]
do for [k = 1:6] { eval curve('descent-surface/label-noise='.noise_of[k].' widths=*/test_error', noise_of[k], colour_for[k], solid) }
load 'curves.gp'
