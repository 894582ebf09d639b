# The tables of one paper for the report, and sections for the experiments that have none of their own:
#     awk -v paper=PAPER -f csv.awk -f items.awk -f text.awk -f tables.awk
# Reads data/PAPER/ (what `scaledown claims` wrote), PAPER/findings.csv and PAPER/index.csv where the paper has them, PAPER/covered (experiments
# with a section of their own) and PAPER/drawn (lines EXPERIMENT FIGURE).  Writes into tables/PAPER/, rows but for the last:
#     findings     a line for each figure or table: findings.csv, and headline claims that it does not name, by item
#     failed       headline claims that were contradicted, as \failed{ID}{WORDS}{NUMBERS}, and \failures{IDS}
#     index        a line for each item of index.csv
#     verdicts-EXPERIMENT   its headline claims, or where it has none its single claims
#     curves-EXPERIMENT     its curves, a line each
#     counts       of the verdicts at each level
#     undecided    headline claims that are neither reproduced nor contradicted, with what would decide them
#     fresh        orderings whose verdict on fresh test data is another one
#     times        core-minutes of each experiment, with its seeds, as words
# and PAPER/plain.tex, the sections.  A file whose table would be empty is not written.
#
# findings.csv: item,claim,claims.  claims: ids apart by blanks, with * for whatever is there; the row says what the worst
# verdict among them is based on.  A curve is named by its own id; its points are not found.  A name that finds no claim is an
# error where claims.csv has all claims of the paper (provenance.csv says so), and one that would find points of a curve always.
#
# index.csv: item,what,figures.  figures: labels of those of ours that show it, "figure:" left out, apart by blanks.  Items are as ONLY= takes
# them.  The row has the experiments that ONLY= runs, in brackets others that have claims of the item, and how many
# headline claims and how many other claims and curves have which verdict.
function get(name) { return (name in column) ? field[column[name]] : "" }

function read_claims(    file, i) {
    file = "data/" paper "/claims.csv"
    header(file, column)
    need_columns(file, column, "id curve experiment kind item text verdict ours_text published_text difference_text")
    while (read_csv(file, field) > 0) {
        i = ++n_claims
        id[i] = get("id"); curve[i] = get("curve"); experiment[i] = get("experiment"); kind[i] = get("kind")
        item[i] = get("item"); text[i] = get("text"); verdict[i] = get("verdict"); note[i] = get("note")
        ours[i] = get("ours_text"); published[i] = get("published_text"); difference[i] = get("difference_text")
        level[i] = get("level") == "" ? "point" : get("level")
        seeds[i] = get("seeds_text"); alone[i] = get("verdict_alone")
        points[i] = get("points"); outside[i] = get("outside"); expected[i] = get("outside_expected"); holm[i] = get("outside_holm")
        fresh_verdict[i] = get("fresh_verdict"); fresh_difference[i] = get("fresh_difference_text")
        if (!(experiment[i] in place)) { place[experiment[i]] = ++n_experiments; name_of[n_experiments] = experiment[i] }
        if (level[i] == "headline") headlines[experiment[i]]++
        if (curve[i] != "") inside[curve[i], verdict[i]]++
    }
}

# provenance.csv: name,value; without it names stand for titles.
function read_provenance(    file, status, line) {
    file = "data/" paper "/provenance.csv"
    if ((getline line <file) < 0) return
    header(file, column)
    while (read_csv(file, field) > 0) {
        provenance[field[1]] = field[2]
        if (field[1] ~ /^items\//) told[++n_told] = substr(field[1], 7)
    }
}

# ---- words ----
function sign(word) {
    return word == "reproduced" ? "\\held" : word == "contradicted" ? "\\broken" : word == "not distinguishable" ? "\\open" : \
        word == "reported" ? "\\shown" : "\\unmeasured"
}
function rank(word) { # the worst decides
    return word == "contradicted" ? 1 : word == "not distinguishable" ? 2 : word == "reproduced" ? 4 : word == "reported" ? 5 : 3
}
# "mean [low, high]" with as many digits as the interval is wide, without an interval where that has no width; a sign before
# its ends only where that is a minus.
function interval(text,    part, n, width, digits, plus) {
    n = split(text, part, / \[|, |\]/)
    if (n < 3 || part[1] !~ number || part[2] !~ number || part[3] !~ number) {
        if (text ~ /^[-+]?[0-9]+[.]0+ /) sub(/[.]0+ /, " ", text)
        return escaped(text)
    }
    width = part[3] - part[2]
    digits = part[1] ~ /[.]/ ? length(part[1]) - index(part[1], ".") : 0
    n = width >= 10 ? 1 : width >= 0.1 ? 2 : width >= 0.01 ? 3 : width >= 0.001 ? 4 : 5
    if (n > digits) n = digits
    if (width == 0) # as many as it takes
        for (n = 0; n < digits && sprintf("%." n "f", part[1]) != part[1] + 0; n++) ;
    plus = part[1] ~ /^[+]/ ? "%+." : "%."
    if (width == 0) return escaped(rounded(plus n "f", part[1])) # no spread
    return escaped(rounded(plus n "f", part[1])) "\\ival{" escaped(rounded("%." n "f", part[2]) ", " rounded("%." n "f", part[3])) "}"
}
function rounded(format, value) { # never -0.00
    format = sprintf(format, value)
    if (format ~ /^-[0.]*$/) sub(/^-/, "", format)
    return format
}
# What a verdict rests on, in the fewest words.
function numbers_of(i) {
    if (verdict[i] == "reported") return escaped(published[i])
    if (is_curve(i)) return difference[i] != "" ? "off by " interval(difference[i]) : inside_of(i) " of " points_of(i) " points"
    if (ours[i] == "") return ""
    if (published[i] == "equal" || published[i] ~ /^above/) return difference[i] != "" ? interval(difference[i]) : escaped(ours[i])
    return interval(ours[i]) " for " escaped(published[i])
}
function is_curve(i) { return level[i] == "curve" || published[i] ~ /^[0-9]+ points?$/ } # one may be a headline claim
function inside_of(i) { return inside[id[i], "reproduced"] + 0 }
function points_of(i,    words) { split(published[i], words, " "); return words[1] }
function short_item(text) { sub(/;.*/, "", text); sub(/^Section /, "Sec. ", text); return text }
function sentence(text) { sub(/[.]$/, "", text); return escaped(text) } # what goes on behind it

function write(name, line) {
    print line >("tables/" paper "/" name ".tex")
}

# ---- findings ----
function matches(pattern, word,    at) {
    at = index(pattern, "*")
    return at ? substr(word, 1, at - 1) == substr(pattern, 1, at - 1) && \
        (at == length(pattern) || substr(word, length(word) - (length(pattern) - at) + 1) == substr(pattern, at + 1)) : word == pattern
}
function finding(where, words, list, n,    k, worst, signs) {
    for (k = 1; k <= n && verdict[list[k]] == "not run"; k++) ;
    if (k > n) return
    worst = list[1]
    for (k = 1; k <= n; k++) {
        if (rank(verdict[list[k]]) < rank(verdict[worst])) worst = list[k]
        signs = signs sign(verdict[list[k]]) "\\allowbreak "
    }
    if (words == "") words = text[worst]
    if (words == text[worst]) sub(/[.]$/, n > 1 ? " (and " n - 1 " more)" : "", words)
    write("findings", "\\finding{" escaped(short_item(where)) "}{" escaped(words) "}{" signs "}{" numbers_of(worst) "}{" experiment[worst] "}")
}
function nothing_found(file, pattern,    i) {
    for (i = 1; i <= n_claims; i++)
        if (curve[i] != "" && matches(pattern, id[i])) csv_fault(file, pattern " finds points of curves alone; the curve is " curve[i])
    if (provenance["claims"] == "all") csv_fault(file, "there is no claim " pattern " in the claims of " paper)
}
# Every row takes the claims that it names, in the order of its names, and no point of a curve.  One of which nothing was
# run is left out: the closing names what was not.
function write_findings(    file, line, n, before, k, p, i, patterns, list, named) {
    file = paper "/findings.csv"
    if ((getline line <file) >= 0) {
        close(file)
        header(file, column)
        need_columns(file, column, "item claim claims")
        while (read_csv(file, field) > 0) {
            n = 0
            p = split(get("claims"), patterns, " ")
            for (k = 1; k <= p; k++) {
                before = n
                for (i = 1; i <= n_claims; i++)
                    if (curve[i] == "" && matches(patterns[k], id[i])) { list[++n] = i; named[i] = 1 }
                if (n == before) nothing_found(file, patterns[k])
            }
            if (n) finding(get("item"), get("claim"), list, n)
        }
    }
    for (i = 1; i <= n_claims; i++) {
        if (i in named || !stands_alone(i)) continue
        n = 0
        for (k = i; k <= n_claims; k++)
            if (!(k in named) && stands_alone(k) && experiment[k] == experiment[i] && short_item(item[k]) == short_item(item[i])) {
                list[++n] = k
                named[k] = 1
            }
        finding(item[i], "", list, n)
    }
}
# A headline claim; of an experiment without any that has no section of its own, a single number too.
function stands_alone(i) {
    return curve[i] == "" && (level[i] == "headline" || \
        (!headlines[experiment[i]] && level[i] == "point" && verdict[i] != "reported" && !(experiment[i] in covered)))
}

# ---- index ----
function write_index(    file, line, where, what, figures, k, i, others, named, headline, other) {
    file = paper "/index.csv"
    if ((getline line <file) < 0) return
    header(file, column)
    need_columns(file, column, "item what figures")
    while (read_csv(file, field) > 0) {
        where = get("item"); what = get("what"); figures = get("figures")
        gsub(/ +/, ",", figures)
        line = others = ""
        split("", named); split("", headline); split("", other)
        for (k = 1; k <= n_told; k++)
            if (takes(provenance["items/" told[k]], where)) { line = line (line == "" ? "" : ", ") "\\code{" told[k] "}"; named[told[k]] = 1 }
        for (i = 1; i <= n_claims; i++) {
            if (curve[i] != "" || !takes(item[i], where)) continue
            if (level[i] == "headline") headline[sign(verdict[i])]++
            else other[sign(verdict[i])]++
            if (!(experiment[i] in named)) { others = others (others == "" ? "" : ", ") "\\code{" experiment[i] "}"; named[experiment[i]] = 1 }
        }
        if (line == "" && provenance["claims"] == "all") csv_fault(file, "no experiment is of " where)
        if (line others != "")
            write("index", "{}" escaped(where) " & " escaped(what) " & \\figuresof{" figures "} & " line \
                  (others == "" ? "" : (line == "" ? "" : " ") "(" others ")") " & " tally(headline) " & " tally(other) " \\\\")
    }
}
function tally(of,    n, signs, i, text) {
    n = split("reproduced,not distinguishable,contradicted,reported,", signs, ",")
    for (i = 1; i <= n; i++) if (of[sign(signs[i])]) text = text (text == "" ? "" : " ") "\\mbox{" of[sign(signs[i])] sign(signs[i]) "}"
    return text
}

# ---- verdicts ----
function write_verdicts(    i, k) {
    for (k = 1; k <= n_experiments; k++)
        for (i = 1; i <= n_claims; i++) {
            if (experiment[i] != name_of[k] || verdict[i] == "not run") continue
            if (level[i] == "curve")
                write("curves-" name_of[k], "{}" escaped(short_item(item[i])) " & " escaped(text[i]) " & " points_of(i) " & " \
                      (difference[i] != "" ? interval(difference[i]) : inside_of(i) " within") " & " \
                      (points[i] == "" ? "" : outside[i] " / " sprintf("%.1f", expected[i]) " / " holm[i]) " & " sign(verdict[i]) " \\\\")
            else if (curve[i] == "" && (level[i] == "headline" || !headlines[name_of[k]]))
                write("verdicts-" name_of[k], "{}" escaped(short_item(item[i])) " & " escaped(text[i]) " & " escaped(published[i]) " & " (is_curve(i) ? numbers_of(i) : interval(ours[i])) \
                      " & " (kind[i] == "above" || kind[i] == "equal" ? interval(difference[i]) : "") " & " sign(verdict[i]) " \\\\")
        }
}

function write_counts(    n, names, v, verdicts, l, i, count, total, line) {
    n = split("reproduced,not distinguishable,contradicted,not measured,not run,reported", verdicts, ",")
    for (i = 1; i <= n_claims; i++) {
        v = rank(verdict[i]) == 3 && verdict[i] != "not run" ? "not measured" : verdict[i]
        count[level[i], v]++
        total[level[i]]++
    }
    split("headline,curve,point", names, ",")
    for (l = 1; l <= 3; l++) {
        if (!total[names[l]]) continue
        line = "\\level{" names[l] "}"
        for (v = 1; v <= n; v++) line = line " & " count[names[l], verdicts[v]] + 0
        write("counts", line " & " total[names[l]] " \\\\")
    }
}

# ---- what did not hold ----
function write_failed(    i, list, n_undecided, n_never, n_judged, n_unrun) {
    for (i = 1; i <= n_claims; i++) {
        if (level[i] != "headline") continue
        if (verdict[i] == "not run") { n_unrun++; continue }
        if (verdict[i] != "reported") n_judged++
        if (verdict[i] == "contradicted") {
            write("failed", "\\failed{" id[i] "}{\\textbf{" escaped(short_item(item[i])) "}: " sentence(text[i]) "}{" \
                  numbers_of(i) "}{" escaped(note[i]) "}")
            list = list (list == "" ? "" : ",") id[i]
        } else if (verdict[i] != "reproduced" && verdict[i] != "reported") {
            n_undecided++
            if (seeds[i] ~ /^undecidable/) n_never++
            write("undecided", "{}" escaped(short_item(item[i])) " & " escaped(text[i]) " & " numbers_of(i) " & " sign(verdict[i]) " & " \
                  escaped(alone[i] != verdict[i] && alone[i] != "" && alone[i] != "not run" ? \
                          "alone it would be " alone[i] "; " seeds[i] : rank(verdict[i]) == 3 ? verdict[i] : seeds[i] == "" ? undecided_because(i) : seeds[i]) " \\\\")
        }
    }
    write("failures", "\\failures{" list "}{" n_undecided + 0 "}{" n_never + 0 "}{" n_judged + 0 "}{" n_unrun + 0 "}%")
}

# Why no number of seeds is told that would decide it: a curve of predicates has none, and one seed no interval.
function undecided_because(i) { return is_curve(i) && difference[i] == "" ? "its points, each by itself" : "no interval with one seed" }

# Every experiment of which a claim was not run, with the number of its headline claims among these.
function write_unrun(    i, k, n, of, all, line) {
    for (i = 1; i <= n_claims; i++) {
        if (verdict[i] != "not run") continue
        of[experiment[i]] += level[i] == "headline"
        all[experiment[i]]++
    }
    for (k = 1; k <= n_experiments; k++)
        if (all[name_of[k]]) line = line (n++ ? ", " : "") "\\code{" name_of[k] "} (" of[name_of[k]] ")"
    if (n) write("unrun", line ".%")
}

# Orderings whose verdict on fresh test data is another one than on the published test set.
function write_fresh(    i, n, differ) {
    for (i = 1; i <= n_claims; i++) {
        if (fresh_verdict[i] == "" || curve[i] != "") continue
        n++
        if (fresh_verdict[i] == verdict[i]) continue
        differ++
        write("fresh", "{}" escaped(short_item(item[i])) " & " escaped(text[i]) " & " interval(difference[i]) " & " sign(verdict[i]) " & " \
              interval(fresh_difference[i]) " & " sign(fresh_verdict[i]) " \\\\")
    }
    if (n) write("freshly", "\\freshly{" n "}{" differ + 0 "}%")
}

function write_times(    k, name, cost, total, line) {
    for (k = 1; k <= n_experiments; k++) {
        name = name_of[k]
        cost = provenance["cost/" name]
        if (cost == "") continue
        total += cost
        line = line "\\code{" name "} " minutes(cost) " (" escaped(provenance["seeds/" name]) "), "
    }
    if (total) write("times", line "in all " minutes(total) ".")
}
function minutes(seconds) { return seconds < 6 ? "under 0.1" : sprintf(seconds < 600 ? "%.1f" : "%.0f", seconds / 60) }

# ---- sections of experiments that have none of their own ----
function write_plain(    k, i, n, name, file, line, word) {
    file = paper "/covered"
    while ((getline line <file) > 0) covered[line] = 1
    file = paper "/drawn"
    while ((getline line <file) > 0) { split(line, word, " "); drawings[word[1]] = drawings[word[1]] " " word[2] }
    for (k = 1; k <= n_experiments; k++) {
        name = name_of[k]
        if (name !~ /^[a-z0-9-]+$/ || name in covered || !was_run(name)) continue
        print "\\opening{" name "}{" escaped(provenance["title/" name] != "" ? provenance["title/" name] : name) "}" >(paper "/plain.tex")
        plain_protocol(name)
        n = split(drawings[name], word, " ")
        for (i = 1; i <= n; i++) print "\\plainfigure{" word[i] "}" >(paper "/plain.tex")
        print "\\verdicts{" name "}\\curves{" name "}" >(paper "/plain.tex")
    }
}
# Is there a result of it?
function was_run(name,    file, line, there) {
    file = "data/" paper "/" name "_grid.csv"
    there = (getline line <file) > 0
    close(file)
    return there
}
# The settings, as they were run.
function plain_protocol(name,    file, line, f, c, words, value) {
    file = "data/" paper "/" name "_grid.csv"
    if ((getline line <file) < 0) return
    close(file)
    header(file, c)
    need_columns(file, c, "name value")
    words = ""
    while (read_csv(file, f) > 0) {
        value = f[c["value"]]
        gsub(/,/, ", ", value)
        if (f[c["name"]] ~ /^(paper|experiment|size|rows|given|first-seed)$/ || value == "") continue
        if (f[c["name"]] == "seeds") { words = words (words == "" ? "" : "; ") escaped(value) (value == 1 ? " seed" : " seeds"); continue }
        words = words (words == "" ? "" : "; ") "\\code{" escaped(f[c["name"]]) "} " escaped(value)
    }
    print "\\protocol{}Run with " words ". Values apart by commas were all run, as the table of experiments combines them." >(paper "/plain.tex")
    if (provenance["varies/" name] != "") print "Seeds draw " escaped(provenance["varies/" name]) "." >(paper "/plain.tex")
    print "" >(paper "/plain.tex")
}

BEGIN {
    read_claims()
    read_provenance()
    write_plain()
    write_findings()
    write_index()
    write_verdicts()
    write_counts()
    write_failed()
    write_unrun()
    write_fresh()
    write_times()
    write("head", "\\chapterof{" escaped(provenance["title"] != "" ? provenance["title"] : paper) "}{" escaped(provenance["authors"]) "}{" escaped(provenance["venue"]) "}{" escaped(provenance["year"]) "}{" escaped(provenance["url"]) "}%")
    if (failed) exit 1
}
