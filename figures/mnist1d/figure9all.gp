# Figure 9 as in the authors' repository, with all six sizes of the training set.
# item: notebook
# needs: pooling
# ours: pooling smoothed_test_accuracy
# published: pooling_curves smoothed_test_accuracy
eval figure(17.4, 11.6)
array letter_of[6] = ['a', 'b', 'c', 'd', 'e', 'f']; array size_of[6] = [1000, 2000, 5000, 10000, 20000, 50000]
array low[6] = [20, 70, 80, 90, 90, 90]; array high[6] = [85, 92, 100, 100, 100, 100]; array tics[6] = [20, 5, 5, 2, 2, 2]
columns = 3; rows = 2
load 'pooling.gp'
