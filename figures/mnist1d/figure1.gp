# Figure 1: the ten templates, the first training example of each class, and one example after each stage of the generator.
# item: Fig. 1
# needs: dataset
# ours: dataset template_* example_* stage_* padding
eval figure(17.4, 6)
columns = 5; text_above = 0; signals_height = 0.48; signals_left = 0.0; signals_right = 0.295
set label bold('a') at screen 0.005, 0.95 left
do for [c = 0:9] { eval signal(sprintf('dataset/default/template_%d', c), sprintf('%d', c), 0) }
signal_width = 1; signals_top = 0.99
load 'signals.gp'
set label bold('b') at screen 0.305, 0.95 left
do for [c = 0:9] { eval signal(sprintf('dataset/default/example_%d', c), sprintf('%d', c), 0) }
signal_width = 5; signals_left = 0.3; signals_right = 0.595
load 'signals.gp'
set label bold('c') at screen 0.605, 0.95 left
eval measure('ours.dat', 'dataset/default/padding')
padded_length = 12 + last_y
do for [stage in 'padded stretched scaled translated correlated_noise white_noise sheared resampled'] {
    gap = strstrt(stage, '_')
    text = stage eq 'correlated_noise' ? 'corr. noise' : gap ? stage[1:gap - 1].' '.stage[gap + 1:*] : stage
    eval signal('dataset/default/stage_'.stage, text, stage eq 'padded' ? padded_length : 0)
}
columns = 4; text_above = 1; signal_width = 0.9; signals_left = 0.6; signals_right = 1.0
load 'signals.gp'
