# CSV as the project writes it: csv(line, field) splits a line into field[1..n] and returns n; a quoted field may hold commas
# and doubled quotes.  read_csv(file, field) reads the next record, over several lines where a quoted field holds line ends,
# and returns n, or 0 at the end; header(file, column) reads the first line and numbers its names.
function csv(line, field,    n, text, rest, part) {
    if (index(line, "\"") == 0) return split(line, field, ",")
    split("", field)
    for (n = 1; ; n++) {
        if (substr(line, 1, 1) != "\"") {
            part = index(line, ",")
            field[n] = part ? substr(line, 1, part - 1) : line
        } else {
            text = ""
            for (rest = substr(line, 2); (part = index(rest, "\"")) > 0 && substr(rest, part + 1, 1) == "\""; rest = substr(rest, part + 2))
                text = text substr(rest, 1, part)
            if (part == 0) return -1 # the quote is not closed on this line
            field[n] = text substr(rest, 1, part - 1)
            line = substr(rest, part + 1)
            if (line != "" && substr(line, 1, 1) != ",") return -2
            part = line != "" ? 1 : 0
        }
        if (part == 0) return n
        line = substr(line, part + 1)
    }
}

function read_csv(file, field,    line, more, n, status) {
    status = (getline line <file)
    if (status < 0) csv_fault(file, "cannot be read")
    if (status <= 0) return 0
    line_number[file]++
    sub(/\r$/, "", line)
    while ((n = csv(line, field)) == -1) {
        if ((getline more <file) <= 0) csv_fault(file, "a quote is not closed")
        line_number[file]++
        line = line "\n" more
    }
    if (n == -2) csv_fault(file, "after a closing quote a comma or the end of the line is expected")
    return n
}

function header(file, column,    field, n, i) {
    split("", column)
    close(file)
    line_number[file] = 0
    n = read_csv(file, field)
    for (i = 1; i <= n; i++) column[field[i]] = i
    return n
}

# names: words; every one must be a column.
function need_columns(file, column, names,    name, n, i) {
    n = split(names, name, " ")
    for (i = 1; i <= n; i++) if (!(name[i] in column)) csv_fault(file, "no column " name[i])
}

function csv_fault(file, why) {
    print file (line_number[file] ? " line " line_number[file] : "") ": " why >"/dev/stderr"
    failed = 1
    exit 1
}
