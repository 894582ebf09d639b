# Why an experiment has no results, in words, from the folder that holds the link "data" to what `scaledown claims` wrote:
#     awk -v place=PAPER/EXPERIMENT -v paper=PAPER -f csv.awk -f lacking.awk
# paper: the only one that is asked for; empty: all.
BEGIN {
    split(place, part, "/")
    why = paper != "" && paper != part[1] ? place " is of another paper than PAPER=" paper : \
        part[2] " has no results (scaledown run " place ")"
    file = "data/" part[1] "/skipped.csv"
    if ((getline line <file) > 0) {
        close(file)
        header(file, column)
        while (read_csv(file, f) > 0) if (f[column["experiment"]] == part[2]) why = part[2] " was skipped: " f[column["why"]]
    }
    print why
}
