# Every number and table of the report, as TeX macros named by what they are (report.tex tells how sections use them):
#     awk -f csv.awk -f numbers.awk needed papers >numbers.tex
# needed: the names that a first run of the report asked for, one a line; papers: the papers of the report, one a line;
# data/PAPER/: what `scaledown claims` wrote.  Only what is needed is written, and a name that the data have not is an error.
# Tables of verdicts go to tables/PAPER/EXPERIMENT.tex.
#     PAPER/ours/EXPERIMENT/CELL/METRIC[/X]    PAPER/total/EXPERIMENT/CELL/METRIC    PAPER/parameter/EXPERIMENT/NAME
#     PAPER/published|uncertainty|publishedx|publishedn/EXPERIMENT/ID
#     PAPER/claim/ID/FIELD    PAPER/curve/ID/COUNT    PAPER/table/EXPERIMENT    counted/PAPER/COUNT (or counted/all/COUNT)
#
# Names come from the report's own sources; texts come from data, and nothing in them is left that TeX would obey.
BEGIN {
    n_escapes = split("\\ { } & % $ # _ ~ ^ < > |", plain, " ")
    split("\\textbackslash{} \\{ \\} \\& \\% \\$ \\# \\_ \\textasciitilde{} \\textasciicircum{} \\ensuremath{<} \\ensuremath{>} \\textbar{}", tex, " ")
    for (i = 1; i <= n_escapes; i++) escape_of[plain[i]] = tex[i]
    n_counts = split("reproduced,not distinguishable,contradicted,reported,not measured", verdict_name, ",")
    split("reproduced,notdistinguishable,contradicted,reported,notmeasured", count_name, ",")
}

# Plain text for TeX: its special characters are spelt, Latin letters with accents stay, control characters and the rest
# become "?".
function escaped(text,    out, i, c, pair) {
    out = ""
    for (i = 1; i <= length(text); i++) {
        c = substr(text, i, 1)
        pair = substr(text, i, 2)
        if (pair == "+-") { out = out "\\ensuremath{\\pm}"; i++ }
        else if (pair == ">=") { out = out "\\ensuremath{\\ge}"; i++ }
        else if (pair == "<=") { out = out "\\ensuremath{\\le}"; i++ }
        else if (c in escape_of) out = out escape_of[c]
        else if (c ~ /[ -~]/) out = out c
        else if (pair ~ /^[\303-\305][\200-\277]$/) { out = out pair; i++ }
        else if (c == "\n" || c == "\t") out = out " "
        else out = out "?"
    }
    return out
}

function define(name, text) {
    if (!(name in needed) || name in defined) return
    defined[name] = 1
    print "\\expandafter\\def\\csname " name "\\endcsname{" text "}"
}

# ---- ours ----
# Three digits, but always one behind the point, and as many for the interval; a large number that is the same for all seeds
# is a count.
function rounded(value, like,    size) {
    size = like < 0 ? -like : like
    return sprintf("%." (size >= 10 ? 1 : size >= 1 ? 2 : size >= 0.1 ? 3 : 4) "f", value)
}

function with_interval(mean, low, high) {
    if (mean !~ number) return escaped(mean) # "diverged"
    if (mean >= 1000 && mean == int(mean) && (low == "" || low == high)) return sprintf("%d", mean)
    return rounded(mean, mean) (low ~ number ? " [" rounded(low, mean) ", " rounded(high, mean) "]" : "")
}

function read_summary(paper, experiment,    file, f, column, where, names, order, last, total, text, i) {
    file = "data/" paper "/" experiment "_summary.csv"
    header(file, column)
    need_columns(file, column, "cell metric x mean low high")
    while (read_csv(file, f) > 0) {
        where = experiment "/" f[column["cell"]] "/" f[column["metric"]]
        if (!(where in last)) order[++names] = where
        text = with_interval(f[column["mean"]], f[column["low"]], f[column["high"]])
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
# A column of claims.csv, numbers with six digits; or ours_value: the first number of ours_text.
function field_text(name, text) {
    if (name == "ours_value") {
        sub(/ .*/, "", text)
        if (text ~ /[.]0*$/) sub(/[.]0*$/, "", text)
        return escaped(text)
    }
    return escaped(text ~ number && name !~ /_text$/ ? sprintf("%.6g", text) : text)
}

function table_row(table, item, text, found) { print escaped(item) " & " escaped(text) " & " found " \\\\" >table }

# The row of a curve: its claims are counted.
function end_curve(    i, words) {
    if (curve == "") return
    for (i = 1; i <= n_counts; i++) # the last two are named only where there are some
        if (i <= 3 || of_curve[verdict_name[i]]) words = words (i > 1 ? ", " : "") of_curve[verdict_name[i]] + 0 " " verdict_name[i]
    words = points " points, each judged by itself: " words
    if ((curve_paper "/" curve) in curve_verdict)
        words = escaped(curve_verdict[curve_paper "/" curve]) " as a curve; " words
    table_row(curve_table, curve_item, curve_text, "\\counts{" words "}")
    define(curve_paper "/curve/" curve "/points", points)
    for (i = 1; i <= n_counts; i++) define(curve_paper "/curve/" curve "/" count_name[i], of_curve[verdict_name[i]] + 0)
    curve = ""
}

function read_claims(paper,    file, f, column, c, id, table, verdict, count, claims, i) {
    file = "data/" paper "/claims.csv"
    header(file, column)
    need_columns(file, column, "id curve experiment item text verdict ours_text published_text curve_text")
    while (read_csv(file, f) > 0) {
        id = f[column["id"]]
        for (c in column) if ((paper "/claim/" id "/" c) in needed) define(paper "/claim/" id "/" c, field_text(c, f[column[c]]))
        define(paper "/claim/" id "/ours_value", field_text("ours_value", f[column["ours_text"]]))
        verdict = f[column["verdict"]]
        if (("level" in column) && f[column["level"]] == "curve") { # before its points, which are the claims that count
            end_curve()
            curve_verdict[paper "/" id] = verdict
            continue
        }
        count[verdict]++
        claims++
        if (curve != f[column["curve"]] || curve_experiment != f[column["experiment"]]) end_curve()
        table = (paper "/table/" f[column["experiment"]]) in needed ? "tables/" paper "/" f[column["experiment"]] ".tex" : "/dev/null"
        if (table != "/dev/null" && !(table in begun)) {
            begun[table] = 1
            define(paper "/table/" f[column["experiment"]], "")
        }
        if (f[column["curve"]] == "") {
            table_row(table, f[column["item"]], f[column["text"]],
                      escaped(f[column["published_text"]]) " & " escaped(f[column["ours_text"]]) " & " escaped(verdict))
            continue
        }
        if (curve == "") {
            curve = f[column["curve"]]
            curve_paper = paper
            curve_experiment = f[column["experiment"]]
            curve_item = f[column["item"]]
            curve_text = f[column["curve_text"]]
            curve_table = table
            points = 0
            split("", of_curve)
        }
        points++
        of_curve[verdict]++
    }
    end_curve()
    define_counts(paper, claims, count)
    all_claims += claims
    for (i = 1; i <= n_counts; i++) all_count[verdict_name[i]] += count[verdict_name[i]]
}

function define_counts(paper, claims, count,    i, unmeasured) {
    define("counted/" paper "/claims", claims + 0)
    for (i = 1; i <= n_counts; i++) define("counted/" paper "/" count_name[i], count[verdict_name[i]] + 0)
    unmeasured = count["not measured"]
    define("counted/" paper "/unmeasured", unmeasured ? ", " unmeasured (unmeasured > 1 ? " are" : " is") " not measured" : "")
}

# ---- what is asked for ----
BEGIN { number = "^[-+]?[0-9]*[.]?[0-9]+([eE][-+]?[0-9]+)?$" }

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
    define_counts("all", all_claims, all_count)
    for (name in needed) if (!(name in defined)) {
        print "report: the data have no " name >"/dev/stderr"
        missing = 1
    }
    exit missing
}
