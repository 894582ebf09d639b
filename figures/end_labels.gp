# Labels at the right end of curves, moved apart where they would overlap.
# In: n_labels, arrays label_text, label_y, label_colour; end_x, label_x (graph's x of curve end and text),
# label_step (least distance) and label_top (highest position), both in units of y.
array label_order[n_labels]
do for [i = 1:n_labels] { label_order[i] = i }
do for [i = 1:n_labels] { do for [j = 1:n_labels - i] {
    if (label_y[label_order[j]] < label_y[label_order[j + 1]]) {
        swap = label_order[j]; label_order[j] = label_order[j + 1]; label_order[j + 1] = swap
    }
} }
# From the top down, each as near to its curve as the one above allows; a crowd is then centred on its curves.
array label_at[n_labels]
do for [k = 1:n_labels] { label_at[k] = label_y[label_order[k]] }
do for [round = 1:200] {
    do for [k = 2:n_labels] {
        overlap = label_step - (label_at[k - 1] - label_at[k])
        if (overlap > 0.001) { label_at[k - 1] = label_at[k - 1] + overlap / 2; label_at[k] = label_at[k] - overlap / 2 }
    }
    if (label_at[1] > label_top) { label_at[1] = label_top }
}
do for [k = 1:n_labels] {
    i = label_order[k]
    set arrow from end_x, label_y[i] to label_x, label_at[k] nohead linewidth 0.4 linecolor rgb grey
    set label label_text[i] at label_x, label_at[k] offset 0.3, 0 left textcolor rgb label_colour[i]
}
