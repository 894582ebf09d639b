# What the report tells of machines (machines.awk), as TeX; report/text.awk comes before it.  report/speed.tex says what
# \machinefacts and \machinespeeds make of their arguments.
BEGIN {
    print "\\newcommand{\\factsofmachines}{%"
    for (m = 1; m <= n_machines; m++) print_facts(m)
    print "}\n\\newcommand{\\speedsofmachines}{%"
    for (m = 1; m <= n_machines; m++) print_speeds(m)
    print "}"
    print_count("products", "product", "square")
    print_count("convolutions", "convolution", "")
    print_count("steps", "training", "")
}

function shown_limit(m, name,    cores) {
    cores = fact[m, "cores"]
    return sprintf("%.3g", limit(m, name, 1)) (cores > 1 && limit(m, name, cores) ? sprintf(" (%.3g)", limit(m, name, cores)) : "")
}

function print_facts(m,    state) {
    state = fact[m, "idle"] == "yes" ? "idle otherwise" : fact[m, "idle"] == "no" ? "busy with other work, so that what takes all cores is slower than it could be" : "perhaps busy with other work"
    printf "\\machinefacts{%s}{%s}{%s}{%s}{%s}{%s}{%s}{%s}{%s}%%\n", machine[m], escaped(fact[m, "cpu"]), fact[m, "cores"], escaped(fact[m, "caches"]),
        escaped(fact[m, "compiler"]), shown_limit(m, "multiply-adds"), shown_limit(m, "memory"), state, escaped(fact[m, "date"])
}

function shown_mean(m, part, against, threads,    mean) {
    mean = mean_of(m, part, against, threads)
    return mean ? sprintf("%.2f", mean) : "--"
}

function print_speeds(m,    i, study) {
    study = "--"
    for (i = 1; i <= n_rows[m]; i++)
        if (row_part[m, i] == "study" && row_threads[m, i] == fact[m, "cores"] && ratio_to(m, i, "one-thread"))
            study = sprintf("%.2f", ratio_to(m, i, "one-thread"))
    printf "\\machinespeeds{%s}{%s}{%s}{%s}{%s}{%s}{%s}{%s}{%s}%%\n", machine[m], shown_mean(m, "product", "", 1), shown_mean(m, "square", "", 1),
        shown_mean(m, "convolution", "", 1), shown_mean(m, "elementwise", "", 1), shown_mean(m, "training", "", 1),
        shown_mean(m, "order", "free-order", 1), shown_mean(m, "training", "one-thread", 0), study
}

# Of all machines and both parts, how many are compared with others on one core, and how many of these take no longer.
function print_count(what, first, second,    m, all, won) {
    for (m = 1; m <= n_machines; m++) {
        mean_of(m, first, "", 1); all += counted; won += at_least
        mean_of(m, second, "", 1); all += counted; won += at_least
    }
    printf "\\newcommand{\\%sall}{%d}\\newcommand{\\%swon}{%d}\n", what, all, what, won
}
