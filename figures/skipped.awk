# Why an experiment was skipped, or nothing, from the folder that holds the link "data" to what `scaledown claims` wrote:
#     awk -v place=PAPER/EXPERIMENT -f csv.awk -f skipped.awk
BEGIN {
    split(place, part, "/")
    file = "data/" part[1] "/skipped.csv"
    if ((getline line <file) <= 0) exit
    close(file)
    header(file, column)
    while (read_csv(file, f) > 0) if (f[column["experiment"]] == part[2]) print f[column["why"]]
}
