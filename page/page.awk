# The page of all claims:
#     awk -f csv.awk -f page.awk >index.html
# reads, in this folder: papers, the names of papers, one a line; data/PAPER/, what `scaledown claims` wrote; figures, lines
# of paper, name, file of the drawing, experiments and item, apart by tabs; manifest, if there is one; to_data and
# to_figures, the ways from the page to these folders; style.css and script.js.  RECORDED=1: the results are recorded ones.
#
# The page is a list of experiments with their headline claims, curves and single numbers.  An entry has the class e and
# two more, its level and its verdict (short_of), which are all that the style sheet and the script know of it.  Ids are those of
# claims; all others have a capital letter, a colon or "=" in them.
#
# Columns of claims.csv that the page can do without (level, p, seeds_needed, ...) are shown where they are; a verdict of
# another name is shown by that name.
#
# gawk 5.2.1 ends in a segmentation fault when elements that were never assigned are given to functions often enough.  So at
# has all its elements, and what else may be missing is read by told() and checksum().
BEGIN {
    n_verdicts = split("reproduced,not distinguishable,contradicted,reported,not measured,not run", verdict_name, ",")
    split("r,u,c,i,n,x", verdict_short, ",")
    for (i = 1; i <= n_verdicts; i++) short_of[verdict_name[i]] = verdict_short[i]
    n_levels = split("headline,claim,curve,point", level_name, ",")
    split("h,k,v,t", level_short, ",")
    for (i = 1; i <= n_levels; i++) { short_of[level_name[i]] = level_short[i]; levels[level_name[i]] = i }
    level_title["headline"] = "Headline claims"
    level_title["claim"] = "Claims"
    level_title["curve"] = "Curves"
    level_title["point"] = "Single numbers"
    n_shown = split("curve experiment item kind text n published difference difference_low difference_high margin verdict " \
        "ours_text published_text difference_text explanation source note why level p p_adjusted sd sd_shared verdict_alone " \
        "verdict_half verdict_double seeds_needed seeds_text ranges_over grim outside points outside_expected outside_holm " \
        "fresh_verdict fresh_p fresh_explanation", shown, " ")
    number = "^-?[0-9.]+(e[-+]?[0-9]+)?$"
    getline to_data <"to_data"
    getline to_figures <"to_figures"
    read_figures()
    while ((getline paper <"papers") > 0) {
        paper_name[++papers] = paper
        read_paper(paper)
    }
    if (failed) exit 1
    write_page()
    exit failed
}

# ---- text ----
# Text as HTML, also inside an attribute; "+-", ">=" and "<=" as their signs.
function html(text) {
    if (text ~ /[&<>"']/) {
        gsub(/&/, "\\&amp;", text)
        gsub(/>=/, "\342\211\245", text)
        gsub(/<=/, "\342\211\244", text)
        gsub(/</, "\\&lt;", text)
        gsub(/>/, "\\&gt;", text)
        gsub(/"/, "\\&quot;", text)
        gsub(/'/, "\\&#39;", text)
    }
    gsub(/[+]-/, "\302\261", text)
    gsub(/[\001-\010\013-\037\177]/, "?", text)
    return text
}

# As it is, for commands and names.
function literal(text) {
    text = html(text)
    gsub(/\302\261/, "+-", text)
    gsub(/\342\211\245/, "\\&gt;=", text)
    gsub(/\342\211\244/, "\\&lt;=", text)
    return text
}

# A piece of an address or of a fragment.
function address(text,    i, c, out) {
    if (text !~ /[^A-Za-z0-9._~\/-]/) return text
    if (!("A" in code)) for (i = 1; i < 256; i++) code[sprintf("%c", i)] = i
    for (i = 1; i <= length(text); i++) {
        c = substr(text, i, 1)
        out = out (c ~ /[A-Za-z0-9._~\/-]/ ? c : sprintf("%%%02X", code[c]))
    }
    return out
}

function link(to, words) { return "<a href=\"" html(to) "\">" words "</a>" }
function plural(n, what) { return n " " what (n == 1 ? "" : "s") }
function probability(p) {
    if (p !~ number) return ""
    p += 0
    return p < 0.0001 ? "&lt;\302\2400.0001" : sprintf(p < 0.001 ? "%.4f" : p < 0.1 ? "%.3f" : "%.2f", p)
}
function fault(why) { print why >"/dev/stderr"; failed = 1; exit 1 }

# ---- what there is ----
function read_figures(    line, part) {
    while ((getline line <"figures") > 0) {
        split(line, part, "\t")
        figures++
        figure_paper[figures] = part[1]; figure_name[figures] = part[2]; figure_file[figures] = part[3]
        figure_needs[figures] = part[4]; figure_item[figures] = part[5]
    }
}

# of[paper, name]: value, from a file of lines name,value that may be missing.
function read_pairs(file, of, before,    f, column, line) {
    if ((getline line <file) < 0) return 0
    header(file, column)
    need_columns(file, column, "name value")
    while (read_csv(file, f) > 0) {
        of[before, f[column["name"]]] = f[column["value"]]
        of[before, "", ++of[before]] = f[column["name"]]
    }
    return of[before]
}

function read_paper(paper,    file, f, column, line, i, k, e, experiment, before) {
    read_pairs("data/" paper "/provenance.csv", about, paper)
    # In their order, those without claims, too.
    for (i = 1; i <= about[paper]; i++)
        if (about[paper, "", i] ~ /^title\/[a-z][a-z0-9-]*$/) new_experiment(paper, substr(about[paper, "", i], 7))
    for (file = "data/" paper "/SHA256SUMS"; (getline line <file) > 0;) sum[paper, substr(line, 67)] = substr(line, 1, 64)
    file = "data/" paper "/claims.csv"
    header(file, column)
    need_columns(file, column, "id curve experiment item text verdict")
    while (read_csv(file, f) > 0) {
        i = new_claim(paper, "" f[column["id"]], file)
        for (k = 1; k <= n_shown; k++) if (shown[k] in column) at[i, shown[k]] = "" f[column[shown[k]]]
        know_verdict(at[i, "verdict"], file)
        know_verdict(at[i, "fresh_verdict"], file)
        experiment = at[i, "experiment"]
        if (experiment !~ /^[a-z][a-z0-9-]*$/) csv_fault(file, "\"" experiment "\" is no name of an experiment")
        if (!((paper, experiment) in number_of)) new_experiment(paper, experiment)
        e = number_of[paper, experiment]
        # Points of a curve without a line of its own: one is made from them.
        if (at[i, "curve"] != "" && !(at[i, "curve"] in claim_of)) {
            before = new_claim(paper, at[i, "curve"], file)
            for (k = 1; k <= n_shown; k++) if (shown[k] ~ /^(item|kind|source|why|note)$/) at[before, shown[k]] = at[i, shown[k]]
            at[before, "level"] = "curve"
            if ("curve_text" in column) at[before, "text"] = "" f[column["curve_text"]]
            unjudged[before] = 1
            entry[e, ++entries[e]] = before
        }
        if (!(at[i, "level"] in levels)) at[i, "level"] = at[i, "curve"] != "" ? "point" : "claim"
        if (at[i, "curve"] != "") {
            before = claim_of[at[i, "curve"]]
            if (before == i) csv_fault(file, at[i, "id"] " is a point of itself")
            member[before, ++members[before]] = i
        } else entry[e, ++entries[e]] = i
        count_it(paper, e, i)
    }
}

function new_claim(paper, id, file,    k) {
    if (id !~ /^[a-z][a-z0-9.-]*$/) csv_fault(file, "\"" id "\" is no id of a claim")
    if (id in claim_of) csv_fault(file, id " is there twice")
    claim_of[id] = ++claims
    paper_of[claims] = paper
    for (k = 1; k <= n_shown; k++) at[claims, shown[k]] = ""
    at[claims, "id"] = id
    return claims
}

# A verdict that has no sign of its own here gets that of all others.
function know_verdict(verdict, file) {
    if (verdict == "" || verdict in short_of) return
    if (verdict !~ /^[a-z][a-z -]*$/) csv_fault(file, "\"" verdict "\" is no verdict")
    verdict_name[++n_verdicts] = verdict
    verdict_short[n_verdicts] = short_of[verdict] = "z" n_verdicts
}

function told(paper, name) { return (paper, name) in about ? about[paper, name] : "" }
function checksum(paper, file) { return (paper, file) in sum ? sum[paper, file] : "" }

function new_experiment(paper, experiment) {
    number_of[paper, experiment] = ++experiments
    experiment_name[experiments] = experiment
    experiment_paper[experiments] = paper
    read_pairs("data/" paper "/" experiment "_grid.csv", grid, experiments)
}

function count_it(paper, e, i,    level, verdict) {
    level = at[i, "level"]
    verdict = at[i, "verdict"]
    count[paper, level, verdict]++
    count[paper, level]++
    count["", level, verdict]++
    count["", level]++
    of_experiment[e, level, verdict]++
    of_experiment[e, level]++
    count["", "", verdict]++
    count[""]++
}

# ---- the interval bar ----
# Where a claim's numbers lie on its axis: centre (the published number, or 0 where two quantities are compared), and
# differences from it.
function measure(i,    m) {
    has_bar = at[i, "difference"] ~ number
    if (!has_bar) return
    d = at[i, "difference"] + 0
    low = at[i, "difference_low"] ~ number ? at[i, "difference_low"] + 0 : d
    high = at[i, "difference_high"] ~ number ? at[i, "difference_high"] + 0 : d
    margin = at[i, "margin"] ~ number ? at[i, "margin"] + 0 : 0
    m = at[i, "kind"]
    from = m == "above" ? margin : -margin
    open_below = m == "at-most"
    open_above = m == "above" || m == "at-least"
    reach = larger(larger(magnitude(low), magnitude(high)), larger(magnitude(d), margin))
}

function magnitude(x) { return x < 0 ? -x : x }
function larger(a, b) { return a > b ? a : b }

# Half the axis: room for all, but where intervals are much wider than the margin they run off it.
function half_axis(wanted, most_margin,    h) {
    h = wanted * 1.08
    if (most_margin > 0 && h > 6 * most_margin) h = larger(6 * most_margin, 1.3 * magnitude(d))
    return h > 0 ? h : 1
}

function place(x, half, width,    at_x) {
    at_x = width / 2 * (1 + x / half)
    return int(at_x < 0 ? 0 : at_x > width ? width : at_x + 0.5)
}

# After measure(): the band is where the interval must lie to be reproduced, the line what is published, the dot ours.
function bar(half, width, height,    x0, x1, out, y) {
    y = height / 2
    x0 = open_below ? 0 : place(from, half, width)
    x1 = open_above ? width : place(margin, half, width)
    if (x1 > x0 && (margin > 0 || open_above || open_below)) out = "<path class=m d=\"M" x0 " 1h" x1 - x0 "v" height - 2 "h-" x1 - x0 "z\"/>"
    x0 = place(low, half, width)
    x1 = place(high, half, width)
    out = out "<path class=q d=\"M" width / 2 " 0v" height "\"/>"
    if (x1 > x0) {
        out = out "<path class=o d=\"M" x0 " " y "h" x1 - x0
        if (low >= -half) out = out "M" x0 " " y - 3 "v6"
        if (high <= half) out = out "M" x1 " " y - 3 "v6"
        out = out "\"/>"
    }
    if (magnitude(d) <= half) out = out "<path class=d d=\"M" place(d, half, width) " " y "h0\"/>"
    return "<svg viewBox=\"0 0 " width " " height "\">" out "</svg>"
}

# The bar of a claim that stands alone, with the ends of its axis as numbers.
function large_bar(i,    half, paired, centre, digits) {
    measure(i)
    if (!has_bar) return ""
    half = half_axis(reach, margin)
    centre = at[i, "published"] ~ number && at[i, "source"] != "" ? at[i, "published"] + 0 : 0
    paired = (at[i, "kind"] == "above" || at[i, "kind"] == "equal") && at[i, "source"] == ""
    digits = half >= 20 ? 0 : half >= 2 ? 1 : half >= 0.2 ? 2 : 4
    return "<div class=axis>" bar(half, 240, 20) "<span>" sprintf("%." digits "f", centre - half) "</span><span>" \
        (paired ? "no difference" : "published") "</span><span>" sprintf("%." digits "f", centre + half) "</span></div>"
}

# ---- claims ----
function classes(i, kind) { return kind " e " short_of[at[i, "level"]] (at[i, "verdict"] != "" ? " " short_of[at[i, "verdict"]] : "") }
function permalink(i, words) { return "<a href=\"#" at[i, "id"] "\">" words "</a>" }

function row(name, value) { return value == "" ? "" : "<div><dt>" name "<dd>" value "</div>" }

function seeds_shown(i) { return at[i, "n"] == "" || at[i, "n"] == "0" ? "" : at[i, "n"] }

function p_shown(i) {
    if (at[i, "p"] !~ number) return ""
    return probability(at[i, "p"]) \
        (at[i, "p_adjusted"] ~ number && at[i, "p_adjusted"] != at[i, "p"] ? " (" probability(at[i, "p_adjusted"]) " adjusted)" : "")
}

# The commands that make the results again and show the claim.
function commands(i,    paper, own, lines, part, n, k, done) {
    paper = paper_of[i]
    own = paper "/" (unjudged[i] ? at[member[i, 1], "experiment"] : at[i, "experiment"])
    n = split(own " " told(paper, "uses/" at[i, "id"]), part, " ")
    for (k = 1; k <= n; k++) {
        if (part[k] in done) continue
        done[part[k]] = 1
        lines = lines (lines == "" ? "" : "\n") run_command(part[k])
    }
    return "<pre>" literal(lines) "\n" literal(program(paper)) " show " (unjudged[i] ? "ID" : at[i, "id"]) (told(paper, "results") == "recorded" ? " --recorded" : "") "</pre>"
}

function program(paper) { return told(paper, "program") == "" ? "build/scaledown" : told(paper, "program") }

function run_command(of,    part, line) {
    split(of, part, "/")
    line = told(part[1], "run/" part[2])
    return line == "" ? program(part[1]) " run " of : line
}

# The results that a claim rests on, with their SHA-256.
function results_of(i,    paper, own, part, place_, n, k, done, out) {
    paper = paper_of[i]
    own = paper "/" (unjudged[i] ? at[member[i, 1], "experiment"] : at[i, "experiment"])
    n = split(own " " told(paper, "uses/" at[i, "id"]), part, " ")
    for (k = 1; k <= n; k++) {
        if (part[k] in done) continue
        done[part[k]] = 1
        split(part[k], place_, "/")
        if ((place_[1], place_[2] ".csv") in sum)
            out = out "<div>" link(to_data_file(place_[1], place_[2] ".csv"), part[k] ".csv") " <code>" literal(sum[place_[1], place_[2] ".csv"]) "</code></div>"
    }
    return out
}

function to_data_file(paper, name) { return address(to_data) "/" paper "/" address(name) }

function robust(i) {
    if (at[i, "verdict_half"] == "") return ""
    return html(at[i, "verdict_half"]) " at half the margin, " html(at[i, "verdict_double"]) " at twice" \
        (at[i, "verdict_alone"] != "" && at[i, "verdict_alone"] != at[i, "verdict"] ? "; by itself, without the other claims, " html(at[i, "verdict_alone"]) : "")
}

function evidence(i) {
    return row("why", html(at[i, "explanation"])) \
        row("margin", at[i, "margin"] ~ number && at[i, "kind"] != "report" ? sprintf("%.4g", at[i, "margin"]) (at[i, "why"] != "" ? ": " html(at[i, "why"]) : "") : html(at[i, "why"])) \
        row("rule", html(at[i, "kind"])) \
        row("on fresh test data", html(at[i, "fresh_explanation"]) (at[i, "fresh_p"] ~ number ? "; p " probability(at[i, "fresh_p"]) : "")) \
        row("other margins", robust(i)) \
        row("to decide it", html(at[i, "seeds_text"] != "" ? at[i, "seeds_text"] : at[i, "seeds_needed"] != "" ? at[i, "seeds_needed"] " seeds" : "")) \
        row("interval over", html(at[i, "ranges_over"])) \
        row("printed number", at[i, "grim"] == "impossible" ? "impossible as printed (GRIM)" : html(at[i, "grim"])) \
        row("spread of a run", at[i, "sd"] ~ number ? sprintf("%.4g by itself", at[i, "sd"]) (at[i, "sd_shared"] ~ number ? sprintf(", %.4g shared", at[i, "sd_shared"]) : "") : "") \
        row("note", html(at[i, "note"]))
}

function how_again(i) { return row("commands", commands(i)) row("results, SHA-256", results_of(i)) }

# The second verdict, on test data that nobody had before.
function fresh(i) {
    if (at[i, "fresh_verdict"] == "") return ""
    return "<span class=" short_of[at[i, "fresh_verdict"]] "><b>" at[i, "fresh_verdict"] "</b></span> " \
        (at[i, "fresh_verdict"] == at[i, "verdict"] ? "(the same)" : "(differs)")
}

# What everybody sees of a claim: verdict, sentence, numbers.
function headline(i) {
    return "<h5>" (at[i, "verdict"] != "" ? "<b>" at[i, "verdict"] "</b> " : "") "<i>" html(at[i, "item"]) "</i> " permalink(i, at[i, "id"]) "</h5><p>" html(at[i, "text"]) "</p>"
}

function numbers(i) {
    return "<dl>" row("ours", html(at[i, "ours_text"])) \
        row(at[i, "source"] == "" ? "claimed" : "published", html(at[i, "published_text"])) \
        row("difference", html(at[i, "difference_text"])) row("p", p_shown(i)) row("seeds", seeds_shown(i)) row("on fresh test data", fresh(i)) row("source", html(at[i, "source"])) "</dl>"
}

function write_card(i) {
    print "<article class=\"" classes(i, "card") "\" id=\"" at[i, "id"] "\" data-i=\"" html(at[i, "item"]) "\">" headline(i) \
        "<div class=found>" large_bar(i) numbers(i) "</div><details><summary>evidence and commands</summary><dl>" evidence(i) how_again(i) "</dl></details></article>"
}

# ---- curves and tables of points ----
function tally(of, n, from_,    k, t, verdict, out, i) {
    for (k = 1; k <= n; k++) t[at[of[from_, k], "verdict"]]++
    for (k = 1; k <= n_verdicts; k++) {
        verdict = verdict_name[k]
        if (t[verdict]) out = out (out == "" ? "" : ", ") "<span class=" short_of[verdict] "><b>" t[verdict] " " verdict "</b></span>"
    }
    return out
}

# One source for all, or "".
function common(of, n, from_, name,    k) {
    for (k = 2; k <= n; k++) if (at[of[from_, k], name] != at[of[from_, 1], name]) return ""
    return at[of[from_, 1], name]
}

# The claims of[from_, 1..n]: points of a curve, which share one axis, or (owner 0) single numbers.
function write_points(of, n, from_, owner,    k, i, half, most, widest, source, item, shown, seeds) {
    source = common(of, n, from_, "source")
    seeds = common(of, n, from_, "n")
    item = owner ? at[owner, "item"] : ""
    widest = most = 0
    for (k = 1; k <= n; k++) {
        measure(of[from_, k])
        if (!has_bar) continue
        widest = larger(widest, reach)
        most = larger(most, margin)
    }
    d = 0
    half = half_axis(widest, most)
    print "<table class=points><thead><tr><th>verdict<th>claim<th>interval<th>ours<th>published<th>ours \342\210\222 published<th>p<th>seeds</thead><tbody>"
    for (k = 1; k <= n; k++) {
        i = of[from_, k]
        measure(i)
        if (!owner && has_bar) half = half_axis(reach, margin)
        print "<tr class=\"" classes(i, "pt") "\" id=\"" at[i, "id"] "\"" (at[i, "item"] != item ? " data-i=\"" html(at[i, "item"]) "\"" : "") "><td><b>" at[i, "verdict"] \
            "</b><td>" permalink(i, at[i, "id"]) " " html(at[i, "text"]) (source == "" && at[i, "source"] != "" ? " <small>" html(at[i, "source"]) "</small>" : "") \
            ((!owner || at[i, "note"] != at[owner, "note"]) && at[i, "note"] != "" ? " <small>" html(at[i, "note"]) "</small>" : "") \
            (at[i, "grim"] == "impossible" ? " <small>impossible as printed (GRIM)</small>" : "") \
            (at[i, "fresh_verdict"] != "" ? " <small>on fresh test data: " fresh(i) "</small>" : "") \
            "<td>" (has_bar ? bar(half, 120, 14) : "") "<td>" html(at[i, "ours_text"]) "<td>" html(at[i, "published_text"]) "<td>" html(at[i, "difference_text"]) \
            "<td>" p_shown(i) "<td>" seeds_shown(i)
    }
    print "</table>"
}

function write_curve(i,    n, words) {
    n = members[i] + 0
    print "<details class=\"" classes(i, "curve") "\" id=\"" at[i, "id"] "\" data-i=\"" html(at[i, "item"]) "\"><summary>" headline(i) \
        (unjudged[i] ? "" : "<div class=found>" large_bar(i) "<dl>" row("mean difference", html(at[i, "difference_text"])) row("p", p_shown(i)) row("seeds", seeds_shown(i)) row("on fresh test data", fresh(i)) \
        row("outside", at[i, "outside"] != "" ? at[i, "outside"] " of " at[i, "points"] " points, where chance gives " sprintf("%.1f", at[i, "outside_expected"]) "; " at[i, "outside_holm"] + 0 " after Holm" : "") "</dl></div>") \
        "<p class=tally>" plural(n, "point") ": " tally(member, n, i) "<span class=match></span></p></summary><dl>" \
        row("source", html(common(member, n, i, "source"))) evidence(i) how_again(i) row("one point", "<pre>" literal(program(paper_of[i])) " show ID" (told(paper_of[i], "results") == "recorded" ? " --recorded" : "") "</pre>") "</dl>"
    write_points(member, n, i, i)
    print "</details>"
}

# Single numbers: folded together, as they are no headline.
function write_singles(e, n,    i) {
    i = single[e, 1]
    print "<details class=\"curve singles\" data-i=\"\"><summary><p class=tally>" plural(n, "single number") ": " tally(single, n, e) "<span class=match></span></p></summary><dl>" \
        row("commands", commands_of(e)) row("results, SHA-256", results_of(i)) "</dl>"
    write_points(single, n, e, 0)
    print "</details>"
}

function commands_of(e,    paper) {
    paper = experiment_paper[e]
    return "<pre>" literal(run_command(paper "/" experiment_name[e])) "\n" literal(program(paper)) " show ID" (told(paper, "results") == "recorded" ? " --recorded" : "") "</pre>"
}

# ---- experiments ----
function needs(f, e,    part, n, k) {
    n = split(figure_needs[f], part, " ")
    for (k = 1; k <= n; k++) # with the first of them that the page has
        if (((k == 1 || !((figure_paper[f], part[k - 1]) in number_of))) && part[k] == experiment_name[e]) return figure_paper[f] == experiment_paper[e]
    return 0
}

function write_figures(e,    f, line, n) {
    for (f = 1; f <= figures; f++) {
        if (!needs(f, e)) continue
        if (!n++) print "<div class=figures>"
        printf "<figure id=\"Figure:%s/%s\" data-i=\"%s\"><label><input type=checkbox> enlarge</label> ", figure_paper[f], literal(figure_name[f]), html(figure_item[f])
        while ((getline line <figure_file[f]) > 0) print line
        print "<figcaption>" html(figure_item[f]) " " link(address(to_figures) "/" figure_paper[f] "/" address(figure_name[f]) ".svg", "SVG") "</figcaption></figure>"
    }
    if (n) print "</div>"
}

function write_parameters(e,    k, name, out) {
    for (k = 1; k <= grid[e]; k++) {
        name = grid[e, "", k]
        if (name !~ /^(paper|experiment|size)$/ && grid[e, name] != "") out = out row(html(name), literal_list(grid[e, name]))
    }
    if (out != "") print "<details class=parameters><summary>parameters</summary><dl>" out "</dl></details>"
}

function literal_list(text) { text = literal(text); gsub(/,/, ", ", text); return text }

function write_downloads(e,    paper, name, out, k, file) {
    paper = experiment_paper[e]
    name = experiment_name[e]
    for (k = 1; k <= 4; k++) {
        file = k == 1 ? name ".csv" : k == 2 ? name "_summary.csv" : k == 3 ? name "_grid.csv" : "published/" name ".csv"
        if ((paper, file) in sum) out = out (out == "" ? "" : ", ") link(to_data_file(paper, file), k == 1 ? "measurements" : k == 2 ? "summary" : k == 3 ? "parameters" : "published numbers")
    }
    print "<dl class=about>" row("data, CSV", out) row("command", "<code>" literal(run_command(paper "/" name)) "</code>") \
        row("measurements", (paper, name ".csv") in sum ? "SHA-256 <code>" literal(sum[paper, name ".csv"]) "</code>" : "") "</dl>"
}

function write_experiment(e,    paper, name, title, level, l, k, i, n, n_single) {
    paper = experiment_paper[e]
    name = experiment_name[e]
    title = told(paper, "title/" name)
    print "<section class=experiment id=\"Experiment:" paper "/" name "\"><h3>" html(title == "" ? name : title) " <small>" html(told(paper, "items/" name)) "</small></h3>"
    write_downloads(e)
    write_parameters(e)
    write_figures(e)
    for (l = 1; l <= n_levels; l++) {
        level = level_name[l]
        n = 0
        for (k = 1; k <= entries[e]; k++) {
            i = entry[e, k]
            if (at[i, "level"] != level) continue
            if (level == "point" && !members[i]) { single[e, ++n_single] = i; continue }
            if (!n++) print "<div class=level><h4>" level_title[level] "</h4>"
            if (members[i] || level == "curve") write_curve(i)
            else write_card(i)
        }
        if (level == "point" && n_single) {
            if (!n++) print "<div class=level><h4>" level_title[level] "</h4>"
            write_singles(e, n_single)
        }
        if (n) print "</div>"
    }
    if (!entries[e]) print "<p>No claims are made about it.</p>"
    print "</section>"
}

# ---- the head: counts that are links ----
function fragment(paper, level, verdict,    out) {
    if (paper != "" && papers > 1) out = "paper=" paper
    if (level != "") out = out (out == "" ? "" : "&") "level=" level
    if (verdict != "") out = out (out == "" ? "" : "&") "verdict=" verdict
    gsub(/ /, "+", out)
    return out
}

function count_link(paper, level, verdict, n,    to) {
    if (!n) return "0"
    to = fragment(paper, level, verdict)
    if (!(to in target)) {
        target[to] = 1
        target_name[++targets] = to
        target_paper[targets] = papers > 1 ? paper : ""
        target_rule[targets] = ".e" (level != "" ? "." short_of[level] : "") (verdict != "" ? "." short_of[verdict] : "")
    }
    return "<a href=\"#" html(to) "\">" n "</a>"
}

function write_counts(    p, l, v, level, rows, words, used_verdict) {
    for (v = 1; v <= n_verdicts; v++) used_verdict[v] = count["", "", verdict_name[v]] > 0 || v < 4
    words = "<table class=counts><thead><tr><td>" (papers > 1 ? "<td>" : "") "<th class=all>in all"
    for (v = 1; v <= n_verdicts; v++) if (used_verdict[v]) words = words "<th class=" verdict_short[v] "><b>" verdict_name[v] "</b>"
    words = words "</thead><tbody>"
    for (p = 1; p <= papers; p++) {
        for (l = 1; l <= n_levels; l++) {
            level = level_name[l]
            if (!count[paper_name[p], level]) continue
            words = words "\n<tr>" (papers > 1 ? "<th>" paper_name[p] : "") "<th>" (level == "headline" ? "headline claims" : level "s") "<td>" count_link(paper_name[p], level, "", count[paper_name[p], level] + 0)
            for (v = 1; v <= n_verdicts; v++)
                if (used_verdict[v]) words = words "<td>" count_link(paper_name[p], level, verdict_name[v], count[paper_name[p], level, verdict_name[v]] + 0)
        }
    }
    words = words "\n<tr><th>" (papers > 1 ? "all<th>" : "") "in all<td><a href=\"#\">" count[""] "</a>"
    for (v = 1; v <= n_verdicts; v++) if (used_verdict[v]) words = words "<td>" count_link("", "", verdict_name[v], count["", "", verdict_name[v]] + 0)
    return words "</table>"
}

# The choices of a filter, each with the class of its claims, which the script reads there.
function options(of_verdict, name, n,    k, out) {
    for (k = 1; k <= n; k++)
        if ((of_verdict ? count["", "", name[k]] : count["", name[k]]) > 0 || (!of_verdict && name[k] == "curve"))
            out = out "<option data-c=" short_of[name[k]] ">" name[k]
    return "<option value=\"\">all" out
}

# Without JavaScript, which takes these rules away, a link of the counts still leaves only what was counted.
function target_rules(    k, out, rule) {
    for (k = 1; k <= targets; k++) {
        rule = target_rule[k]
        out = out "[id=\"" target_name[k] "\"]:target~main :is(" (target_paper[k] != "" ? ".paper:not([data-p=\"" target_paper[k] "\"])," : "") \
            ".paper:not(:has(" rule ")),.experiment:not(:has(" rule ")),.level:not(:has(" rule ")),.figures,.e:not(" rule "," rule " *,:has(" rule "))){display:none}\n"
    }
    return out
}

# The experiments of a paper, folded away where there are several papers, so that the search is not far below.
function contents(    e, p, n, out, list, name, title, items) {
    for (p = 1; p <= papers; p++) {
        n = 0
        list = "<ul>"
        for (e = 1; e <= experiments; e++) {
            if (experiment_paper[e] != paper_name[p]) continue
            n++
            name = experiment_name[e]
            title = told(paper_name[p], "title/" name)
            items = html(told(paper_name[p], "items/" name))
            gsub(/Fig[.] /, "Fig.\\&nbsp;", items)
            list = list "<li>" link("#Experiment:" paper_name[p] "/" name, html(title == "" ? name : title)) " <small>" items "</small>"
        }
        list = list "</ul>"
        out = out (papers == 1 ? list : "<details><summary>" html(paper_name[p]) ": " n (n == 1 ? " experiment" : " experiments") "</summary>" list "</details>")
    }
    return "<nav aria-label=experiments>" out "</nav>"
}

# ---- the foot: where it comes from ----
function write_provenance(    p, e, paper, k, line, name, value, n, other) {
    print "<footer id=\"Provenance:\"><h2>Where this comes from</h2>"
    if (recorded) print "<p>From the recorded results: nothing was trained for this page. They are the same bytes on every machine, so no machine is named.</p>"
    else {
        while ((getline line <"manifest") > 0) {
            name = line
            sub(/ .*/, "", name)
            value = substr(line, length(name) + 1)
            sub(/^ +/, "", value)
            if (name == "results") continue
            if (!n++) print "<p>The last run:</p><dl class=wide>"
            print row(html(name == "sources" ? "source hash" : name == "date" ? "date of the run" : name), "<code>" literal(value) "</code>")
            if (name == "sources") other = value
        }
        print n ? "</dl>" : "<p>There is no manifest of a run beside these results, so compiler, processor and date are not known.</p>"
    }
    for (p = 1; p <= papers; p++) {
        paper = paper_name[p]
        if (!recorded && other != "" && told(paper, "sources") != "" && told(paper, "sources") != other)
            print "<p>" paper " was judged by a program of other sources: <code>" literal(told(paper, "sources")) "</code></p>"
        print "<div class=scroll><table><caption>" paper (recorded || n == 0 ? ", source hash <code>" literal(told(paper, "sources")) "</code>" : "") \
            "</caption><thead><tr><th>experiment<th>beside the recorded results<th>sources of the method<th>SHA-256 of the measurements</thead><tbody>"
        for (e = 1; e <= experiments; e++) {
            if (experiment_paper[e] != paper) continue
            name = experiment_name[e]
            print "<tr><td>" name "<td>" html(told(paper, "compared/" name)) "<td><code>" literal(told(paper, "sources/" name)) "</code><td><code>" literal(checksum(paper, name ".csv")) "</code>"
        }
        print "</table></div>"
    }
    print "</footer>"
}

# ---- the page ----
function copy_file(file,    line) { while ((getline line <file) > 0) print line }

function write_help() {
    print "<details class=help><summary>How to read this page</summary>" \
        "<p>Every claim has a verdict: <span class=r><b>reproduced</b></span>, <span class=u><b>not distinguishable</b></span> (the data decide neither way), " \
        "<span class=c><b>contradicted</b></span>, <span class=i><b>reported</b></span> (shown, not judged), " \
        "<span class=n><b>not measured</b></span> (a run diverged, or what the claim asks for never happened) or <span class=x><b>not run</b></span>. " \
        "Headline claims are what the paper says in words, captions and tables; a curve is a published series judged as one; its points are folded under it.</p>" \
        "<p><span class=sample><svg viewBox=\"0 0 120 14\"><path class=m d=\"M30 1h60v12h-60z\"/><path class=q d=\"M60 0v14\"/><path class=o d=\"M45 7h40M45 4v6M85 4v6\"/><path class=d d=\"M65 7h0\"/></svg></span> " \
        "The line is the published number (or no difference, where two of our quantities are compared), the band its margin: where our interval must lie for the claim to be reproduced. " \
        "The dot is ours, with the 95 % interval of the difference; an interval that goes on beyond the axis has no end there. The points of a curve share one axis. " \
        "p is that of the test that the verdict rests on, on the side of the margin where the difference lies; " \
        "adjusted is a headline claim's after Benjamini-Hochberg over those of its paper. " \
        "A comparison may be judged a second time, on fresh test data, which are many more than the published test set.</p>" \
        "<p>Fold out a claim for the reason of its verdict, the commands that make it again and the SHA-256 of the results it rests on. The address of a claim is its id: <code>index.html#ID</code>. " \
        "With JavaScript: <kbd>/</kbd> goes to the search, <kbd>Esc</kbd> clears it, and the address keeps what was searched and selected.</p></details>"
}

function write_page(    p, e, k, paper, counts, mark) {
    recorded = ENVIRON["RECORDED"] == 1
    counts = write_counts()
    for (k = 1; k <= targets; k++) mark = mark "<i id=\"" html(target_name[k]) "\"></i>"
    print "<!DOCTYPE html>\n<html lang=en><head><meta charset=utf-8><title>scaledown: every claim and its verdict</title>"
    print "<meta name=viewport content=\"width=device-width, initial-scale=1\"><meta name=color-scheme content=\"light dark\">"
    print "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n<link rel=icon href=\"data:,\">\n<style>"
    copy_file("style.css")
    print "</style>\n<style id=\"Counts:\">\n" target_rules() "</style></head>\n<body>" mark "<a class=skip href=\"#Claims:\">to the claims</a>"
    print "<header><h1>scaledown: every claim and its verdict</h1>"
    for (p = 1; p <= papers; p++) {
        paper = paper_name[p]
        if (told(paper, "title") != "")
            print "<p>" html(told(paper, "authors")) ": " (told(paper, "url") ~ /^https?:\/\/[^ ]+$/ ? link(told(paper, "url"), html(told(paper, "title"))) : html(told(paper, "title"))) ", " \
                html(told(paper, "venue") " " told(paper, "year")) ". " link(to_data_file(paper, "claims.csv"), "claims.csv") "</p>"
    }
    if (recorded) print "<p class=mark>From recorded results; nothing was trained here. " link("#Provenance:", "Where this comes from") "</p>"
    print "<div class=scroll>" counts "</div>"
    write_help()
    print contents()
    print "</header>\n<form role=search hidden><label>Search <input type=search name=q autocomplete=off></label><label>Paper <select name=paper></select></label>" \
        "<label>Item <select name=item></select></label><label>Verdict <select name=verdict>" options(1, verdict_name, n_verdicts) "</select></label>" \
        "<label>Level <select name=level>" options(0, level_name, n_levels) "</select></label>" \
        "<button type=reset>Show all</button> <output></output></form>"
    print "<main id=\"Claims:\">"
    for (p = 1; p <= papers; p++) {
        paper = paper_name[p]
        print "<section class=paper data-p=\"" paper "\"><h2>" html(told(paper, "title") == "" ? paper : told(paper, "title")) "</h2>"
        for (e = 1; e <= experiments; e++) if (experiment_paper[e] == paper) write_experiment(e)
        print "</section>"
    }
    print "</main>"
    write_provenance()
    print "<script>"
    copy_file("script.js")
    print "</script></body></html>"
}
