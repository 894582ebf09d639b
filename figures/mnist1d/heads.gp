# Our curves of a metric with three projection heads, and those of both recorded runs.
array head_of[3] = ['2', '0', '4']
array head_text[3] = ['default head', 'no head', 'deep head']
array head_name[3] = ['default', 'none', 'deep']
array head_colour[3] = [black, vermilion, blue]
do for [h = 1:3] {
    eval curve('self-supervised/head-layers='.head_of[h].'/'.metric, head_text[h], head_colour[h], solid)
    eval published('self-supervised_curves/'.head_name[h].' figure/'.metric, head_colour[h])
    eval published_points('self-supervised_curves/'.head_name[h].' repository/'.metric, head_colour[h], 1, cross)
}
