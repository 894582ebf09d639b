#!/bin/sh
# What a compiler and this machine can do, for the Makefile:  sh tools/probe_compiler.sh CC...
# Prints words KIND:VALUE, one a line; nothing at all when the compiler does not run.
#   version:TEXT   first line of `CC --version`, without spaces
#   machine:NUMBER checksum of the macros it predefines for this machine: another CPU or version, another number
#   arch:FLAG      the flag that builds for this machine
#   wide:FLAG      the flag that lets it use whole 512-bit registers
#   moves:FLAG     each flag that lets it copy an array of a register's size in one piece
#   openmp:FLAG    -fopenmp where a program with omp.h compiles, links and runs, else -fopenmp-simd where it is known
#   excess:FLAG    what makes float arithmetic exact on s390x, where gcc's C99 mode computes in double by default
#   cross:yes      its programs do not run here: it makes code for another machine
#   zlib:-lz, lzma:-llzma, jpeg:-ljpeg   the libraries that read .gz, .xz and JPEG files, where a program with them links
#   onednn:-ldnnl  likewise the library, of version 2, that bench/bench_convolution.c compares with
folder=$(mktemp -d "${TMPDIR:-/tmp}/scaledown-probe.XXXXXX") || exit 1
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM

version=$("$@" --version 2>/dev/null | head -n 1 | tr -c '[:alnum:].()+\n-' _)
[ -n "$version" ] || exit 0
echo "version:$version"

echo 'int x;' >"$folder/accept.c"
accepts() { "$@" -Werror -c -o "$folder/accept.o" "$folder/accept.c" 2>/dev/null; }

arch=
for flag in -march=native -mcpu=native; do
    accepts "$@" $flag && arch=$flag && echo "arch:$flag" && break
done
accepts "$@" -mprefer-vector-width=512 && echo wide:-mprefer-vector-width=512
for flag in -mmove-max=512 -mstore-max=512; do
    accepts "$@" $flag && echo moves:$flag
done

# One thread only, so that a limit on processes does not look like a missing library.
cat >"$folder/openmp.c" <<'END'
#include <math.h>
#include <omp.h>
int main(int argc, char **argv) {
    int threads = 0;
    (void)argv;
#pragma omp parallel num_threads(1)
    threads += omp_get_num_threads();
    return threads != 1 || sqrt((double)argc) > 1e6;
}
END
echo 'int main(void) { return 0; }' >"$folder/main.c"
if "$@" -fopenmp -o "$folder/openmp" "$folder/openmp.c" -lm 2>/dev/null; then linked=yes; else linked=no; fi
if [ $linked = yes ] && "$folder/openmp" 2>/dev/null; then
    openmp=-fopenmp
elif "$@" -o "$folder/main" "$folder/main.c" 2>/dev/null && "$folder/main" 2>/dev/null; then
    openmp=-fopenmp-simd
else # nothing of this compiler runs here: linking must do
    echo cross:yes
    if [ $linked = yes ]; then openmp=-fopenmp; else openmp=-fopenmp-simd; fi
fi
if [ $openmp = -fopenmp ] || accepts "$@" $openmp; then echo "openmp:$openmp"; fi

# A build for another machine, or with another C library, may lack them: files must then be unpacked before they are read,
# and JPEG files are not read.
printf '#include <zlib.h>\nint main(void) { return zlibVersion() == 0; }\n' >"$folder/zlib.c"
printf '#include <lzma.h>\nint main(void) { return lzma_version_number() == 0; }\n' >"$folder/lzma.c"
printf '#include <stdio.h>\n#include <jpeglib.h>\nint main(void) { struct jpeg_error_mgr e; return jpeg_std_error(&e) == 0; }\n' >"$folder/jpeg.c"
"$@" -o "$folder/main" "$folder/zlib.c" -lz 2>/dev/null && echo zlib:-lz
"$@" -o "$folder/main" "$folder/lzma.c" -llzma 2>/dev/null && echo lzma:-llzma
"$@" -o "$folder/main" "$folder/jpeg.c" -ljpeg 2>/dev/null && echo jpeg:-ljpeg
printf '#include <dnnl.h>\nint main(void) { dnnl_convolution_desc_t of_version_2; (void)of_version_2; return dnnl_version() == 0; }\n' >"$folder/onednn.c"
"$@" -o "$folder/main" "$folder/onednn.c" -ldnnl 2>/dev/null && echo onednn:-ldnnl

macros() { "$@" -std=c99 $arch -dM -E -x c /dev/null 2>/dev/null; }
macros "$@" >"$folder/macros"
if grep -q '__s390x__' "$folder/macros" && ! grep -q '__FLT_EVAL_METHOD__ 0$' "$folder/macros" &&
    macros "$@" -fexcess-precision=fast | grep -q '__FLT_EVAL_METHOD__ 0$'; then
    echo excess:-fexcess-precision=fast
fi
echo "machine:$(cksum <"$folder/macros" | cut -d ' ' -f 1)"
