# A panel of Figure 2: errors against the width of two hidden layers; key is the cell.
eval curve('descent-size/'.cell.' widths=*/test_error', 'test', blue, solid)
eval curve('descent-size/'.cell.' widths=*/train_error', 'training', vermilion, dashed)
do for [again in 'x again'] {
    text = series.(again eq 'x' ? '' : ' again')
    eval published('descent-size/'.text.'/test_error', again eq 'x' ? blue : black)
    eval published('descent-size/'.text.'/train_error', again eq 'x' ? vermilion : black)
}
