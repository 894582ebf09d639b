# Texts of data as TeX.  Nothing in them is left that TeX would obey.
BEGIN {
    n_escapes = split("\\ { } & % $ # _ ~ ^ < > |", plain, " ")
    split("\\textbackslash{} \\{ \\} \\& \\% \\$ \\# \\_ \\textasciitilde{} \\textasciicircum{} \\ensuremath{<} \\ensuremath{>} \\textbar{}", tex, " ")
    for (i = 1; i <= n_escapes; i++) escape_of[plain[i]] = tex[i]
    number = "^[-+]?[0-9]*[.]?[0-9]+([eE][-+]?[0-9]+)?$"
}

# Plain text for TeX: its special characters are spelt, Latin letters with accents stay, control characters and the rest
# become "?".  A sign before a digit is a minus.
function escaped(text,    out, i, c, pair, before) {
    out = ""
    before = " "
    for (i = 1; i <= length(text); i++) {
        c = substr(text, i, 1)
        pair = substr(text, i, 2)
        if (pair == "+-") { out = out "\\ensuremath{\\pm}"; i++ }
        else if (pair == ">=") { out = out "\\ensuremath{\\ge}"; i++ }
        else if (pair == "<=") { out = out "\\ensuremath{\\le}"; i++ }
        else if (pair ~ /^-[0-9]$/ && before ~ /[ \[(]/) out = out "\\ensuremath{-}"
        else if (c in escape_of) out = out escape_of[c]
        else if (c ~ /[ -~]/) out = out c
        else if (pair ~ /^[\303-\305][\200-\277]$/) { out = out pair; i++ }
        else if (c == "\n" || c == "\t") out = out " "
        else out = out "?"
        before = c
    }
    return out
}
