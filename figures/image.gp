# A picture: rows over columns, y downwards if y_axis says so.  What is drawn, one of
#     eval bits(key, seed, count, colour)   a block of seeds.dat: the bits of the value at x, as cells (x, bit)
#     eval image(key)                       a block of ours.dat with x and y (along two parameters): the means, in grey
if (image_bits > 0) {
    plot for [bit = 0:image_bits - 1] 'seeds.dat' index image_key.' |' every :::image_seed::image_seed \
         using (int($2 / 2**bit) % 2 ? $1 : NaN):(bit):(0.5):(0.5) with boxxyerror fillstyle solid 1 noborder \
         linecolor rgb colour_of[image_colour]
} else {
    set palette gray; unset colorbox
    plot 'ours.dat' index image_key.' |' using 1:7:2 with image pixels
}
unset label
