#!/bin/sh
# The page of all claims, built from two small made-up papers in a folder with an awkward name, read as text and, where there
# is one, in Chromium (CHROMIUM names it).  Reports as Check does, for tests/run.sh.
set -u
export LC_ALL=C
unset DATA FIGURES PAPER RECORDED MANIFEST PAGE
root=$(cd "$(dirname "$0")/.." && pwd) || exit 1
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM
checks=0 failures=0

check() { # check WHAT COMMAND...
    checks=$((checks + 1))
    what=$1
    shift
    if ! "$@" >"$folder/why" 2>&1; then
        failures=$((failures + 1))
        echo "page.sh: failed: $what"
        sed 's/^/    /' "$folder/why" "$folder/out" | head -n 20
    fi
}
finish() {
    echo "$((failures ? 0 : 100))%: Checks: $checks, Failures: $failures, Errors: 0"
    [ "$failures" -eq 0 ]
    exit
}
build() { (cd "$project" && sh page/build.sh) >"$folder/out" 2>&1; }
says() { grep -qF -e "$1" "$folder/out"; }
has() { grep -qF -e "$1" "$PAGE"; }
has_not() { ! has "$1"; }
is() { printf '%s\n' "$1" && [ "$1" = "$2" ]; }

project="$folder/a \"b' c:d \$e"
export DATA="$folder/the 'data' #1 50%" FIGURES="$folder/fig \"ures\"" MANIFEST="$folder/mani fest" PAGE="$folder/the page/in dex.html"
mkdir -p "$project/figures/tiny" "$DATA" "$FIGURES/tiny"
cp "$root"/figures/csv.awk "$project/figures/"
cp -R "$root/page" "$project/page"
: >"$folder/out"
build
check "without verdicts: success" [ $? -eq 0 ]
check "without verdicts: said" says "there are no verdicts"

# ---- a paper whose claims have levels, and one whose claims have not ----
data=$DATA/tiny
mkdir -p "$data/published" "$DATA/other"
hash=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
head='id,curve,experiment,item,kind,text,n,ours,low,high,published,uncertainty,difference,difference_low,difference_high'
head=$head,margin,verdict,ours_text,published_text,difference_text,explanation,source,note,why,curve_text
cat >"$data/claims.csv" <<END
$head,level,p,p_adjusted,verdict_half,verdict_double,verdict_alone,seeds_text,ranges_over,grim,points,outside,outside_expected,outside_holm,fresh_verdict,fresh_ours,fresh_p,fresh_explanation
grows,,growth,"Fig. ""1"" <b>",value,"It grows <script>alert(1)</script> by 12 +- 1 & more, ""quite"" & 'so'.",3,20.0,19.0,21.0,12.0,0.5,8.0,7.0,9.0,1.0,contradicted,"20.00 [19.00, 21.00]",12 +- 0.5,"+8.00 [+7.00, +9.00]",because & <i>,"<img src=x onerror=alert(2)>","a ""note""
of two lines",--&gt; its reason,,headline,0.0004,0.002,contradicted,reproduced,contradicted,never,<u>,impossible,,,,
stays,,growth,Fig. 2,above,It stays above.,3,2.0,1.0,3.0,1.0,,1.0,0.5,1.5,0.25,reproduced,2.00 against 1.00,above by 0.25,"+1.00 [+0.50, +1.50]",so,,,,,headline,0.01,0.01,reproduced,reproduced,reproduced,,,,,,,,contradicted,1.5,0.0321,it falls <there>
p,,growth,Fig. 3,value,Points 1 to 3.,3,,,,,,0.1,-0.2,0.4,1.0,reproduced,,,"+0.10 [-0.20, +0.40]",mean,,,,,curve,0.02,0.02,reproduced,reproduced,reproduced,,,,3,1,0.2,0
p-1,p,growth,Fig. 3,value,Point 1 is low.,3,1.0,0.5,1.5,1.0,0.5,0.0,-0.5,0.5,1.0,reproduced,1.00,1 +- 0.5,+0.00,because,Table 1,,,Points 1 to 3.,point,0.03,0.03,,,,,,,,,,
p-2,p,growth,Fig. 3,value,Point 2 is zebra.,3,1.0,1.0,1.0,1.0,0.5,0.0,-99.0,99.0,1.0,not distinguishable,1.00,1 +- 0.5,+0.00,because,Table 1,,,Points 1 to 3.,point,0.5,0.5,,,,,,,,,,
p-3,p,growth,Fig. 3,value,Point 3 is high.,3,5.0,4.0,6.0,1.0,0.5,4.0,3.0,5.0,1.0,contradicted,5.00,1 +- 0.5,+4.00,because,Table 1,,,Points 1 to 3.,point,0.00000001,0.00000001,,,,,,,,,,
alone,,growth,notebook,report,A number alone.,0,,,,7.0,,,,,,reported,,7,,shown,cell 3,,,,point,,,,,,,,,,,,
END
cat >"$data/provenance.csv" <<'END'
name,value
title,"A tiny <paper>"
authors,Nobody & Co
venue,Nowhere
year,2024
url,javascript:alert(3)
results,own
sources,aaaa
program,build/scaledown
title/growth,Growth <at last>
items/growth,Fig. 1; Fig. 2
sources/growth,bbbb
run/growth,"build/scaledown run tiny/growth --results 'a ""b"" <c>'"
compared/growth,equal (12 cells)
title/idle,Without claims
items/idle,Fig. 9
run/idle,build/scaledown run tiny/idle
compared/idle,not run
uses/stays,other/more other/more
END
printf 'name,value\npaper,tiny\nexperiment,growth\nwidth,"1,2,<3>"\nseeds,3\n' >"$data/growth_grid.csv"
for name in growth.csv growth_summary.csv published/growth.csv; do echo x >"$data/$name"; done
for name in claims.csv growth.csv growth_grid.csv growth_summary.csv published/growth.csv; do echo "$hash  $name"; done >"$data/SHA256SUMS"
cat >"$DATA/other/claims.csv" <<END
$head
older,,more,Table 1,value,An older claim.,2,1.0,0.9,1.1,1.0,0.5,0.0,-0.1,0.1,0.5,reproduced,1.00,1,+0.00,because,Table 1,,,
c-1,c,more,Table 2,value,Point one.,2,1.0,0.9,1.1,1.0,0.5,0.0,-0.1,0.1,0.5,reproduced,1.00,1,+0.00,because,Table 1,,,"Points 1..2"
c-2,c,more,Table 2,value,Point two.,2,1.0,0.9,1.1,1.0,0.5,0.0,-0.1,0.1,0.5,contradicted,1.00,1,+0.00,because,Table 1,,,"Points 1..2"
END
echo x >"$DATA/other/more.csv"
echo "$hash  more.csv" >"$DATA/other/SHA256SUMS"
printf 'date      2024-02-03T04:05:06Z\nsources   cccc\ncompiler  gcc <12>\ncpu       A & B\n' >"$MANIFEST"

# ---- two drawings with the same ids ----
drawing() { # drawing NAME [MORE]
    printf '# item: Fig. 1; Fig. %s\n# needs: growth\n' "$1" >"$project/figures/tiny/figure$1.gp"
    cat >"$FIGURES/tiny/figure$1.svg" <<END
<?xml version="1.0" encoding="utf-8"  standalone="no"?>
<svg
 width="100" height="50" viewBox="0 0 100 50" xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">
<title>Gnuplot</title><desc>A <b>drawing</b></desc>
<g id="gnuplot_canvas">
<defs><circle id='dot' r='2'/><pattern id="hatch" width="4" height="4"><path d="M0,0 L4,4"/></pattern><filter id='no'><feFlood/></filter></defs>
<g fill="none" stroke-linecap="butt">
</g>
<g fill="none"><path d='M1.50,2.00 L3.25,2.00 L4.00,-1.00 M0,0 L1,1'/></g>
<g fill="none"><use xlink:href='#dot' transform='translate(3.00,4.00) scale(2.00)'/></g>
<polygon fill='rgb(  1, 2,255)' points='1.00,2.00 2.00,2.00 2.00,1.00 1.00,1.00'/>
<polygon fill='rgb(  1, 2,255)' points='3.00,2.00 4.00,2.00 4.00,1.00 3.00,1.00'/>
<rect x="0" y="0" width="4" height="4" style="fill: url(#hatch)"/>
<g><text>a &lt; b, drawn $1</text></g>
${2-}
</g></svg>
END
}
drawing 1
drawing 2
build
check "the page is built" [ -s "$PAGE" ]
check "its place is said" says "page: $PAGE"
check "nothing else is left" is "$(find "$folder" -name 'building*')" ''

# ---- texts are texts ----
check "one script, ours" is "$(grep -c '<script' "$PAGE")" 1
check "a sentence" has "It grows &lt;script&gt;alert(1)&lt;/script&gt; by 12 $(printf '\302\261') 1 &amp; more, &quot;quite&quot; &amp; &#39;so&#39;."
check "an attribute" has 'data-i="Fig. &quot;1&quot; &lt;b&gt;"'
check "a source" has '&lt;img src=x onerror=alert(2)&gt;'
check "a reason" has '--&amp;gt; its reason'
check "a note of two lines" has 'a &quot;note&quot;'
check "a title" has 'A tiny &lt;paper&gt;'
check "an address that is none" has_not 'javascript:alert'
check "a parameter" has '1, 2, &lt;3&gt;'
check "a command" has 'run tiny/growth --results &#39;a &quot;b&quot; &lt;c&gt;&#39;'
check "the compiler" has 'gcc &lt;12&gt;'
check "no tag of the data" is "$(grep -cE '<(img|u)[ >]' "$PAGE")" 0
check "no attribute of the data" is "$(grep -cE '<[a-z][^<>]* on[a-z]+=' "$PAGE")" 0

# ---- what is there ----
grep -oE ' id=("[^"]*"|[^ >"]+)' "$PAGE" | sed 's/"//g' | sort >"$folder/ids"
check "every id once" is "$(uniq -d "$folder/ids")" ''
for id in grows stays p p-1 p-2 p-3 alone older c c-1 c-2; do check "#$id" grep -qx " id=$id" "$folder/ids"; done
grep -oE '(href="?#|url\(#)F[0-9]+-[a-z]+' "$PAGE" | sed 's/.*#//' | sort -u >"$folder/used"
check "drawings use ids of their own" is "$(tr '\n' ' ' <"$folder/used")" 'F1-dot F1-hatch F2-dot F2-hatch '
for id in $(cat "$folder/used"); do check "#$id" grep -qx " id=$id" "$folder/ids"; done
check "lines are relative" has 'd="M1.5 2h1.75l.75-3m-4 1l1 1"'
check "rectangles of one look are one path" has 'd="M1 2h1v-1h-1zm2 0h1v-1h-1z"'
check "the text of a drawing" has 'a &lt; b, drawn 2</text>'
check "no filters" has_not '<filter'
check "counts of all" has '<a href="#">10</a>'
check "counts that are links" has '<a href="#paper=tiny&amp;level=headline&amp;verdict=contradicted">1</a>'
check "what a claim rests on" has 'build/scaledown run other/more'
check "SHA-256 of what each claim rests on" is "$(grep -c 'results, SHA-256' "$PAGE")" 6
check "p" has '<dt>p<dd>0.0004 (0.002 adjusted)'
check "a small p" grep -q '<td>&lt;[^<]*0\.0001' "$PAGE"
check "a second verdict" has '<dt>on fresh test data<dd><span class=c><b>contradicted</b></span> (differs)'
check "and its reason" has 'it falls &lt;there&gt;; p 0.032'
check "half and twice the margin" has 'contradicted at half the margin, reproduced at twice'
check "impossible numbers" has 'impossible as printed (GRIM)'
check "the date of the run" has '2024-02-03T04:05:06Z'
check "beside the recorded results" has 'equal (12 cells)'
check "other sources are said" has 'judged by a program of other sources'
check "an experiment without claims" has 'No claims are made about it.'
check "nothing comes from elsewhere" is "$(grep -oE '(src|href|url)[=(]"?(https?:)?//[^ >]*' "$PAGE")" ''
# A relative link is a file's name, with %20 and the like.
grep -oE 'href="[^"#][^"]*"' "$PAGE" | sed 's/^href="//; s/"$//' | sort -u | grep -v '^data:' >"$folder/links"
check "downloads" [ "$(wc -l <"$folder/links")" -ge 7 ]
awk '{
    for (name = ""; match($0, /%[0-9A-F][0-9A-F]/); $0 = substr($0, RSTART + 3))
        name = name substr($0, 1, RSTART - 1) sprintf("%c", 16 * index("123456789ABCDEF", substr($0, RSTART + 1, 1)) + index("123456789ABCDEF", substr($0, RSTART + 2, 1)))
    print name $0
}' "$folder/links" >"$folder/names"
while read -r name; do check "there is $name" [ -f "$(dirname "$PAGE")/$name" ]; done <"$folder/names"
first=$(cksum <"$PAGE")
build
check "the same bytes again" is "$(cksum <"$PAGE")" "$first"
# Every awk that is installed gives the same bytes, of these claims and of the 5000 below.
large() { (DATA="$folder/large/data" FIGURES="$folder/large/figures" PAGE="$folder/large/index.html" build); }
mkdir -p "$folder/large/data/many" "$folder/bin"
awk -v head="$head" 'BEGIN {
    print head
    for (c = 1; c <= 50; c++) for (p = 1; p <= 100; p++) {
        printf "curve%d-%d,curve%d,many,Fig. %d,value,Point %d of curve %d%s.,5,", c, p, c, c % 9, p, c, p == 50 ? " needle" : ""
        printf "%d.5,1.0,2.0,%d.0,0.5,0.5,0.1,0.9,1.0,%s,", p, p, p % 3 ? "reproduced" : "contradicted"
        printf "1.50,1 +- 0.5,+0.50,because,\"Table 1, row %d\",,,Curve %d\n", p, c
    }
}' >"$folder/large/data/many/claims.csv"
large
check "the page of 5000 claims" [ -s "$folder/large/index.html" ]
first_large=$(cksum <"$folder/large/index.html")
for other in gawk mawk original-awk bwk nawk 'busybox awk'; do
    command -v "${other%% *}" >/dev/null && ${other} 'BEGIN { exit 0 }' >/dev/null 2>&1 || continue
    printf '#!/bin/sh\nexec %s "$@"\n' "$other" >"$folder/bin/awk"
    chmod +x "$folder/bin/awk"
    (PATH="$folder/bin:$PATH" && build)
    check "the same bytes by $other" is "$(cksum <"$PAGE")" "$first"
    (PATH="$folder/bin:$PATH" && large)
    check "5000 claims, the same bytes by $other" is "$(cksum <"$folder/large/index.html")" "$first_large"
done
export RECORDED=1
build
check "recorded results are said" has 'From recorded results; nothing was trained here'
check "and name no machine" has_not '2024-02-03'
unset RECORDED
sed -i.old 's/,reproduced,2.00/,splendid,2.00/' "$data/claims.csv"
build
check "a verdict of another name" has '<b>splendid</b>'
check "counted by that name" has 'verdict=splendid">1</a>'
mv "$data/claims.csv.old" "$data/claims.csv"
touch "$FIGURES"/tiny/*
PAPER=other build
check "one paper" has_not 'id="grows"'
PAPER=../tiny build
check "no paths as papers" [ $? -ne 0 ]
touch -t 200001010000 "$FIGURES/tiny/figure2.svg"
build
check "a figure older than the data is left out" says "figure2.svg left out, because it is older"
mv "$MANIFEST" "$folder/manifest"
build
check "no manifest is said" has 'There is no manifest'
mv "$folder/manifest" "$MANIFEST"

# ---- what is refused, and the page that was there stays ----
drawing 2
build
first=$(cksum <"$PAGE")
refused() { # refused WHAT WORDS
    build
    check "$1: failure" [ $? -ne 0 ]
    check "$1: said" says "$2"
    check "$1: the page stays" is "$(cksum <"$PAGE")" "$first"
}
for bad in '<script>alert(1)</script>' '<g onload="alert(1)"></g>' '<use xlink:href="http://x/y"/>' '<image href="a.png"/>' \
    '<g style="fill:url(http://x)"></g>' '<foreignObject/>' '<g a="b' '<g>' '<![CDATA[<script>]]>'; do
    drawing 2 "$bad"
    refused "a drawing with $bad" "figure2.svg is refused"
done
drawing 2
cp "$data/claims.csv" "$folder/claims.csv"
for edit in 's/^alone,/"a b",/' 's/^stays,/grows,/' 's/,reproduced,2.00/,<i>,2.00/' 's/^id,/name,/' 's/^alone,/"alone,/'; do
    sed "$edit" "$folder/claims.csv" >"$data/claims.csv"
    touch "$FIGURES"/tiny/*
    refused "claims after $edit" "claims.csv"
done
cp "$folder/claims.csv" "$data/claims.csv"
touch "$FIGURES"/tiny/*
build

# ---- in a browser ----
: "${CHROMIUM:=$(command -v chromium || command -v chromium-browser || command -v google-chrome)}"
if [ -z "$CHROMIUM" ]; then
    echo "page.sh: the page is not tested in a browser, because Chromium is not installed"
    finish
fi
# A page that holds ours in a frame 400 wide and does what a reader does: a line of "ok" or "not ok" for each.  Its own
# messages, and those of frames in which scripts are forbidden, are no faults.
cp "$PAGE" "$folder/page.html"
cp "$root/tests/support/page_driver.html" "$folder/driver.html"
browse() { # browse FILE OPTION...; ten seconds, or minutes where others use the processor, too
    file=$1
    shift
    timeout 600 "$CHROMIUM" --headless --no-sandbox --disable-gpu --allow-file-access-from-files \
        --user-data-dir="$folder/profile" --enable-logging=stderr "$@" \
        "file://$folder/$file" 2>"$folder/browser"
}
browse driver.html --dump-dom >"$folder/dom"
sed 's/^.*<pre id="result">//' "$folder/dom" | grep -E '^(ok|not ok|5000|end)' >"$folder/results"
: >"$folder/out"
check "the driver comes to its end" is "$(tail -n 1 "$folder/results")" end
check "no console message" is "$(grep -a CONSOLE "$folder/browser" | grep -v -e 'driver.html (' -e 'Blocked script execution')" ''
grep '^5000' "$folder/results"
while read -r line; do
    case $line in
    ok*) check "$line" true ;;
    not*) check "$line" false ;;
    esac
done <"$folder/results"
browse page.html --print-to-pdf="$folder/page.pdf" >"$folder/dom"
check "it can be printed" [ -s "$folder/page.pdf" ]
finish
