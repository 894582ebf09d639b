# One style for every figure.  A script is run, from the project's root, as
#     gnuplot -e "format='svg'; results='results'; published='reference_results/published'; folder='build/figures'" X.gp
# format 'svg' draws a figure that stands alone; 'tex' draws the same for the report: lines as PDF, text by LaTeX.
# Sizes are those of a printed column, 8.5 cm, with text of 8 points.
if (!exists("format")) format = 'svg'
if (!exists("results")) results = 'results'
if (!exists("published")) published = 'reference_results/published'
if (!exists("folder")) folder = 'build/figures'

set encoding utf8
set datafile separator ','
point_px = 96.0 / 72
begin_wide(name, width, height) = format eq 'tex' ? \
    sprintf("set terminal cairolatex pdf color colortext size %gcm,%gcm font ',8' fontscale 1 linewidth 1; \
             set output '%s/%s.tex'", width, height, folder, name) : \
    sprintf("set terminal svg noenhanced size %d,%d font 'Helvetica,%g' linewidth %g background 'white'; \
             set output '%s/%s.svg'", width / 2.54 * 96, height / 2.54 * 96, 8 * point_px, point_px, folder, name)
begin(name, centimetres) = begin_wide(name, 8.5, centimetres)
percent = format eq 'tex' ? '\%' : '%'
bold(text) = format eq 'tex' ? '\textbf{'.text.'}' : text

# Rows of a CSV file whose first columns have these values; the program is awk because every system has it.
rows2(file, a, b) = sprintf("< awk -F, '$1 == \"%s\" && $2 == \"%s\"' \"%s\"", a, b, file)
rows1(file, a) = sprintf("< awk -F, '$1 == \"%s\"' \"%s\"", a, file)
count(rows) = int(system(substr(rows, 3, strlen(rows)).' | wc -l'))
last_value(rows, column) = real(system(sprintf("%s | tail -n 1 | cut -d, -f%d", substr(rows, 3, strlen(rows)), column)))
# A figure without a curve would look finished: stop instead.
need = 'if (count(need_rows) == 0) { exit error "no data for this figure: ".need_rows }'

# Okabe and Ito's colours, which colour-blind readers can tell apart, ordered by lightness for print in grey; nothing
# is told by colour alone: markers and labels at the curves' ends repeat it.
colour_cnn = '#0072B2'; colour_gru = '#D55E00'; colour_mlp = '#009E73'; colour_logistic = '#B0619A'
grey = '#666666'

set border 3 linewidth 0.6 linecolor rgb grey
set tics nomirror scale 0.5 textcolor rgb 'black'
unset key
