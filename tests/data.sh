#!/bin/sh
# Fetching data sets:  sh tests/data.sh
# The script of `make data` in a project of its own, with small files under the names of the real ones, from folders and
# addresses that are here, whole, cut short, wrong and hostile.  Ends like a test made with Check.
root=$(cd "$(dirname "$0")/.." && pwd) checks=0 failures=0
sandbox=$(mktemp -d "${TMPDIR:-/tmp}/scaledown-data.XXXXXX") || exit 1
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$sandbox"' EXIT
trap 'exit 130' INT TERM
unset SETS DATA_SOURCE SCALEDOWN_DATA
unset http_proxy https_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY all_proxy

fault() { failures=$((failures + 1)); printf 'tests/data.sh: %s\n' "$*"; }
check() { # check WHAT COMMAND...: COMMAND succeeds
    what=$1 checks=$((checks + 1))
    shift
    "$@" >"$sandbox/out" 2>&1 || fault "$what: status $?: $(cat "$sandbox/out")"
}
refused() { # refused WORDS COMMAND...: COMMAND fails and says WORDS
    words=$1 checks=$((checks + 1))
    shift
    if "$@" >"$sandbox/out" 2>&1; then fault "$* is not refused"; fi
    grep -qF -e "$words" "$sandbox/out" || fault "$*: does not say \"$words\": $(cat "$sandbox/out")"
}
shows() { checks=$((checks + 1)) && { grep -qF -e "$1" "$sandbox/out" || fault "$what: no \"$1\": $(cat "$sandbox/out")"; }; }
fetch() { sh "$project/tools/fetch_data.sh"; }
from() { DATA_SOURCE=$1 fetch; }
clear() { rm -rf "$project/data/mnist" "$project/data/cifar-10-batches-bin"; }
whole() { # whole SET: its folder has its files, right, and nothing else
    checks=$((checks + 1))
    (cd "$source" && find "$1" -type f -exec cksum {} + | sort) >"$sandbox/wanted"
    (cd "$project/data" && find "$1" -type f -exec cksum {} + | sort) >"$sandbox/got"
    cmp -s "$sandbox/wanted" "$sandbox/got" || fault "$what: data/$1 has $(ls -A "$project/data/$1" | tr '\n' ' ')"
}
sum() { if command -v sha256sum >/dev/null; then sha256sum "$@"; else shasum -a 256 "$@"; fi; }

# The project, in a folder with an odd name; $source has all files as they are.
project="$sandbox/a \"project\" of 'ours'" source="$sandbox/as they are"
mnist='train-images-idx3-ubyte train-labels-idx1-ubyte t10k-images-idx3-ubyte t10k-labels-idx1-ubyte'
mkdir -p "$project/tools" "$project/data" "$source/mnist" "$source/cifar-10-batches-bin"
cp "$root/tools/fetch_data.sh" "$project/tools/"
for file in $mnist; do awk -v name="$file" 'BEGIN { for (i = 0; i < 20000; i++) print name, i * i % 7919 }' >"$source/mnist/$file"; done
for file in data_batch_1.bin test_batch.bin; do echo "$file" >"$source/cifar-10-batches-bin/$file"; done
(cd "$source" && sum mnist/* cifar-10-batches-bin/*) >"$project/data/SHA256SUMS"
mkdir -p "$sandbox/gz/mnist" "$sandbox/xz/mnist"
for file in $mnist; do gzip -c "$source/mnist/$file" >"$sandbox/gz/mnist/$file.gz"; done

# ---- the real list ----
checks=$((checks + 1))
[ "$(grep -c '^[0-9a-f]\{64\}  [a-z0-9-]*/[a-z0-9_.-]*$' "$root/data/SHA256SUMS")" -eq 14 ] || fault 'data/SHA256SUMS has not 14 files'

# ---- a folder ----
SETS=mnist
export SETS
check 'files as they are' from "$source"
whole mnist
shows 'mnist is in data/mnist'
touch -t 200001010000 "$project/data/mnist/"*
check 'what is there' from "$source"
checks=$((checks + 1))
[ -z "$(find "$project/data/mnist" -type f -mtime -1000)" ] || fault 'what is there is fetched again'
clear
check 'files in .gz' from "$sandbox/gz"
whole mnist
if command -v xz >/dev/null; then
    for file in $mnist; do xz -c "$source/mnist/$file" >"$sandbox/xz/mnist/$file.xz"; done
    echo wrong >"$project/data/mnist/t10k-images-idx3-ubyte"
    check 'files in .xz' from "$sandbox/xz"
    shows 't10k-images-idx3-ubyte is not the right file'
    whole mnist
fi
clear
check 'several sets' env SETS='mnist cifar-10' DATA_SOURCE="$source" sh "$project/tools/fetch_data.sh"
whole mnist
whole cifar-10-batches-bin
check 'another folder' env SCALEDOWN_DATA="$sandbox/else where" DATA_SOURCE="$source" sh "$project/tools/fetch_data.sh"
checks=$((checks + 1))
cmp -s "$sandbox/else where/mnist/t10k-labels-idx1-ubyte" "$source/mnist/t10k-labels-idx1-ubyte" || fault 'another folder has no files'

# ---- what is wrong ----
clear
refused 'there is no data set letters' env SETS='mnist letters' sh "$project/tools/fetch_data.sh"
refused 'is no folder, and no address' from "$sandbox/none"
refused 'cannot get mnist/t10k-images-idx3-ubyte: it is not in' from "$sandbox"
mkdir -p "$sandbox/bad/mnist"
cp "$source/mnist/"* "$sandbox/bad/mnist/"
head -c 1000 "$source/mnist/train-images-idx3-ubyte" >"$sandbox/bad/mnist/train-images-idx3-ubyte"
refused 'mnist/train-images-idx3-ubyte is not the right file' from "$sandbox/bad"
checks=$((checks + 1))
[ "$(ls -A "$project/data/mnist" | wc -l)" -eq 3 ] || fault "a wrong file leaves $(ls -A "$project/data/mnist")"
gzip -c "$source/mnist/train-images-idx3-ubyte" | head -c 1000 >"$sandbox/bad/mnist/train-images-idx3-ubyte.gz"
rm "$sandbox/bad/mnist/train-images-idx3-ubyte"
refused 'train-images-idx3-ubyte.gz is not the right file' from "$sandbox/bad"
head -c 300000000 /dev/zero | gzip -c >"$sandbox/bad/mnist/train-images-idx3-ubyte.gz" # more than is unpacked
refused 'train-images-idx3-ubyte.gz is not the right file' from "$sandbox/bad"
checks=$((checks + 1))
[ "$(ls -A "$project/data/mnist" | wc -l)" -eq 3 ] || fault "a wrong file leaves $(ls -A "$project/data/mnist")"
echo "touch '$sandbox/run'" >"$sandbox/bad/mnist/train-images-idx3-ubyte"
refused 'not the right file' from "$sandbox/bad"
checks=$((checks + 1))
[ ! -e "$sandbox/run" ] || fault 'a file was run'
clear
mv "$project/data/SHA256SUMS" "$sandbox/"
refused 'SHA256SUMS is missing' from "$source"
mv "$sandbox/SHA256SUMS" "$project/data/"

# ---- an address ----
if command -v curl >/dev/null; then
    # The archive of CIFAR-10, with a member whose name leads out of the folder; addresses that are here.
    mkdir -p "$sandbox/archive"
    (cd "$source" && echo stray >../stray && tar -czPf "$sandbox/archive/cifar-10-binary.tar.gz" cifar-10-batches-bin ../stray)
    sed "s|https://www.cs.toronto.edu/~kriz|file://$sandbox/archive|
        s|https://storage.googleapis.com/cvdf-datasets/mnist|file://$sandbox/none|
        s|https://ossci-datasets.s3.amazonaws.com/mnist|file://$sandbox/gz/mnist|" "$root/tools/fetch_data.sh" >"$project/tools/fetch_data.sh"
    rm "$sandbox/stray"
    check 'the second of two addresses' fetch
    whole mnist
    check 'an archive' env SETS=cifar-10 sh "$project/tools/fetch_data.sh"
    whole cifar-10-batches-bin
    checks=$((checks + 1))
    [ ! -e "$sandbox/stray" ] && [ ! -e "$project/data/stray" ] || fault 'an archive writes what it likes'
    cp "$root/tools/fetch_data.sh" "$project/tools/"

    clear
    odd=$(printf '%s' "$sandbox/gz" | sed 's/ /%20/g')
    check 'an address of files' from "file://$odd"
    whole mnist
    # A part goes on, or where it is not one of that file, is begun again.
    clear
    mkdir -p "$project/data/mnist"
    head -c 20000 "$sandbox/gz/mnist/train-images-idx3-ubyte.gz" >"$project/data/mnist/.train-images-idx3-ubyte.gz.part"
    cp "$sandbox/gz/mnist/train-labels-idx1-ubyte.gz" "$project/data/mnist/.train-labels-idx1-ubyte.gz.part"
    head -c 20000 /dev/zero >"$project/data/mnist/.t10k-images-idx3-ubyte.gz.part"
    check 'parts' from "file://$odd"
    whole mnist
    clear
    refused 'curl: (37)' from "file://$sandbox/none"
    if command -v python3 >/dev/null; then # over HTTP, by a server that cannot go on in the middle
        (cd "$sandbox/gz" && exec python3 -u -m http.server --bind 127.0.0.1 0) >"$sandbox/server" 2>&1 &
        server=$!
        for try in 1 2 3 4 5 6 7 8 9 10; do
            port=$(sed -n 's/.* port \([0-9]*\) .*/\1/p' "$sandbox/server")
            [ -z "$port" ] || break
            sleep "$try"
        done
        clear
        mkdir -p "$project/data/mnist"
        head -c 20000 "$sandbox/gz/mnist/train-images-idx3-ubyte.gz" >"$project/data/mnist/.train-images-idx3-ubyte.gz.part"
        check 'HTTP' from "http://127.0.0.1:$port"
        whole mnist
        clear
        refused 'error: 404' from "http://127.0.0.1:$port/none"
        kill "$server"
        wait "$server" 2>/dev/null
        server=
        refused 'curl: (7)' from "http://127.0.0.1:$port"
    fi
else
    echo 'tests/data.sh: addresses left out: curl is not installed'
fi

echo "$((failures ? 0 : 100))%: Checks: $checks, Failures: $failures, Errors: 0"
[ "$failures" -eq 0 ]
