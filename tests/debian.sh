#!/bin/sh
# A rehearsal of age:  sh tests/debian.sh BUILD RELEASE
# Installs another release of Debian (bullseye, trixie) into BUILD/debian/RELEASE, and does there with the last commit what the
# README tells a reader to do, with that release's compiler and libraries: sh setup.sh && make check.  Then every method
# runs there at a tiny size (tests/support/tiny.sh) and must give the bytes that this machine's SCALEDOWN (build/scaledown) gives.
# As root, with debootstrap and a network; what is installed once is used again.  Ends with "N passed, N failed".
build=$1 release=$2 root=$1/debian/$2 plain=${SCALEDOWN:-build/scaledown}
die() { echo "tests/debian.sh: $*" >&2; exit 2; }
case $release in '' | *[!a-z]*) die "RELEASE is '$release', but must be the name of a release, such as bullseye" ;; esac
[ "$(id -u)" -eq 0 ] || die "only root can change into another system"
command -v debootstrap >/dev/null || die "debootstrap is not installed"
mkdir -p "$build/debian" || exit 1

# The mark is made last: an installation that was cut short begins anew.
mark=$root/etc/scaledown-installed
if [ ! -e "$mark" ]; then
    rm -rf "$root"
    debootstrap --variant=minbase "$release" "$root" >"$build/debian/$release.log" 2>&1 ||
        { tail -n 5 "$build/debian/$release.log"; echo "0 passed, 1 failed"; exit 1; }
    : >"$mark"
fi
rm -rf "$root/root/scaledown"
git clone --quiet --no-hardlinks . "$root/root/scaledown" || exit 1

# inside COMMANDS: in the project's folder there; its /proc and what it starts are gone when it ends
inside() {
    # shellcheck disable=SC2016
    unshare --mount --pid --fork sh -c '
        mount -t proc proc "$1/proc" &&
            exec chroot "$1" env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin sh -c "cd /root/scaledown && $2"
        ' sh "$root" "$1"
}
log=$build/debian/$release-check.log
inside 'sh setup.sh && ${CC:-gcc} --version | head -n 1' || { echo "0 passed, 1 failed"; exit 1; }
inside 'make -j2 tests >build.log 2>&1 || tail -n 20 build.log; grep warning: build.log'
inside 'make check' | tee "$log"
counts=$(sed -n 's/^\([0-9][0-9]*\) passed, \([0-9][0-9]*\) failed$/\1 \2/p' "$log" | tail -n 1)
counts=${counts:-0 1}
passed=${counts% *} failed=${counts#* }

. "$(dirname "$0")/support/tiny.sh"
if inside '. tests/support/tiny.sh && tiny tiny 2 build/scaledown' && tiny "$build/debian/tiny" 1 "$plain" &&
    diff -r "$root/root/scaledown/tiny" "$build/debian/tiny"; then
    passed=$((passed + 1))
    echo "every method has the same bits on $release"
else
    failed=$((failed + 1))
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
