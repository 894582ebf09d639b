# The curves of a panel of Figure 5.  The published figure cuts errors down to whole per cent; these are what was printed.
eval curve(cell.'/test_error', 'test', blue, solid)
eval curve(cell.'/train_error', 'training', vermilion, dashed)
published_run(series) = "eval published('".series."/test_error', blue); eval published('".series."/train_error', vermilion)"
earlier_run(series) = "eval published('".series."/test_error', black); eval published('".series."/train_error', black)"
eval note('dotted: published runs', 0.97, 0.96)
