# A drawing of gnuplot's as a piece of a page:
#     ITEM="Fig. 4a" awk -f svg.awk -v prefix=F1- figure.svg
# Ids begin with the prefix, so that several drawings can stand in one page; what shows nothing (titles, filters, unused
# marks, empty groups) is left out, neighbouring groups and rectangles of the same look are joined, and lines are relative.
# A drawing may bring shapes and text alone: anything else in it (scripts, links elsewhere, pictures) is refused, status 1.
BEGIN {
    n = split("svg g defs path polygon polyline rect circle ellipse line use text tspan pattern clipPath", name, " ")
    for (i = 1; i <= n; i++) shape[name[i]] = 1
    n = split("title desc filter", name, " ")
    for (i = 1; i <= n; i++) silent[name[i]] = 1
}

function refuse(why) {
    print FILENAME ": not a drawing: " why >"/dev/stderr"
    failed = 1
    exit 1
}

function escaped(text) {
    gsub(/&/, "\\&amp;", text)
    gsub(/"/, "\\&quot;", text)
    gsub(/</, "\\&lt;", text)
    return text
}

# attribute[name] of the inside of a tag; order[1..n] are the names.
function read_attributes(tag,    n, name, value, quote, end) {
    split("", attribute)
    split("", order)
    for (n = 0; match(tag, /[A-Za-z][A-Za-z0-9_:-]*[ \t]*=[ \t]*["']/); ) {
        if (substr(tag, 1, RSTART - 1) !~ /^[ \t]*$/) refuse("<" tag ">")
        name = substr(tag, RSTART, RLENGTH - 1)
        quote = substr(tag, RSTART + RLENGTH - 1, 1)
        tag = substr(tag, RSTART + RLENGTH)
        sub(/[ \t]*=[ \t]*$/, "", name)
        if (!(end = index(tag, quote))) refuse("an attribute without its end")
        value = substr(tag, 1, end - 1)
        tag = substr(tag, end + 1)
        gsub(/[ \t]+/, " ", value)
        if (name ~ /^[Oo][Nn]/ || (name ~ /href$/ && value !~ /^#/) || (value ~ /url\(/ && value !~ /url\(['"]?#/) || value ~ /[<>]/ || value ~ /script:/)
            refuse(name "=\"" value "\"")
        order[++n] = name
        attribute[name] = value
    }
    if (tag !~ /^[ \t\/]*$/) refuse("<" tag ">")
    return n
}

# Hundredths as they are written: "1.5" for 150.
function hundredths(k,    text) {
    text = sprintf("%.2f", k / 100)
    sub(/[.]?0+$/, "", text)
    sub(/^0[.]/, ".", text)
    sub(/^-0[.]/, "-.", text)
    return text == "-" || text == "" ? "0" : text
}

function joined(a, b) { return a (b ~ /^-/ ? "" : " ") b }

# Lines between absolute points become relative ones; gnuplot writes two digits behind the point, so nothing is lost.
function relative(d, closed,    n, token, i, x, y, oldx, oldy, out, op, last) {
    gsub(/[,\n]/, " ", d)
    gsub(/[MLZz]/, " & ", d)
    n = split(d, token, " ")
    op = "M"
    for (i = 1; i <= n; i++) {
        if (token[i] ~ /^[MLZz]$/) {
            op = token[i]
            if (op == "Z" || op == "z") { out = out "z"; last = ""; oldx = startx; oldy = starty }
            continue
        }
        x = int(token[i] * 100 + (token[i] < 0 ? -0.5 : 0.5))
        y = int(token[++i] * 100 + (token[i] < 0 ? -0.5 : 0.5))
        if (op == "M") { out = out (out == "" ? "M" joined(hundredths(x), hundredths(y)) : "m" joined(hundredths(x - oldx), hundredths(y - oldy))); startx = x; starty = y }
        else if (y == oldy) out = out "h" hundredths(x - oldx)
        else if (x == oldx) out = out "v" hundredths(y - oldy)
        else out = out (last == "l" && hundredths(x - oldx) !~ /^-/ ? " " : last == "l" ? "" : "l") joined(hundredths(x - oldx), hundredths(y - oldy))
        last = op == "M" ? "" : y == oldy ? "h" : x == oldx ? "v" : "l"
        if (op == "M") op = "L"
        oldx = x
        oldy = y
    }
    endx = oldx
    endy = oldy
    return out (closed ? "z" : "")
}

function simple(d) { return d ~ /^[ \n]*M/ && d !~ /[^MLZz0-9., \n-]/ && d !~ /[.][0-9][0-9][0-9]/ && d !~ /[Zz]/ }

# Everything of a tag but what all ancestors of gnuplot's say anyway.
function attributes_text(n, without,    i, name, value, out) {
    for (i = 1; i <= n; i++) {
        name = order[i]
        value = attribute[name]
        if (index(" " without " ", " " name " ") || (name == "stroke-linecap" && value == "butt" && one_cap) || (name == "stroke-linejoin" && value == "miter" && one_join)) continue
        if (name == "id") { if (!(value in used)) continue; value = prefix value }
        if (name ~ /href$/) { name = "href"; value = "#" prefix substr(value, 2) }
        if (value ~ /url\(/) { gsub(/url\(['"]?#/, "url(#" prefix, value); gsub(/['"]\)/, ")", value) }
        if (value ~ /^rgb\([0-9, ]+\)$/) value = hexadecimal(value)
        gsub(/"/, "\\&quot;", value)
        if (name == "transform") { gsub(/,/, " ", value); gsub(/[.]00/, "", value); gsub(/\) +/, ")", value) }
        out = out " " name "=" (value ~ /^[A-Za-z0-9#.-]+$/ ? value : "\"" value "\"")
    }
    return out
}

function hexadecimal(text,    part) {
    split(substr(text, 5), part, ",")
    return sprintf("#%02x%02x%02x", part[1], part[2], part[3])
}

function put(text) { token[++tokens] = text }

function open_tag(tag,    n, kind, rest, d) {
    kind = tag
    sub(/[ \t\n\/>].*/, "", kind)
    if (!(kind in shape)) refuse("<" kind ">")
    rest = substr(tag, length(kind) + 1)
    self_closed = rest ~ /\/[ \t]*$/
    sub(/\/[ \t]*$/, "", rest)
    n = read_attributes(rest)
    if (kind == "svg") {
        if (attribute["viewBox"] !~ /^[0-9. -]+$/) refuse("viewBox=\"" attribute["viewBox"] "\"")
        put("<svg viewBox=\"" attribute["viewBox"] "\" width=" attribute["width"] + 0 " height=" attribute["height"] + 0 " role=img aria-label=\"" escaped(ENVIRON["ITEM"]) "\">")
    } else if (kind == "polygon") {
        d = attribute["points"]
        rest = attributes_text(n, "points")
        if (simple("M" d)) {
            # A rectangle of the same look goes on where the one before began.
            if (tokens == last_shape && rest == last_look && rest !~ /opacity/) {
                x = lastx; y = lasty
                d = follow(d, lastx, lasty)
                token[tokens] = substr(token[tokens], 1, length(token[tokens]) - 3) d "\"/>"
            } else {
                put("<path" rest " d=\"" relative("M" d, 1) "\"/>")
            }
            last_shape = tokens
            last_look = rest
            lastx = startx
            lasty = starty
        } else if (d ~ /^[0-9., \n-]*$/) put("<polygon" rest " points=\"" d "\"/>")
        else refuse("points=\"" d "\"")
        if (!self_closed) refuse("<polygon> with something in it")
        return
    } else if (kind == "path" && simple(attribute["d"])) {
        put("<path" attributes_text(n, "d") " d=\"" relative(attribute["d"], 0) "\"" (self_closed ? "/>" : ">"))
    } else {
        rest = attributes_text(n, "")
        if (kind == "defs") in_defs = !self_closed
        if (in_defs && kind != "defs" && "id" in attribute && !(attribute["id"] in used)) {
            if (!self_closed) skip = kind
            return
        }
        if (self_closed) { put("<" kind rest (rest ~ /[^"]$/ ? " />" : "/>")); return }
        # A group that goes on as the one before is the same group.
        if (kind == "g" && token[tokens] == "</g>" && look_closed[tokens] == rest && rest !~ /id=|opacity|clip|filter|mask/) {
            tokens--
            depth++
            kind_of[depth] = "g"; look_of[depth] = rest; opened_at[depth] = -1
            return
        }
        put("<" kind rest ">")
    }
    if (!self_closed) { depth++; kind_of[depth] = kind; look_of[depth] = rest; opened_at[depth] = tokens }
}

# The subpath from where the last one ended, which is where it began.
function follow(d, x, y,    whole, n, first, at) {
    whole = relative("M" d, 1)
    match(whole, /^M[^hvlz]*/)
    return "m" joined(hundredths(startx - x), hundredths(starty - y)) substr(whole, RLENGTH + 1)
}

function close_tag(kind) {
    if (depth == 0 || kind_of[depth] != kind) refuse("</" kind "> without its beginning")
    if (kind == "defs") in_defs = 0
    # Empty: it shows nothing.
    if (opened_at[depth] == tokens && kind != "svg") tokens--
    else { put("</" kind ">"); look_closed[tokens] = look_of[depth] }
    depth--
}

{ text = text $0 "\n" }

END {
    if (failed) exit 1
    one_cap = text !~ /stroke-linecap *= *["'](round|square)/
    one_join = text !~ /stroke-linejoin *= *["'](round|bevel)/
    for (rest = text; match(rest, /(href *= *["']|url\(["']?)#[A-Za-z0-9_.-]+/); rest = substr(rest, RSTART + RLENGTH)) {
        id = substr(rest, RSTART, RLENGTH)
        sub(/.*#/, "", id)
        used[id] = 1
    }
    for (;;) {
        n = index(text, "<")
        words = n ? substr(text, 1, n - 1) : text
        gsub(/[\t\n]+/, "", words)
        if (words != "" && !silence && skip == "" && (kind_of[depth] == "text" || kind_of[depth] == "tspan")) put(words)
        if (!n) break
        text = substr(text, n + 1)
        if (substr(text, 1, 3) == "!--") {
            if (!(n = index(text, "-->"))) refuse("a comment without its end")
            text = substr(text, n + 3)
            continue
        }
        if (!(n = index(text, ">"))) refuse("a tag without its end")
        tag = substr(text, 1, n - 1)
        text = substr(text, n + 1)
        gsub(/\n/, " ", tag)
        if (tag ~ /^\?xml/) continue
        if (tag ~ /^!DOCTYPE/ && tag !~ /\[/) continue
        kind = tag
        sub(/^\//, "", kind)
        sub(/[ \t\/].*/, "", kind)
        if (silence) { if (tag == "/" silence) silence = ""; continue }
        if (skip != "") { if (tag == "/" skip) skip = ""; continue }
        if (kind in silent && tag !~ /^\//) { if (tag !~ /\/ *$/) silence = kind; continue }
        if (tag ~ /^\//) close_tag(kind)
        else open_tag(tag)
    }
    if (depth || tokens == 0 || token[1] !~ /^<svg/) refuse("it does not end, or is not SVG")
    for (i = 1; i <= tokens; i++) printf "%s", token[i]
    print ""
}
