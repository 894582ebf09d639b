#!/bin/sh
# Fetch data sets of images:  sh tools/fetch_data.sh   (make data)
# From the environment:
#   SETS            of mnist, fashion-mnist, cifar-10 (default: the first two)
#   DATA_SOURCE     a folder, or an address (http:, https:, file:), that has FOLDER/FILE, FILE.gz or FILE.xz, as in
#                   data/README.md; empty: the public addresses below, one after the other
#   SCALEDOWN_DATA  where they go (default: data)
# A file gets its name when its SHA-256 is that of data/SHA256SUMS, so no half or wrong one ever has it.  What is there is
# not fetched again; a download that was cut short, .FILE.part, goes on.  Downloads are data: nothing in them is run, and no
# name in them is used.
set -u
cd "$(dirname "$0")/.." || exit 1
sums=data/SHA256SUMS data=${SCALEDOWN_DATA:-data} sets=${SETS:-mnist fashion-mnist} origin=${DATA_SOURCE:-}
most=100000000 # bytes of a file; the largest has 47 million

addresses() {
    case $1 in
    mnist) echo https://storage.googleapis.com/cvdf-datasets/mnist https://ossci-datasets.s3.amazonaws.com/mnist ;;
    fashion-mnist) echo http://fashion-mnist.s3-website.eu-central-1.amazonaws.com \
        https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion ;;
    cifar-10) echo https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz ;;
    esac
}
folder_of() { if [ "$1" = cifar-10 ]; then echo cifar-10-batches-bin; else echo "$1"; fi; }

say() { printf 'data: %s\n' "$*"; }
fail() { say "$*" >&2; exit 1; }
sum_of() {
    if command -v sha256sum >/dev/null 2>&1; then sha256sum <"$1"; else shasum -a 256 <"$1"; fi | cut -d ' ' -f 1
}
# is_right FILE FOLDER NAME: the bytes of FILE are those of FOLDER/NAME
is_right() { grep -qxF "$(sum_of "$1")  $2/$3" "$sums"; }
need() { command -v "$1" >/dev/null 2>&1 || fail "$1 is not installed (sh setup.sh installs it)"; }

unpacked=
trap '[ -z "$unpacked" ] || rm -f "$unpacked"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# unpack PACKED NAME: to standard output, no more than is allowed; what it is in the end is found by its sum
unpack() {
    case $2 in
    *.tar.gz) gzip -dc <"$1" | tar -xf - -O "$folder/$file" ;;
    *.gz) gzip -dc <"$1" ;;
    *.xz) xz -dc --memlimit-decompress=256MiB <"$1" ;;
    *) cat "$1" ;;
    esac 2>/dev/null | head -c "$most"
}

# take PACKED NAME: makes $file of a file that is here; fails, leaving nothing, when it is not the right one
take() {
    case $2 in *.xz) need xz ;; esac
    unpacked=$data/$folder/.$file.$$
    unpack "$1" "$2" >"$unpacked" || fail "cannot write $unpacked"
    is_right "$unpacked" "$folder" "$file" && mv -f "$unpacked" "$data/$folder/$file"
    taken=$?
    rm -f "$unpacked"
    unpacked=
    return "$taken"
}

# download ADDRESS PART: going on where it was cut short
download() {
    need curl
    said=$(curl -fsSL --proto '=http,https,file' --connect-timeout 20 --speed-limit 1000 --speed-time 60 --retry 2 \
        -C - -o "$2" "$1" 2>&1)
}

# fetch ADDRESS: makes $file of what is there.  A part that cannot go on, or goes wrong, is begun again, once.
fetch() {
    part=$data/$folder/.$(basename "$1").part
    if [ -s "$part" ] && take "$part" "$1"; then return; fi
    for attempt in 1 2; do
        [ -e "$part" ] && begun=yes || begun=no
        if download "$1" "$part"; then
            if take "$part" "$1"; then return; fi
            said="it is not the right file"
            rm -f "$part"
        elif [ "$begun" = yes ] && [ "$attempt" -eq 1 ]; then
            case $said in
            *'(33)'* | *'(36)'* | *'416'*) rm -f "$part" ;; # the server cannot go on, or there is nothing behind the part
            *) break ;;
            esac
        else break; fi
        [ "$begun" = yes ] || break
    done
    why="$why$1: $said; "
    return 1
}

# from_origin, from_public: make $file; they set why when they cannot
from_origin() {
    for suffix in '' .gz .xz; do
        path=$origin/$folder/$file$suffix
        case $origin in
        http:* | https:* | file:*)
            if fetch "$path"; then rm -f "$part"; return; fi
            ;;
        *)
            [ -f "$path" ] || continue
            if take "$path" "$path"; then return; fi
            why="$why$path is not the right file; "
            ;;
        esac
    done
    return 1
}
from_public() {
    for address in $(addresses "$set_"); do
        case $address in *.tar.gz) ;; *) address=$address/$file.gz ;; esac
        fetch "$address" || continue
        case $address in *.tar.gz) ;; *) rm -f "$part" ;; esac # the archive has the other files, too
        return
    done
    return 1
}

[ -f "$sums" ] || fail "$sums is missing; restore it from the repository"
case $origin in
'' | http://* | https://* | file://*) ;;
*) [ -d "$origin" ] || fail "DATA_SOURCE=$origin is no folder, and no address that begins with http:, https: or file:" ;;
esac
for set_ in $sets; do
    [ -n "$(addresses "$set_")" ] || fail "there is no data set $set_; SETS takes mnist, fashion-mnist and cifar-10"
done

status=0
for set_ in $sets; do
    folder=$(folder_of "$set_")
    mkdir -p "$data/$folder" || exit 1
    lacking=0
    for file in $(sed -n "s|^[0-9a-f]\{64\}  $folder/\([A-Za-z0-9_.-]*\)\$|\1|p" "$sums"); do
        why=
        if [ -f "$data/$folder/$file" ]; then
            if is_right "$data/$folder/$file" "$folder" "$file"; then continue; fi
            say "$data/$folder/$file is not the right file; it is fetched again"
        fi
        if [ -n "$origin" ]; then from_origin; else from_public; fi && continue
        say "cannot get $folder/$file: ${why:-it is not in $origin}" >&2
        lacking=$((lacking + 1))
    done
    if [ "$lacking" -eq 0 ]; then
        rm -f "$data/$folder"/.*.tar.gz.part
        say "$set_ is in $data/$folder"
    else
        status=1
    fi
done
[ "$status" -eq 0 ] || say "make data goes on where it was; DATA_SOURCE=DIR takes the files from a folder" >&2
exit "$status"
