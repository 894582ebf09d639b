# Figure 9: test accuracy during training with five ways of halving signals, for three sizes of the training set, smoothed
# as the published curves are.
# item: Fig. 9
# needs: pooling
# ours: pooling smoothed_test_accuracy
# published: pooling_curves smoothed_test_accuracy
eval figure(17.4, 5.8)
array letter_of[3] = ['a', 'b', 'c']; array size_of[3] = [1000, 5000, 50000]
array low[3] = [20, 80, 90]; array high[3] = [85, 100, 100]; array tics[3] = [20, 5, 2]
columns = 3; rows = 1
load 'pooling.gp'
