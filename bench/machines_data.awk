# What figures/machines draws (machines.awk): machines.dat, of blocks "MACHINE/PART NAME |", and machines_names.gp, the array of
# machines.
BEGIN {
    for (m = 1; m <= n_machines; m++) {
        names = names (m > 1 ? ", " : "") "'" machine[m] "'"
        print_ratios(m, 1, "product", "", 1)
        print_ratios(m, 2, "square", "", 1)
        print_ratios(m, 3, "convolution", "", 1)
        print_ratios(m, 4, "elementwise", "", 1)
        print_ratios(m, 5, "training", "", 1)
        print_ratios(m, 6, "training", "one-thread", 0)
        print_ratios(m, 7, "order", "free-order", 1)
        print_sizes(m, "square", "forward", 100 / limit(m, "multiply-adds", 1), 0)
        print_sizes(m, "width", "mlp", 1, 0)
        print_sizes(m, "width", "cnn", 1, 0)
        print_sizes(m, "batch", "mlp", 1, 1)
        print_sizes(m, "batch", "cnn", 1, 1)
        print_sizes(m, "data", "mlp", 1, 0)
        print_sizes(m, "data", "cnn", 1, 0)
        print "# " machine[m] "/study |" >"machines.dat"
        for (i = 1; i <= n_rows[m]; i++)
            if (row_part[m, i] == "study" && row_against[m, i] == "")
                print row_threads[m, i], row_threads[m, i] == 1 ? 1 : ratio_to(m, i, "one-thread") >"machines.dat"
        print "\n" >"machines.dat"
    }
    printf "n_machines = %d; array machine_of[%d] = [%s]\n", n_machines, n_machines, names >"machines_names.gp"
}

function print_ratios(m, place, part, against, threads,    i, ratio) {
    print "# " machine[m] "/ratio " place " |" >"machines.dat"
    for (i = 1; i <= n_rows[m]; i++) {
        if (row_part[m, i] != part || row_against[m, i] != "" || (threads ? row_threads[m, i] != threads : row_threads[m, i] == 1)) continue
        ratio = against == "" ? best_ratio(m, i) : ratio_to(m, i, against)
        if (ratio) print place, ratio >"machines.dat"
    }
    ratio = mean_of(m, part, against, threads)
    print "\n\n# " machine[m] "/mean " place " |" >"machines.dat"
    if (ratio) print place, ratio >"machines.dat"
    print "\n" >"machines.dat"
}

# scaled: by a factor, and where it is of a batch for one example.
function print_sizes(m, part, name, factor, each,    i, scale) {
    print "# " machine[m] "/" part " " name " |" >"machines.dat"
    for (i = 1; i <= n_rows[m]; i++) {
        if (row_part[m, i] != part || row_name[m, i] != name || row_against[m, i] != "") continue
        scale = each ? factor / row_size[m, i] : factor
        print row_size[m, i], row_value[m, i] * scale, row_low[m, i] * scale, row_high[m, i] * scale >"machines.dat"
    }
    print "\n" >"machines.dat"
}
