# What was measured on machines, for a terminal (machines.awk).
BEGIN { for (m = 1; m <= n_machines; m++) print_table(m) }

function print_table(m,    i, j, line, share, part, mean) {
    printf "%s: %s, %s cores, caches %s; %s; idle: %s\n", machine[m], fact[m, "cpu"], fact[m, "cores"], fact[m, "caches"],
        fact[m, "compiler"], fact[m, "idle"]
    printf "%-12s %-50s %7s %10s  %-23s %5s  %s\n", "part", "what", "threads", "median", "quartiles", "peak", "times as fast as"
    for (i = 1; i <= n_rows[m]; i++) {
        if (row_against[m, i] != "") continue
        share = row_unit[m, i] == "GFLOP/s" && limit(m, "multiply-adds", row_threads[m, i]) ? sprintf("%.2f", row_value[m, i] / limit(m, "multiply-adds", row_threads[m, i])) : ""
        line = sprintf("%-12s %-50s %7d %10.4g  %-23s %5s ", row_part[m, i], row_name[m, i] (row_size[m, i] ? " " row_size[m, i] : ""),
            row_threads[m, i], row_value[m, i], sprintf("%.4g to %.4g %s", row_low[m, i], row_high[m, i], row_unit[m, i]), share)
        for (j = i + 1; j <= n_rows[m] && row_against[m, j] != ""; j++)
            line = line sprintf(" %s %.2f", row_against[m, j], row_value[m, j])
        print line
    }
    for (part = 1; part <= n_parts; part++)
        if ((mean = mean_of(m, part_name[part], "", 1))) printf "%s: %.2f times as fast as the fastest of the others, the geometric mean of %d\n", part_name[part], mean, counted
    if ((mean = mean_of(m, "order", "free-order", 1))) printf "order: %.2f times as fast as with free order, the geometric mean of %d\n", mean, counted
    if ((mean = mean_of(m, "training", "one-thread", 0))) printf "training: %.2f times as fast on all cores as on one, the geometric mean of %d\n", mean, counted
}
