# Proposal P2: retraining on the second data set with what is kept of a ticket.
# item: P2
# needs: lottery-tickets
# ours: lottery-tickets original_*_accuracy
eval figure(17.4, 7.5)
eval margins(1.15, 4.2, 1.1, 0.6)
band = 'error'; marks = 10
eval x_axis('training step', 0, 6000); set xtics 2000
eval y_axis('test accuracy (%)', 54, 74); set ytics 5
eval title('', 'what is kept of a ticket')
eval curve('lottery-tickets/default/original_lottery_accuracy', 'places, own weights', blue, solid)
eval curve('lottery-tickets/default/original_signs_lottery_accuracy', 'places, own signs', green, solid)
eval curve('lottery-tickets/default/original_signs_alone_lottery_accuracy', 'places, signs alone', purple, solid)
eval curve('lottery-tickets/default/original_fresh_lottery_accuracy', 'places', blue, dashed)
eval curve('lottery-tickets/default/original_fresh_scattered_accuracy', 'inputs of each unit', orange, solid)
eval curve('lottery-tickets/default/original_fresh_random_accuracy', 'share of weights', vermilion, dashed)
eval curve('lottery-tickets/default/original_fresh_dense_accuracy', 'dense network', black, dashed)
load 'curves.gp'
