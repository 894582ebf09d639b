#!/bin/sh
# Install what scaledown needs and this machine lacks: a C compiler with OpenMP, GNU make, pkg-config and the Check
# library to build and test; gnuplot and pdflatex for the figures and the report.  Silent when nothing is missing.
#
#   sh setup.sh             say what is missing, install it, check again
#   sh setup.sh --dry-run   only say what is missing and the command that would install it (status 1 if anything is)
#
# Every need is found by trying it, not by asking for a package: whatever provides it will do.
set -u
compiler=${CC:-gcc}
latex_files="article.cls longtable.sty array.sty graphicx.sty color.sty geometry.sty hyperref.sty amsmath.sty cmr10.pfb"

fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# links FLAGS PROGRAM: can the compiler build this program with these flags?
links() {
    # shellcheck disable=SC2086  # the flags are several words
    printf '%s\n' "$2" | "$compiler" -x c -o "$scratch/probe" - $1 >/dev/null 2>&1
}

main='int main(void) { return 0; }'
openmp="#include <math.h>
#include <omp.h>
int main(int argc, char **argv) { (void)argv; return omp_get_max_threads() < 1 || sqrt((double)argc) > 1e6; }"
check="#include <check.h>
int main(void) { return suite_create(\"probe\") == 0; }"
check_flags() { pkg-config --cflags --libs check 2>/dev/null || echo '-lcheck'; }

# One need a line: its name, as packages() below knows it.
missing() {
    if ! links '' "$main"; then echo compiler; echo openmp
    elif ! links '-fopenmp -lm' "$openmp"; then echo openmp; fi
    make --version 2>/dev/null | grep -q 'GNU Make' || echo make
    have pkg-config || echo pkg-config
    links "$(check_flags)" "$check" || echo check
    have gnuplot || echo gnuplot
    latex_works || echo latex
}

latex_works() {
    have pdflatex && have kpsewhich || return 1
    # shellcheck disable=SC2086
    [ "$(kpsewhich $latex_files | wc -l)" -eq "$(echo $latex_files | wc -w)" ]
}

# packages MANAGER NEED: what provides it there.
packages() {
    case $1:$2 in
    apt-get:compiler) echo gcc libc6-dev ;;
    apt-get:openmp) echo gcc libc6-dev ;; # brings libgomp and its header
    apt-get:gnuplot) echo gnuplot-nox ;;
    apt-get:latex) echo texlive-latex-base ;;
    dnf:compiler) echo gcc glibc-devel ;;
    dnf:openmp) echo gcc libgomp ;;
    dnf:pkg-config) echo pkgconf-pkg-config ;;
    dnf:check) echo check-devel ;;
    dnf:latex) echo texlive-scheme-basic texlive-collection-latex ;;
    pacman:compiler | pacman:openmp) echo gcc ;;
    pacman:pkg-config) echo pkgconf ;;
    pacman:latex) echo texlive-basic texlive-latex ;;
    brew:compiler | brew:openmp) echo gcc ;;
    brew:latex) echo texlive ;;
    *) echo "$2" ;; # the package has the need's own name
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

dry_run=no
case ${1-} in
'') ;;
--dry-run) dry_run=yes ;;
*) fail "unknown option '$1'; use sh setup.sh [--dry-run]" ;;
esac

scratch=$(mktemp -d "${TMPDIR:-/tmp}/scaledown-setup.XXXXXX") || fail "cannot make a temporary folder"
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM

# With everything in place one compilation tells; otherwise each need is tried on its own.
everything_works() {
    links "-fopenmp -lm $(check_flags)" "#include <check.h>
$openmp" && have gnuplot && have pkg-config && latex_works && make --version 2>/dev/null | grep -q 'GNU Make'
}
everything_works && exit 0

needs=$(missing)
[ -n "$needs" ] || exit 0
needs_line=$(echo $needs)
manager=$(manager)
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
[ -z "$left" ] || fail "installed, but still not usable:" $left "(tried with ${compiler}; set CC for another compiler)"
echo "setup: done"
