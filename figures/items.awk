# takes(items, only): is the item asked for among these, which are apart by ";"?  Equal to one, or its beginning up to where a
# number or a word ends: "Fig. 1" takes Fig. 1, Fig. 1a and Fig. 1 as described, not Fig. 10 (as the program selects
# experiments: src/study/paper.c).  "Sec. 3" is Section 3.
function takes(items, only,    n, i, item, rest, last) {
    sub(/^Sec[.] /, "Section ", only)
    last = substr(only, length(only))
    n = split(items, item, / *; */)
    for (i = 1; i <= n; i++) {
        rest = substr(item[i], length(only) + 1)
        if (index(item[i], only) == 1 && !(last ~ /[0-9]/ && rest ~ /^[.]?[0-9]/) && !(last ~ /[A-Za-z]/ && rest ~ /^[A-Za-z0-9]/))
            return 1
    }
    return 0
}
