# Names at the right of the axes, joined to the ends of their curves and moved apart where they would overlap.
# In: n_ends, arrays end_text, end_x, end_y (fractions of the axes), end_colour.
step = 0.36 / panel_height
array end_order[n_ends]; array end_at[n_ends]
do for [i = 1:n_ends] { end_order[i] = i }
do for [i = 1:n_ends] { do for [j = 1:n_ends - i] {
    if (end_y[end_order[j]] < end_y[end_order[j + 1]]) {
        swap = end_order[j]; end_order[j] = end_order[j + 1]; end_order[j + 1] = swap
    }
} }
# Each as near to its end as its neighbours allow: those that overlap move apart by equal parts.
do for [k = 1:n_ends] { end_at[k] = end_y[end_order[k]] }
do for [round = 1:300] {
    do for [k = 2:n_ends] {
        overlap = step - (end_at[k - 1] - end_at[k])
        if (overlap > 0.0005) { end_at[k - 1] = end_at[k - 1] + overlap / 2; end_at[k] = end_at[k] - overlap / 2 }
    }
    if (end_at[1] > 1) { end_at[1] = 1 }
    if (end_at[n_ends] < 0) { end_at[n_ends] = 0 }
}
reach = 1 + 0.28 / panel_width
do for [k = 1:n_ends] {
    i = end_order[k]
    set arrow from graph end_x[i], graph end_y[i] to graph reach, graph end_at[k] nohead linewidth 0.4 linecolor rgb grey
    set label end_text[i] at graph reach, graph end_at[k] offset 0.4, 0 left textcolor rgb colour_of[end_colour[i]]
}
