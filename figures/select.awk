# The plain data files of one figure, as its script's head asks for them:
#     # ours: EXPERIMENT METRIC ... [along PARAMETER [PARAMETER]]    means over seeds          -> ours.dat
#     # ours: EXPERIMENT METRIC ... against METRIC                   means against the mean of another metric at the same x
#     # seeds: EXPERIMENT METRIC ... [along PARAMETER [PARAMETER]]   every seed by itself      -> seeds.dat
#     # pairs: EXPERIMENT METRIC METRIC [along PARAMETER]            one metric over another   -> pairs.dat; with `*`
#                                                                    in both, those in which it stands for the same
#     # published: FILE METRIC ...                                   published/FILE.csv        -> published.dat
# Run as  awk -v paper=PAPER -f csv.awk -f select.awk SCRIPT.gp  where data/PAPER/ are the data; EXPERIMENT and FILE may be of
# another paper, PAPER/NAME.  A METRIC may hold `*`, be A%B, A in per cent of the mean of B at the same x, or A+-B: A with the
# mean of B as its half-width; one that is asked for in two ways takes two lines.
#
# A .dat file consists of blocks, each with a key "EXPERIMENT/CELL/METRIC" (published: "FILE/SERIES/METRIC"), which
# gnuplot's `index` finds.  Rows of ours, seeds and published: x, mean, low, high, sd, n, y; along
# two parameters also the places of x and y among their values, from 0.  Along a parameter x is its
# value and the cell's name has `*` in its place ("model=mlp widths=*"); along two, y is the value of the second; of seeds,
# y is the seed, and seeds are apart by an empty line.  Rows of pairs: the two values and the seed; seeds are apart
# likewise.
function metrics_of(word, n,    i, pattern, part) {
    n_metrics = n_along = 0
    against = ""
    for (i = 3; i <= n && word[i] != "along" && word[i] != "against"; i++) {
        metric_name[++n_metrics] = word[i]
        split("", part)
        operator[n_metrics] = index(word[i], "+-") ? "+-" : index(word[i], "%") ? "%" : ""
        if (operator[n_metrics] != "") part[2] = substr(word[i], index(word[i], operator[n_metrics]) + length(operator[n_metrics]))
        pattern = operator[n_metrics] == "" ? word[i] : substr(word[i], 1, index(word[i], operator[n_metrics]) - 1)
        second_of[n_metrics] = part[2]
        gsub(/[.]/, "[.]", pattern)
        gsub(/[*]/, ".*", pattern)
        metric_pattern[n_metrics] = "^" pattern "$"
    }
    if (word[i] == "against") against = word[i + 1]
    else for (i++; i <= n; i++) along[++n_along] = word[i]
    if (n_metrics == 0) csv_fault(FILENAME, "no metric in: " $0)
}

# Which of the metrics asked for this one is, or 0.
function wanted(metric,    i) {
    if (!(metric in which)) {
        which[metric] = 0
        for (i = n_metrics; i > 0; i--) if (metric ~ metric_pattern[i]) which[metric] = i
    }
    return which[metric]
}

function number(text) { return text ~ /^[-+]?[0-9]*[.]?[0-9]+([eE][-+]?[0-9]+)?$/ || text ~ /^[-+]?[0-9]+[.]$/ ? text : "NaN" }

# The cell's name with `*` for the parameters along which the curve goes, whose values are left in at[1], at[2].
function curve_cell(cell,    word, n, i, k) {
    if (n_along == 0) return cell
    n = split(cell, word, " ")
    cell = ""
    at[1] = at[2] = "NaN"
    for (i = 1; i <= n; i++) {
        for (k = 1; k <= n_along; k++)
            if (index(word[i], along[k] "=") == 1) {
                at[k] = number(substr(word[i], length(along[k]) + 2))
                word[i] = along[k] "=*"
            }
        cell = cell (i > 1 ? " " : "") word[i]
    }
    return cell
}

function add_row(key, x, y, rest) {
    gsub(/[^ -~]/, "?", key)
    if (!(key in n_rows)) { block[++n_blocks] = key; n_rows[key] = 0 }
    row_x[key, ++n_rows[key]] = x
    row_y[key, n_rows[key]] = y
    row_rest[key, n_rows[key]] = rest
}

# Along a parameter rows are in order of its values, whatever the order of cells.
function sort_rows(key,    i, j, x, y, rest) {
    for (i = 2; i <= n_rows[key]; i++) {
        x = row_x[key, i]; y = row_y[key, i]; rest = row_rest[key, i]
        for (j = i - 1; j > 0 && (row_x[key, j] + 0 > x + 0 || (row_x[key, j] == x && row_y[key, j] + 0 > y + 0)); j--) {
            row_x[key, j + 1] = row_x[key, j]; row_y[key, j + 1] = row_y[key, j]; row_rest[key, j + 1] = row_rest[key, j]
        }
        row_x[key, j + 1] = x; row_y[key, j + 1] = y; row_rest[key, j + 1] = rest
    }
}

# For a heat map: the places of a row's x and y among the block's values, from 0.
function rank(key, i,    j, x, y, seen, place_x, place_y) {
    for (j = 1; j <= n_rows[key]; j++) {
        x = row_x[key, j]; y = row_y[key, j]
        if (!(("x", x) in seen) && x + 0 < row_x[key, i] + 0) place_x++
        if (!(("y", y) in seen) && y + 0 < row_y[key, i] + 0) place_y++
        seen["x", x] = seen["y", y] = 1
    }
    return " " place_x + 0 " " place_y + 0
}

function write_blocks(output, by_seed,    b, i, key) {
    for (b = 1; b <= n_blocks; b++) {
        key = block[b]
        if (n_along) sort_rows(key)
        print "# " key " |" >output
        for (i = 1; i <= n_rows[key]; i++) {
            if (by_seed && i > 1 && row_y[key, i] != row_y[key, i - 1]) print "" >output
            print row_x[key, i], row_rest[key, i], row_y[key, i] (n_along > 1 ? rank(key, i) : "") >output
        }
        print "\n" >output
    }
    n_blocks = 0
    split("", n_rows); split("", row_x); split("", row_y); split("", row_rest); split("", which)
}

function place(name, where, suffix,    slash) {
    slash = index(name, "/")
    return "data/" (slash ? substr(name, 1, slash - 1) : paper) "/" where (slash ? substr(name, slash + 1) : name) suffix
}

# ---- means ----
function read_summary(name,    file, f, mean, low, high, place_of, i, m, key, cell, x) {
    file = place(name, "", "_summary.csv")
    header(file, column)
    need_columns(file, column, "cell metric x n mean sd low high")
    split("", second); split("", other_x)
    for (m = 1; m <= n_metrics; m++)
        if (second_of[m] != "") {
            while (read_csv(file, f) > 0)
                if (f[column["metric"]] == second_of[m]) second[m, f[column["cell"]], f[column["x"]]] = f[column["mean"]]
            header(file, column)
        }
    if (against != "") {
        while (read_csv(file, f) > 0)
            if (f[column["metric"]] == against) other_x[f[column["cell"]], f[column["x"]]] = f[column["mean"]]
        header(file, column)
    }
    while (read_csv(file, f) > 0) {
        if (!(m = wanted(f[column["metric"]]))) continue
        mean = number(f[column["mean"]])
        low = f[column["low"]] == "" ? mean : number(f[column["low"]])
        high = f[column["high"]] == "" ? mean : number(f[column["high"]])
        sd = f[column["sd"]] == "" ? 0 : number(f[column["sd"]])
        x = f[column["x"]]
        if (operator[m] != "" && mean != "NaN") {
            other = second[m, f[column["cell"]], x]
            if (operator[m] == "+-") { low = mean - other; high = mean + other }
            else if (other + 0 == 0) mean = low = high = sd = "NaN"
            else { mean *= 100 / other; low *= 100 / other; high *= 100 / other; sd *= 100 / other }
        }
        if (against != "") {
            if (!((f[column["cell"]], x) in other_x)) continue
            x = other_x[f[column["cell"]], x]
        }
        cell = curve_cell(f[column["cell"]])
        key = name "/" cell "/" (operator[m] == "" ? f[column["metric"]] : metric_name[m])
        if (n_along) add_row(key, at[1], n_along > 1 ? at[2] : x == "" ? 0 : number(x), mean " " low " " high " " sd " " f[column["n"]])
        else add_row(key, x == "" ? 0 : number(x), 0, mean " " low " " high " " sd " " f[column["n"]])
    }
    close(file)
    write_blocks("ours.dat", 0)
}

# ---- single seeds ----
function read_seeds(name,    file, f, value, x, key) {
    file = place(name, "", ".csv")
    header(file, column)
    need_columns(file, column, "cell seed metric x value")
    while (read_csv(file, f) > 0) {
        if (!wanted(f[column["metric"]])) continue
        value = number(f[column["value"]])
        x = f[column["x"]]
        key = name "/" curve_cell(f[column["cell"]]) "/" f[column["metric"]]
        add_row(key, n_along ? at[1] : x == "" ? 0 : number(x), f[column["seed"]] + 0, value " " value " " value " 0 1")
    }
    close(file)
    write_blocks("seeds.dat", 1)
}

# What `*` of the metric asked for stands for in the one that was found; "" when there is none.
function star(asked, found,    at) {
    at = index(asked, "*")
    return at ? substr(found, at, length(found) - length(asked) + 1) : ""
}

function read_pairs(name,    file, f, where, seed) {
    if (n_metrics != 2) csv_fault(FILENAME, "pairs are of two metrics: " $0)
    file = place(name, "", ".csv")
    header(file, column)
    need_columns(file, column, "cell seed metric x value")
    split("", first); split("", first_name)
    while (read_csv(file, f) > 0) # the metrics of a run may come in either order
        if (wanted(f[column["metric"]]) == 1) {
            where = star(metric_name[1], f[column["metric"]]) SUBSEP f[column["cell"]] SUBSEP f[column["seed"]] SUBSEP f[column["x"]]
            first[where] = number(f[column["value"]])
            first_name[where] = f[column["metric"]]
        }
    header(file, column)
    while (read_csv(file, f) > 0) {
        if (wanted(f[column["metric"]]) != 2) continue
        seed = f[column["seed"]]
        where = star(metric_name[2], f[column["metric"]]) SUBSEP f[column["cell"]] SUBSEP seed SUBSEP f[column["x"]]
        if (where in first)
            add_row(name "/" curve_cell(f[column["cell"]]) "/" first_name[where] " " f[column["metric"]], first[where], seed,
                    number(f[column["value"]]))
    }
    close(file)
    n_along = 0 # in the order of runs
    write_blocks("pairs.dat", 1)
}

# ---- published ----
# With a column metric, x is in the column x or the one after metric; without one, after series, and the others are metrics.
function read_published(name,    file, f, c, uncertainty, value, n, names, x_column, i) {
    file = place(name, "published/", ".csv")
    n = header(file, column)
    need_columns(file, column, "series")
    for (c in column) names[column[c]] = c
    x_column = "x" in column ? column["x"] : "metric" in column ? column["metric"] + 1 : column["series"] + 1
    while (read_csv(file, f) > 0) {
        if ("metric" in column) {
            if (!wanted(f[column["metric"]])) continue
            uncertainty = "uncertainty" in column ? f[column["uncertainty"]] + 0 : 0
            value = number(f[column["value"]])
            add_row(name "/" f[column["series"]] "/" f[column["metric"]], number(f[x_column]), 0,
                    value " " value - uncertainty " " value + uncertainty " " uncertainty " 1")
            continue
        }
        for (i = x_column + 1; i <= n; i++)
            if (wanted(names[i])) add_row(name "/" f[column["series"]] "/" names[i], number(f[x_column]), 0,
                                          number(f[i]) " " number(f[i]) " " number(f[i]) " 0 1")
    }
    close(file)
    write_blocks("published.dat", 0)
}

/^# (ours|seeds|pairs|published): / {
    kind = $2
    line = $0
    sub(/^# /, "", line)
    n_words = split(line, word, " ")
    metrics_of(word, n_words)
    if (kind == "ours:") read_summary(word[2])
    else if (kind == "seeds:") read_seeds(word[2])
    else if (kind == "pairs:") read_pairs(word[2])
    else read_published(word[2])
}
!/^#/ { exit failed } # the head is over
