# Rows of a published/*.csv as TeX macros: \published<Id> and, where there is an uncertainty, \published<Id>Uncertainty.
# Ids are written in capitals without hyphens, digits spelled out, as in numbers.tex.
function name(id,    i, c, out, start, digit) {
    split("Zero One Two Three Four Five Six Seven Eight Nine", digit, " ")
    start = 1
    for (i = 1; i <= length(id); i++) {
        c = substr(id, i, 1)
        if (c ~ /[0-9]/) { out = out digit[c + 1]; start = 1 }
        else if (c ~ /[A-Za-z]/) { out = out (start ? toupper(c) : c); start = 0 }
        else start = 1
    }
    return out
}
NR == 1 {
    for (i = 1; i <= NF; i++) column[$i] = i
    if (!("id" in column && "value" in column && "uncertainty" in column)) {
        print "report: " FILENAME " lacks a column id, value or uncertainty" > "/dev/stderr"
        exit 1
    }
    next
}
{
    value = $column["value"]; uncertainty = $column["uncertainty"]
    printf "\\def\\published%s{%.4g}\n", name($column["id"]), value
    if (uncertainty != "") printf "\\def\\published%sUncertainty{%.2g}\n", name($column["id"]), uncertainty
}
