# Our accuracies at the last step as TeX macros: \oursTestMlpOriginal{65.3 [64.6, 66.0]}, \oursTrain... likewise.
function capital(word) { return toupper(substr(word, 1, 1)) substr(word, 2) }
NR == 1 {
    if ($0 != "cell,metric,x_name,x,n,mean,sd,low,high") {
        print "report: " FILENAME " does not have the expected columns" > "/dev/stderr"
        exit 1
    }
    next
}
$2 ~ /^(test|train)_accuracy$/ && $1 ~ /^model=[a-z]+ features=[a-z]+$/ {
    split($1, part, /[= ]/)
    which = capital(substr($2, 1, index($2, "_") - 1))
    text = $6 == "diverged" ? "diverged" : sprintf("%.1f", $6)
    if ($8 != "" && $8 != "diverged") text = text sprintf(" [%.1f, %.1f]", $8, $9)
    accuracy[which capital(part[2]) capital(part[4])] = text # steps ascend: the last one stays
}
END { for (cell in accuracy) printf "\\def\\ours%s{%s}\n", cell, accuracy[cell] | "LC_ALL=C sort" }
