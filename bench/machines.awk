# Reads and checks files of machines (bench/machines/README.md), for what tells of them:
#     awk -f figures/csv.awk -f bench/machines.awk -f bench/machines_table.awk FILE...
# and likewise machines_data.awk and machines_latex.awk.  A file that is not as the README says ends it with the file and
# the line.
BEGIN {
    parts = "limit product square convolution elementwise order training width batch data study tsne"
    n_parts = split(parts, part_name, " ")
    for (i = 1; i <= n_parts; i++) is_part[part_name[i]] = 1
    n_facts = split("cpu cores caches instructions compiler source idle date turns", fact_name, " ")
    for (i = 1; i <= n_facts; i++) is_fact[fact_name[i]] = 1
    split("GFLOP/s GB/s G/s us ns ratio", word, " ")
    for (i in word) is_unit[word[i]] = 1
    most = 14 # colours and dashes of the figure
    if (ARGC - 1 > most) {
        print "machines: more than " most " files, which a figure cannot tell apart" >"/dev/stderr"
        exit 1
    }
    for (i = 1; i < ARGC; i++) read_machine(ARGV[i])
}

function positive(text) { return text ~ /^[0-9]+([.][0-9]+)?(e[-+]?[0-9]+)?$/ && text + 0 > 0 && text + 0 < 1e30 }
function whole(text) { return text ~ /^[1-9][0-9]*$/ && length(text) < 10 }

function read_machine(file,    f, n, name, key) {
    name = file
    sub(/.*\//, "", name)
    sub(/[.]csv$/, "", name)
    if (name !~ /^[a-z0-9][a-z0-9-]*$/ || length(name) > 40) csv_fault(file, "the name is not of small letters, digits and hyphens")
    machine[++n_machines] = name
    n = header(file, column)
    need_columns(file, column, "part name size against threads unit value low high turns")
    if (n != 10) csv_fault(file, "ten columns are expected")
    while ((n = read_csv(file, f)) > 0) {
        if (n != 10) csv_fault(file, "ten fields are expected, here are " n)
        if (f[1] f[2] f[3] f[4] f[6] ~ /[^ -~]/ || f[7] ~ /[^ -~]/ || length(f[7]) > 400) csv_fault(file, "a character that is not printable ASCII, or a longer text than 400")
        if (f[1] == "machine") read_fact(file, f)
        else read_measurement(file, f)
    }
    close(file)
    for (key in is_fact) if (!((n_machines, key) in fact)) csv_fault(file, "it does not say: machine," key)
    if (fact[n_machines, "idle"] !~ /^(yes|no|unknown)$/) csv_fault(file, "idle is yes, no or unknown")
    if (!whole(fact[n_machines, "cores"])) csv_fault(file, "cores is a number")
    if (!((n_machines, "limit", "multiply-adds", "", "", 1) in value)) csv_fault(file, "there is no limit of multiply-adds on one core")
}

function read_fact(file, f) {
    if (!(f[2] in is_fact)) csv_fault(file, "unknown fact: " substr(f[2], 1, 40))
    if ((n_machines, f[2]) in fact) csv_fault(file, "twice: machine," f[2])
    if (f[3] f[4] f[5] f[6] f[8] f[9] f[10] != "" || f[7] == "") csv_fault(file, "a fact has a name and a value only")
    fact[n_machines, f[2]] = f[7]
}

function read_measurement(file, f,    key) {
    if (!(f[1] in is_part)) csv_fault(file, "unknown part: " substr(f[1], 1, 40))
    if (f[2] !~ /^[a-z0-9][a-z0-9 .-]*$/ || length(f[2]) > 80) csv_fault(file, "a name is of small letters, digits, blanks, points and hyphens")
    if (f[4] !~ /^[a-z0-9-]*$/) csv_fault(file, "against is one word")
    if (f[3] != "" && !whole(f[3])) csv_fault(file, "size is no whole number above 0")
    if (!whole(f[5]) || !whole(f[10])) csv_fault(file, "threads and turns are whole numbers above 0")
    if (!(f[6] in is_unit) || (f[4] != "") != (f[6] == "ratio")) csv_fault(file, "unit: GFLOP/s, GB/s, G/s, us or ns of ours, ratio against another")
    if (!positive(f[7]) || !positive(f[8]) || !positive(f[9]) || f[8] + 0 > f[7] + 0 || f[7] + 0 > f[9] + 0)
        csv_fault(file, "low <= value <= high are expected, all above 0")
    key = n_machines SUBSEP f[1] SUBSEP f[2] SUBSEP f[3] SUBSEP f[4] SUBSEP f[5]
    if (key in value) csv_fault(file, "twice: " f[1] "," f[2] "," f[3] "," f[4] "," f[5])
    value[key] = f[7]
    n_rows[n_machines]++
    row_part[n_machines, n_rows[n_machines]] = f[1]
    row_name[n_machines, n_rows[n_machines]] = f[2]
    row_size[n_machines, n_rows[n_machines]] = f[3]
    row_against[n_machines, n_rows[n_machines]] = f[4]
    row_threads[n_machines, n_rows[n_machines]] = f[5]
    row_unit[n_machines, n_rows[n_machines]] = f[6]
    row_value[n_machines, n_rows[n_machines]] = f[7]
    row_low[n_machines, n_rows[n_machines]] = f[8]
    row_high[n_machines, n_rows[n_machines]] = f[9]
}

# What one row of ours is compared with: how many times as fast it is as the fastest of the others; 0: there is none.  Peers are
# other programs; one thread and free order are not.
function best_ratio(m, i,    j, best) {
    for (j = i + 1; j <= n_rows[m] && row_against[m, j] != ""; j++)
        if (row_against[m, j] !~ /^(one-thread|free-order)$/ && (!best || row_value[m, j] + 0 < best)) best = row_value[m, j] + 0
    return best
}
function ratio_to(m, i, against,    j) {
    for (j = i + 1; j <= n_rows[m] && row_against[m, j] != ""; j++) if (row_against[m, j] == against) return row_value[m, j] + 0
    return 0
}
function limit(m, name, threads) {
    return (m, "limit", name, "", "", threads) in value ? value[m, "limit", name, "", "", threads] : 0
}

# Geometric mean of the ratios of a part against that, "" for the fastest of all other programs; threads 0: on more than one.  counted,
# and of these at_least 1.
function mean_of(m, part, against, threads,    i, ratio, logarithms) {
    counted = at_least = logarithms = 0
    for (i = 1; i <= n_rows[m]; i++) {
        if (row_part[m, i] != part || row_against[m, i] != "" || (threads ? row_threads[m, i] != threads : row_threads[m, i] == 1)) continue
        ratio = against == "" ? best_ratio(m, i) : ratio_to(m, i, against)
        if (!ratio) continue
        counted++
        if (ratio >= 1) at_least++
        logarithms += log(ratio)
    }
    return counted ? exp(logarithms / counted) : 0
}
