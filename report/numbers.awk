# Every number and table of the report, as TeX macros named by what they are (report.tex tells how sections use them):
#     awk -f csv.awk -f text.awk -f numbers.awk needed papers >numbers.tex
# needed: the names that a first run of the report asked for, one a line; papers: the papers of the report, one a line;
# data/PAPER/: what `scaledown claims` wrote.  Only what is needed is written, and a name that the data have not is an error.
#     PAPER/ours/EXPERIMENT/CELL/METRIC[/X]    PAPER/total/EXPERIMENT/CELL/METRIC    PAPER/parameter/EXPERIMENT/NAME
#     PAPER/published|uncertainty|publishedx|publishedn/EXPERIMENT/ID
#     PAPER/claim/ID/FIELD    PAPER/curve/ID/COUNT    counted/PAPER/COUNT (or counted/all/COUNT): claims, reproduced,
#     notdistinguishable, contradicted, reported, and of headline claims headlines, headlinesreproduced, ...
#
# Names come from the report's own sources; texts come from data (text.awk).
BEGIN {
    n_counts = split("reproduced,not distinguishable,contradicted,reported,not measured,not run", verdict_name, ",")
    split("reproduced,notdistinguishable,contradicted,reported,notmeasured,notrun", count_name, ",")
}

function define(name, text) {
    if (!(name in needed) || name in defined) return
    defined[name] = 1
    print "\\expandafter\\def\\csname " name "\\endcsname{" text "}"
}

# ---- ours ----
# Three digits, but always one behind the point, and as many for the interval, which a value that is the same for all seeds
# has not; a large one is then a count.
function rounded(value, like,    size, text) {
    size = like < 0 ? -like : like
    text = sprintf("%." (size >= 10 ? 1 : size >= 1 ? 2 : size >= 0.1 ? 3 : 4) "f", value)
    if (text ~ /^-[0.]*$/) sub(/-/, "", text)
    return text
}

# A percentage, by the metric's name, lies between 0 and 100, and so do the ends of its interval.
function cut(value, metric) {
    if (value !~ number || metric !~ /_(accuracy|error)$/) return value
    return value < 0 ? 0 : value > 100 ? 100 : value
}

function with_interval(mean, low, high) {
    if (mean !~ number) return escaped(mean) # "diverged"
    if (mean >= 1000 && mean == int(mean) && (low == "" || low == high)) return sprintf("%d", mean)
    return escaped(rounded(mean, mean) (low ~ number && low != high ? " [" rounded(low, mean) ", " rounded(high, mean) "]" : ""))
}

function read_summary(paper, experiment,    file, f, column, where, names, order, last, total, text, i) {
    file = "data/" paper "/" experiment "_summary.csv"
    header(file, column)
    need_columns(file, column, "cell metric x mean low high")
    while (read_csv(file, f) > 0) {
        where = experiment "/" f[column["cell"]] "/" f[column["metric"]]
        if (!(where in last)) order[++names] = where
        text = with_interval(f[column["mean"]], cut(f[column["low"]], f[column["metric"]]), cut(f[column["high"]], f[column["metric"]]))
        if (f[column["x"]] != "") define(paper "/ours/" where "/" f[column["x"]], text)
        last[where] = text # x ascends: the last one stays
        total[where] += f[column["mean"]]
    }
    for (i = 1; i <= names; i++) {
        define(paper "/ours/" order[i], last[order[i]])
        define(paper "/total/" order[i], sprintf("%.6g", total[order[i]]))
    }
}

function read_grid(paper, experiment,    file, f, column, value) {
    file = "data/" paper "/" experiment "_grid.csv"
    header(file, column)
    need_columns(file, column, "name value")
    while (read_csv(file, f) > 0) {
        value = f[column["value"]]
        gsub(/,/, ", ", value)
        define(paper "/parameter/" experiment "/" f[column["name"]], escaped(value))
    }
}

# ---- published ----
function read_published(paper, name,    file, f, column, where) {
    file = "data/" paper "/published/" name ".csv"
    header(file, column)
    need_columns(file, column, "id x value uncertainty n")
    while (read_csv(file, f) > 0) {
        where = name "/" f[column["id"]]
        define(paper "/published/" where, sprintf("%.4g", f[column["value"]]))
        define(paper "/uncertainty/" where, f[column["uncertainty"]] == "" ? "" : sprintf("%.2g", f[column["uncertainty"]]))
        define(paper "/publishedx/" where, escaped(f[column["x"]]))
        define(paper "/publishedn/" where, escaped(f[column["n"]]))
    }
}

# ---- claims ----
# A column of claims.csv, numbers with six digits, which a sentence asks for in vain where it is empty; or ours_value: the
# first number of ours_text.
function field_text(name, text) {
    if (name == "ours_value") {
        sub(/ .*/, "", text)
        if (text ~ /[.]0*$/) sub(/[.]0*$/, "", text)
        return escaped(text)
    }
    return escaped(text ~ number && name !~ /_text$/ ? sprintf("%.6g", text) : text)
}

function end_curve(    i) {
    if (curve == "") return
    define(curve_paper "/curve/" curve "/points", points)
    for (i = 1; i <= n_counts; i++) define(curve_paper "/curve/" curve "/" count_name[i], of_curve[verdict_name[i]] + 0)
    curve = ""
}

function read_claims(paper,    file, f, column, c, id, level, count, headline, n, i) {
    file = "data/" paper "/claims.csv"
    header(file, column)
    need_columns(file, column, "id curve experiment item text verdict ours_text published_text curve_text")
    while (read_csv(file, f) > 0) {
        id = f[column["id"]]
        for (c in column) if ((paper "/claim/" id "/" c) in needed && f[column[c]] != "") define(paper "/claim/" id "/" c, field_text(c, f[column[c]]))
        define(paper "/claim/" id "/ours_value", field_text("ours_value", f[column["ours_text"]]))
        level = ("level" in column) ? f[column["level"]] : ""
        if (curve != f[column["curve"]] || curve_experiment != f[column["experiment"]]) end_curve()
        if (level == "curve") continue # its points are the claims that count
        count["claims"]++
        count[f[column["verdict"]]]++
        if (level == "headline") { headline["claims"]++; headline[f[column["verdict"]]]++ }
        if (f[column["curve"]] == "") continue
        if (curve == "") {
            curve = f[column["curve"]]
            curve_paper = paper
            curve_experiment = f[column["experiment"]]
            points = 0
            split("", of_curve)
        }
        points++
        of_curve[f[column["verdict"]]]++
    }
    end_curve()
    count_all(paper, "claims", "claims", count)
    count_all(paper, "headlines", "claims", headline)
    for (i = 1; i <= n_counts; i++) {
        count_all(paper, count_name[i], verdict_name[i], count)
        count_all(paper, "headlines" count_name[i], verdict_name[i], headline)
    }
}

function count_all(paper, name, verdict, count) {
    define("counted/" paper "/" name, count[verdict] + 0)
    all_counts[name] += count[verdict]
}

# ---- what is asked for ----
# Names are written into TeX as they are.
FILENAME == "needed" {
    if ($0 !~ /^[A-Za-z0-9 =.,:*\/_+-]+$/) {
        print "report: the name \"" $0 "\" holds more than letters, digits, spaces and = . , : * / _ + -" >"/dev/stderr"
        failed = 1
        exit 1
    }
    needed[$0] = 1
    split($0, part, "/")
    if (part[2] == "ours" || part[2] == "total") summaries[part[1] "/" part[3]] = 1
    else if (part[2] == "parameter") grids[part[1] "/" part[3]] = 1
    else if (part[2] ~ /^(published|uncertainty|publishedx|publishedn)$/) publisheds[part[1] "/" part[3]] = 1
}
FILENAME == "papers" { paper_name[++n_papers] = $0 }

END {
    if (failed) exit 1
    for (name in summaries) { split(name, part, "/"); read_summary(part[1], part[2]) }
    for (name in grids) { split(name, part, "/"); read_grid(part[1], part[2]) }
    for (name in publisheds) { split(name, part, "/"); read_published(part[1], part[2]) }
    for (p = 1; p <= n_papers; p++) read_claims(paper_name[p])
    for (name in all_counts) define("counted/all/" name, all_counts[name] + 0)
    for (name in needed) if (!(name in defined)) {
        print "report: the data have no " name >"/dev/stderr"
        missing = 1
    }
    exit missing
}
