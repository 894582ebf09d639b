# A panel of Figure 4 a and b: the search for tickets, by magnitude and at random; the dense network is its first round.
# Bands are the standard error over trials, with n - 1.
band = 'error'
key = 'lottery/default/lottery_'.metric
eval measure('ours.dat', key)
rounds = last_x; dense = first_y
ours_x(x) = 100.0 * x / rounds
eval level(dense, 'dense', black, dashed)
eval curve(key, '', blue, solid)
eval curve('lottery/default/random_'.metric, '', vermilion, solid)
eval published('lottery_curves/lottery/'.metric, blue)
eval published('lottery_curves/random/'.metric, vermilion)
eval note('dotted: published run', 0.03, 0.06)
marks = 8
load 'curves.gp'
