# Figure S1: misclassified test examples of each class: our CNN with its interval over seeds, the published CNN and the
# published human error beside it.
# study: classification
load 'figures/style.gp'
summary = results.'/classification_summary.csv'
errors = published.'/classification_errors.csv'

# Counts become percentages of the class's examples; the interval is not drawn below 0, nor with a single seed.
ours = sprintf("< awk -F, '$1 == \"model=cnn features=original\" && $3 == \"class\" { \
    if ($2 == \"class_examples\") n[$4] = $6; \
    if ($2 == \"class_errors\") { mean[$4] = $6; low[$4] = $8 == \"\" ? $6 : $8; high[$4] = $9 == \"\" ? $6 : $9 } } \
    END { for (c = 0; c < 10; c++) if (c in mean && n[c] > 0) printf \"%%d,%%.6f,%%.6f,%%.6f\\n\", c, 100 * mean[c] / n[c], \
        100 * (low[c] < 0 ? 0 : low[c]) / n[c], 100 * high[c] / n[c] }' \"%s\"", summary)
cnn = rows1(errors, 'cnn')
human = rows1(errors, 'human')
need_rows = ours; @need
need_rows = cnn; @need
need_rows = human; @need

eval begin('figureS1', 6.4)
set lmargin at screen 0.115; set rmargin at screen 0.985; set bmargin at screen 0.17; set tmargin at screen 0.79
set xrange [-0.6:9.6]; set yrange [0:*]
set xtics 0, 1 scale 0
set xlabel 'class' offset 0, 0.4
set ylabel 'misclassified ('.percent.')' offset 1.4, 0
set key at screen 0.985, 0.965 top right samplen 1.6
set boxwidth 0.26
plot ours using ($1 - 0.28):2 with boxes linecolor rgb colour_cnn fillstyle solid 1 title 'CNN, ours', \
     cnn using 2:5 with boxes linecolor rgb colour_cnn fillstyle solid 0.3 title 'CNN, published', \
     human using ($2 + 0.28):5 with boxes linecolor rgb 'black' linewidth 0.6 fillstyle pattern 4 \
         title 'human, published', \
     ours using ($1 - 0.28):3:(0):($4 - $3) with vectors nohead linewidth 1 linecolor rgb 'black' notitle
set output
