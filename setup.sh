#!/bin/sh
# Install what scaledown needs and this machine lacks: a C compiler with OpenMP, GNU make, zlib, liblzma, libjpeg, pkg-config
# and the Check library to build and test; gnuplot with cairo, and pdflatex, for the figures and the report; curl and xz for
# `make data`.  Silent when nothing is missing.
#
#   sh setup.sh             say what is missing, install it, check again
#   sh setup.sh --dry-run   only say what is missing and the command that would install it (status 1 if anything is)
#   sh setup.sh --tests     instead, what tests can do more with: strace, valgrind, clang with its sanitizers, a big-endian
#                           machine's compiler and emulator, a browser, Slurm, GNU parallel
#   sh setup.sh --portable  instead, the compilers and emulators that `make portable` has a use for
# Both with --dry-run likewise.  What stays missing, the tests leave out by name.
#
# Every need is found by trying it, not by asking for a package: whatever provides it will do.
set -u
cd "$(dirname "$0")" || exit 1
compiler=${CC:-gcc} gnuplot=${GNUPLOT:-gnuplot}

fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# links FLAGS PROGRAM: can the compiler build this program with these flags?
links() {
    # shellcheck disable=SC2086  # the flags, and the compiler, may be several words
    printf '%s\n' "$2" | $compiler -x c -o "$scratch/probe" - $1 >/dev/null 2>&1
}

main='int main(void) { return 0; }'
check="#include <check.h>
int main(void) { return suite_create(\"probe\") == 0; }"
zlib="#include <zlib.h>
int main(void) { return zlibVersion() == 0; }"
lzma="#include <lzma.h>
int main(void) { return lzma_version_number() == 0; }"
jpeg="#include <stdio.h>
#include <jpeglib.h>
int main(void) { struct jpeg_error_mgr e; return jpeg_std_error(&e) == 0; }"
check_flags() { pkg-config --cflags --libs check 2>/dev/null || echo '-lcheck'; }
# shellcheck disable=SC2086
openmp_works() { sh tools/probe_compiler.sh $compiler | grep -qx 'openmp:-fopenmp'; }

emulators="qemu-aarch64 qemu-riscv64 qemu-s390x qemu-arm qemu-i386"
cross_compilers="aarch64-linux-gnu-gcc riscv64-linux-gnu-gcc s390x-linux-gnu-gcc arm-linux-gnueabihf-gcc i686-linux-gnu-gcc"

test_tools="strace valgrind clang qemu-s390x s390x-linux-gnu-gcc chromium slurmctld slurmd sbatch parallel"

# One need a line: its name, as packages() below knows it.
missing() {
    case $wanted_for in
    portable) for tool in clang musl-gcc $emulators $cross_compilers; do have "$tool" || echo "$tool"; done ;;
    tests)
        for tool in $test_tools; do have "$tool" || echo "$tool"; done
        (compiler=clang && links -fsanitize=thread "$main") || echo clang-sanitizers
        ;;
    all) missing_of_all ;;
    esac
}

missing_of_all() {
    if ! links '' "$main"; then echo compiler; echo openmp
    elif ! openmp_works; then echo openmp; fi
    make --version 2>/dev/null | grep -q 'GNU Make' || echo make
    have pkg-config || echo pkg-config
    links "$(check_flags)" "$check" || echo check
    links -lz "$zlib" || echo zlib
    links -llzma "$lzma" || echo lzma
    links -ljpeg "$jpeg" || echo jpeg
    have curl || echo curl
    have xz || echo xz
    gnuplot_works || echo gnuplot
    latex_works || echo latex
}

# A gnuplot without cairo draws nothing for LaTeX.
gnuplot_works() {
    (cd "$scratch" && rm -f probe.* && "$gnuplot" -e "set terminal cairolatex pdf; set output 'probe.tex'; plot x; \
        set output; set terminal svg; set output 'probe.svg'; plot x" >gnuplot.txt 2>&1 &&
        [ -s probe.tex ] && [ -s probe.pdf ] && [ -s probe.svg ])
}

latex_works() {
    have pdflatex || return 1
    printf '%s\n' '\documentclass{article}' '\usepackage{geometry,graphicx,color,array,longtable,amsmath,hyperref}' \
        '\begin{document}Text.\end{document}' >"$scratch/page.tex"
    (cd "$scratch" && pdflatex -interaction=batchmode -halt-on-error page.tex >latex.txt 2>&1 && [ -s page.pdf ])
}

# packages MANAGER NEED: what provides it there.
packages() {
    case $1:$2 in
    apt-get:compiler) echo gcc libc6-dev ;;
    *:openmp) openmp_packages "$1" ;;
    apt-get:clang) echo clang libomp-dev ;;
    apt-get:clang-sanitizers) echo clang libomp-dev libclang-rt-dev ;;
    apt-get:slurm* | apt-get:sbatch) echo slurm-wlm ;;
    apt-get:musl-gcc) echo musl-tools ;;
    apt-get:qemu-*) echo qemu-user ;;
    apt-get:*-gcc) cross_packages "${2%-gcc}" ;;
    apt-get:zlib) echo zlib1g-dev ;;
    apt-get:lzma) echo liblzma-dev ;;
    apt-get:jpeg) echo libjpeg-dev ;;
    apt-get:xz) echo xz-utils ;;
    apt-get:gnuplot) echo gnuplot-nox ;;
    apt-get:latex) echo texlive-latex-base texlive-latex-recommended ;;
    dnf:compiler) echo gcc glibc-devel ;;
    dnf:pkg-config) echo pkgconf-pkg-config ;;
    dnf:check) echo check-devel ;;
    dnf:zlib) echo zlib-devel ;;
    dnf:lzma) echo xz-devel ;;
    dnf:jpeg) echo libjpeg-turbo-devel ;;
    dnf:latex) echo texlive-scheme-basic texlive-collection-latex ;;
    pacman:compiler) echo gcc ;;
    pacman:pkg-config) echo pkgconf ;;
    pacman:jpeg) echo libjpeg-turbo ;;
    pacman:latex) echo texlive-basic texlive-latex ;;
    brew:compiler) echo gcc ;;
    brew:jpeg) echo jpeg-turbo ;;
    brew:latex) echo texlive ;;
    *:lzma) echo xz ;;
    *) echo "$2" ;; # the package has the need's own name
    esac
}

# gcc brings its own; clang's is a package apart.
openmp_packages() {
    case $1:$(basename "${compiler%% *}") in
    apt-get:clang*) echo libomp-dev ;;
    dnf:clang*) echo libomp-devel ;;
    pacman:clang*) echo openmp ;;
    brew:clang*) echo libomp ;;
    apt-get:*) echo gcc libc6-dev ;;
    dnf:*) echo gcc libgomp ;;
    *) echo gcc ;;
    esac
}

# A compiler for another machine, by its triplet, and the C library there.
cross_packages() {
    case $1 in
    aarch64-*) echo gcc-aarch64-linux-gnu libc6-dev-arm64-cross ;;
    arm-*) echo gcc-arm-linux-gnueabihf libc6-dev-armhf-cross ;;
    i686-*) echo gcc-i686-linux-gnu libc6-dev-i386-cross ;;
    *) echo "gcc-$1" "libc6-dev-${1%%-*}-cross" ;;
    esac
}

manager() {
    for name in apt-get dnf pacman brew; do have "$name" && echo "$name" && return; done
}

install_command() {
    case $1 in
    apt-get) echo "apt-get install -y --no-install-recommends" ;;
    dnf) echo "dnf install -y --setopt=install_weak_deps=False" ;;
    pacman) echo "pacman -S --needed --noconfirm" ;;
    brew) echo "brew install" ;;
    esac
}

dry_run=no wanted_for=all
for option; do
    case $option in
    --dry-run) dry_run=yes ;;
    --tests | --portable) wanted_for=${option#--} ;;
    *) fail "unknown option '$option'; use sh setup.sh [--tests | --portable] [--dry-run]" ;;
    esac
done

scratch=$(mktemp -d "${TMPDIR:-/tmp}/scaledown-setup.XXXXXX") || fail "cannot make a temporary folder"
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM

needs=$(missing)
[ -n "$needs" ] || exit 0
needs_line=$(echo "$needs" | tr '\n' ' ')
needs_line=${needs_line% }
manager=$(manager)
if [ $wanted_for != all ] && [ "$manager" != apt-get ]; then
    fail "missing: $needs_line. Their packages are known for Debian and its kin only: install them with this system's own" \
        "tools; what stays missing, the tests skip and name"
fi
[ -n "$manager" ] || fail "missing: $needs_line. None of apt-get, dnf, pacman and brew is here:" \
    "install these with this system's own tools and run this again"

# shellcheck disable=SC2046
wanted=$(for need in $needs; do packages "$manager" "$need"; done | tr ' ' '\n' | sort -u | tr '\n' ' ')
wanted=${wanted% }
as_root=
if [ "$(id -u)" -ne 0 ] && [ "$manager" != brew ]; then as_root="sudo "; fi
by_hand="$as_root$(install_command "$manager") $wanted"
[ "$manager" = apt-get ] && by_hand="${as_root}apt-get update && $by_hand"

echo "setup: missing: $needs_line"
echo "setup: $manager will install: $wanted"
if [ "$dry_run" = yes ]; then
    echo "setup: with: $by_hand"
    exit 1
fi
if [ -n "$as_root" ] && ! have sudo; then
    fail "only root can install, and there is no sudo. As root run: $(echo "$by_hand" | sed 's/sudo //g')"
fi

export DEBIAN_FRONTEND=noninteractive
install() {
    if [ "$manager" = apt-get ]; then
        ${as_root:+sudo} apt-get -q update || return 1
        # sudo clears the environment, so the front end is named again.
        # shellcheck disable=SC2046,SC2086
        ${as_root:+sudo} env DEBIAN_FRONTEND=noninteractive $(install_command apt-get) -q $wanted
    else
        # shellcheck disable=SC2046,SC2086
        ${as_root:+sudo} $(install_command "$manager") $wanted
    fi
}
install || fail "$manager could not install this. Run: $by_hand"

hash -r
left=$(missing)
if [ "$left" = openmp ]; then # no reason to stop
    echo "setup: done, but $compiler cannot compile, link and run a program with OpenMP: one thread only"
    exit 0
fi
# shellcheck disable=SC2086  # needs are apart by new lines
[ -z "$left" ] || fail "installed, but still not usable:" $left "(tried with $compiler and $gnuplot;" \
    "CC and GNUPLOT name others)"
echo "setup: done"
