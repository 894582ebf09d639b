# A panel of Figure 4 c to f and h: networks with dense weights, the ticket's and random ones, retrained; and the ticket from
# fresh weights where that is another run.  Bands are the standard error over trials, with n - 1.
band = 'error'
array network_of[3] = ['dense', 'lottery', 'random']
array network_text[3] = ['dense', 'ticket', 'random']
array network_colour[3] = [black, blue, vermilion]
do for [k = 1:3] {
    eval curve('lottery/default/'.condition.'_'.network_of[k].'_accuracy', network_text[k], network_colour[k], solid)
    eval published('lottery_curves/'.condition.'_'.network_of[k].'/test_accuracy', network_colour[k])
}
if (with_fresh) { eval curve('lottery/default/'.condition.'_fresh_lottery_accuracy', 'ticket, fresh', blue, dashed) }
eval note('dotted: published run', 0.97, 0.06)
load 'curves.gp'
