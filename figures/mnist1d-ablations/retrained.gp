# A panel of retraining: dense network, ticket and random mask from fresh weights, as published, and the ticket from its own
# initial weights.  Fresh weights do not tell orders of the features apart, so that dense and random networks of a reordered
# signal are those of the original one.  In: data, base.  Bands are the standard error over trials, with n - 1.
band = 'error'; marks = 10
eval curve('lottery-tickets/default/'.base.'_fresh_dense_accuracy', 'dense', black, solid)
eval curve('lottery-tickets/default/'.data.'_fresh_lottery_accuracy', 'ticket', blue, solid)
eval curve('lottery-tickets/default/'.base.'_fresh_random_accuracy', 'random', vermilion, solid)
eval curve('lottery-tickets/default/'.data.'_lottery_accuracy', 'ticket, own', blue, dashed)
eval published('lottery-tickets/'.data.' dense/test_accuracy', black)
eval published('lottery-tickets/'.data.' lottery/test_accuracy', blue)
eval published('lottery-tickets/'.data.' random/test_accuracy', vermilion)
eval note('dotted: published', 0.97, 0.06)
load 'curves.gp'
