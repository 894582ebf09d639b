#!/bin/sh
# System calls that fail:  sh tests/call_faults.sh
# Every sub-command is run under strace with its n-th call of one kind (openat, read, write, fsync, rename, close, unlink,
# and others) failing for a reason, once or from then on, or with the process killed there, for a sample of all such
# faults (SAMPLE=all: for every one, tens of thousands, which takes most of a day).  It must end with the files, the output and
# the status of an undisturbed run, or with status 1 or 2 and an error that names the file; and a run after it, undisturbed,
# must leave what it would have left anyhow.
#
# SCALEDOWN is the command (build/scaledown), SEED draws the sample, SAMPLE is how many faults of each entry of the table (4),
# ENTRIES a pattern for their words, as in ENTRIES='run*'.  Ends like a test made with Check.
calls=openat,read,write,fsync,rename,renameat,renameat2,close,unlink,unlinkat,mkdir,mkdirat,newfstatat,getdents64
reasons="ENOSPC EIO EACCES EMFILE EINTR"
traced="?$(echo $calls | sed 's/,/,?/g')"
if ! strace -f -o /dev/null -e trace="$traced" -e inject=mkdir:error=EIO:when=2 true 2>/dev/null; then
    echo 'tests/call_faults.sh: not tested: strace is not here, or may not trace'
    echo '100%: Checks: 1, Failures: 0, Errors: 0'
    exit 0
fi
. "$(dirname "$0")/support/disturbed.sh"
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0" # LeakSanitizer cannot work under strace
unreached=0

disturb() {
    timeout -k 5 60 strace -f -y -qq -s 1 -o "$sandbox/calls" -e trace="$traced" \
        ${fault_at:+-e inject="$fault_at"} "$undisturbed" "$@"
}

# From the calls of an undisturbed run, all faults as strace has them, or a sample.  The nth call is counted for each thread.
# In a sample are only calls for files that are no system's: the loader and OpenMP have their own.
faults() {
    awk -v reasons="$reasons" -v sample="$1" -v seed="$seed" '
        BEGIN {srand(seed); n_reasons = split(reasons, reason, " ")}
        match($2, /^[a-z0-9]+\(/) {
            name = substr($2, 1, RLENGTH - 1)
            n = ++count[$1, name]
            if (seen[name, n]++ || (sample && $0 ~ /["<]\/(lib|lib64|usr|sys|proc|etc)/)) next
            for (r = 1; r <= n_reasons; r++) {
                fault[++size] = name ":error=" reason[r] ":when=" n
                if (reason[r] != "EINTR") fault[++size] = name ":error=" reason[r] ":when=" n "+"
            }
            fault[++size] = name ":signal=SIGKILL:when=" n
        }
        END {
            if (!sample || sample > size) sample = size
            for (i = 1; i <= sample; i++) {
                j = i + int(rand() * (size - i + 1))
                print fault[j]
                fault[j] = fault[i]
            }
        }' "$sandbox/calls"
}

# The files that calls were made to fail for, as the command names them: without the folder, without what makes a
# temporary name.  A call that another thread comes between has its arguments in an earlier line.
failed_files() {
    awk '
        /<unfinished \.\.\.>$/ {begun[$1] = $0}
        /\(INJECTED\)$/ {print $0 ~ /<\.\.\. [a-z0-9]* resumed>/ ? begun[$1] : $0}
    ' "$sandbox/calls" | sed -n '
        s/^[0-9]* *[a-z0-9]*(\(AT_FDCWD<[^>]*>, \)*"\([^"]*\)".*/\2/p; t
        s/^[0-9]* *[a-z0-9]*([0-9]*<\([^>]*\)>.*/\1/p
    ' | sed "s|^$sandbox/here/||; s/\.tmp\..*//; s|^$sandbox/out\$|standard output|" | sort -u
}
# What was said ends with an error and names one of them, or could not be written.
named() {
    grep -qxF "$sandbox/err" "$sandbox/files" && return
    case $(tail -n 1 "$sandbox/err") in "scaledown: "*) ;; *) return 1 ;; esac
    while read -r file; do
        case $said in *"$file"*) return ;; esac
    done <"$sandbox/files"
    false
}
# What is the same each time of the output of commands that only look.
lasting() {
    case $1 in
    run | audit | estimate | list | merge | plan | missing) : ;; # which tell times
    *) cat "$sandbox/out" ;;
    esac
}

# one FAULT WORDS...
one() {
    fault_at=$1 checks=$((checks + 1))
    shift
    again here
    disturbed "$@"
    failed_files >"$sandbox/files"
    grep -q '(INJECTED)$\|killed by SIGKILL' "$sandbox/calls" || unreached=$((unreached + 1))
    what="$fault_at ($(tr '\n' ' ' <"$sandbox/files")) $*"
    case $code in
    $status)
        [ $status -ne 0 ] || same "$sandbox/expected" . || fault "$what: status 0, but $(head -n 3 "$sandbox/difference")"
        [ -n "$said" ] || [ "$(lasting "$1")" = "$output" ] || fault "$what: another output without a word: $(lasting "$1")"
        ;;
    137) case $fault_at in *SIGKILL*) ;; *) fault "$what: killed" ;; esac ;;
    127) has "$sandbox/err" 'error while loading shared libraries' || fault "$what: status 127: $said" ;;
    [12]) named || fault "$what: names none: $said" ;;
    *) fault "$what: status $code: $said" ;;
    esac
    recovers "$what" "$@"
}

# entry STATE WORDS...
entry() {
    state=$1
    shift
    # shellcheck disable=SC2254  # a pattern
    case $* in ${ENTRIES:-*}) ;; *) return ;; esac
    fresh "$state" expected
    fault_at=
    disturbed "$@"
    status=$code output=$(lasting "$1")
    [ $status -eq 0 ] || [ "$status" -eq 2 ] || fault "$*: status $status: $said"
    case ${SAMPLE:-4} in all) faults 0 ;; *) faults "${SAMPLE:-4}" ;; esac >"$sandbox/faults"
    while read -r at; do one "$at" "$@"; done <"$sandbox/faults"
    [ -z "${SHOW-}" ] || echo "$(wc -l <"$sandbox/faults") faults, status $status: $*"
}

table
# Of threads, one may have fewer calls than another time.
[ $((10 * unreached)) -le $checks ] || fault "$unreached of $checks faults were not reached"
finish
