# Figure 4g: runs of neighbouring weights of a hidden unit, for each of the inputs, with the error over units; and what the
# published code counts for runs of four, with its fault.
# item: Fig. 4g
# needs: lottery
# ours: lottery random_adjacent+-random_adjacent_error lottery_adjacent+-lottery_adjacent_error
# ours: lottery lottery_adjacent_as_published+-lottery_adjacent_as_published_error
# published: lottery adjacent
eval figure(8.5, 6)
bar_scale = 1000
array height[3] = [12, 3, 1.2]
set label 2 bold('g') at screen 0.02, 0.955 left
set label 3 'random mask' at screen 0.13, 0.955 left textcolor rgb colour_of[vermilion]
set label 4 'ticket' at screen 0.42, 0.955 left textcolor rgb colour_of[blue]
set label 5 'hatched: as published' at screen 0.98, 0.955 right textcolor rgb colour_of[blue]
set label 6 'dots: published' at screen 0.98, 0.885 right textcolor rgb grey
do for [length = 2:4] {
    eval panel(length - 2, 3, 0, 1)
    eval area((length - 2) / 3.0, (length - 1) / 3.0, 0, 1, 1.05, 0.1, 0.8, 1.1)
    eval x_axis(sprintf('runs of %d', length), length - 0.5, length + 0.5); unset xtics
    eval y_axis(length == 2 ? 'number in 1000 inputs' : '', 0, height[length - 1]); set ytics height[length - 1] / 3
    eval bars('ours', 'lottery/default/random_adjacent+-random_adjacent_error', '', vermilion, filled)
    eval published_dots('lottery/random ticket/adjacent')
    eval bars('ours', 'lottery/default/lottery_adjacent+-lottery_adjacent_error', '', blue, filled)
    if (length == 4) { # what the published code counts, with its fault
        eval bars('ours', 'lottery/default/lottery_adjacent_as_published+-lottery_adjacent_as_published_error', '', blue, hatched)
    }
    eval published_dots('lottery/lottery ticket/adjacent')
    load 'bars.gp'
}
