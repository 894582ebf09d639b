# Numbers for the report, as TeX macros whose names say where they come from; report.tex tells how sections use them.
#   awk -F, -v kind=published|grid|summary -v study=NAME -f report/macros.awk FILE.csv
function fail(why) {
    print "report: " FILENAME ": " why > "/dev/stderr"
    failed = 1
    exit 1
}
function field(name) {
    if ($column[name] ~ /"/) fail("line " NR ": no quotes are expected before the end of " name)
    return $column[name]
}
function define(what, name, text) { printf "\\expandafter\\def\\csname %s/%s/%s\\endcsname{%s}\n", what, study, name, text }

function define_published(    id) {
    id = field("id")
    define("published", id, sprintf("%.4g", field("value")))
    if (field("uncertainty") != "") define("uncertainty", id, sprintf("%.2g", field("uncertainty")))
    if (field("x") != "") define("x", id, field("x"))
    if (field("n") != "") define("n", id, field("n"))
}

function define_parameter(    value) { # the list of values is the rest of the line, quoted when there are several
    value = $0
    sub(/^[^,]*,/, "", value)
    gsub(/"/, "", value)
    gsub(/,/, ", ", value)
    define("parameter", field("name"), value)
}

# Three digits, but always one behind the point, and as many for the interval.
function rounded(value, like,    size) {
    size = like < 0 ? -like : like
    return sprintf("%." (size >= 10 ? 1 : size >= 1 ? 2 : size >= 0.1 ? 3 : 4) "f", value)
}
function with_interval(mean, low, high) {
    if (mean == "diverged") return mean
    return rounded(mean, mean) (low == "" ? "" : " [" rounded(low, mean) ", " rounded(high, mean) "]")
}
function define_ours(    name, text) {
    name = field("cell") "/" field("metric")
    text = with_interval(field("mean"), field("low"), field("high"))
    if (field("x") != "") define("ours", name "/" field("x"), text)
    if (!(name in last)) order[++names] = name
    last[name] = text # x ascends: the last one stays
    total[name] += field("mean")
}

NR == 1 {
    for (i = 1; i <= NF; i++) column[$i] = i
    needed["published"] = "id x value uncertainty n"
    needed["grid"] = "name values"
    needed["summary"] = "cell metric x mean low high"
    n_needed = split(needed[kind], name_needed, " ")
    for (i = 1; i <= n_needed; i++) if (!(name_needed[i] in column)) fail("no column " name_needed[i])
    next
}
kind == "published" { define_published() }
kind == "grid" { define_parameter() }
kind == "summary" { define_ours() }
END {
    if (failed) exit 1
    for (i = 1; i <= names; i++) {
        define("ours", order[i], last[order[i]])
        define("total", order[i], sprintf("%.6g", total[order[i]]))
    }
}
