#include "base/packed.h"

#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#ifdef HAVE_LZMA
#include <lzma.h>
#endif
#ifdef HAVE_ZLIB
#include <zlib.h>
#endif

#include "base/file.h"

struct Packing {
    const char *name;
    unsigned char magic[6];
    size_t n_magic;
    const char *library;            /* which it takes */
    int (*begin)(PackedFile *file); /* NULL: this program was built without the library */
    /* Unpacks up to size bytes.  Fewer, without a fault, only at the end, when it sets file->ended.  Returns what is
     * wrong, or NULL. */
    const char *(*unpack)(PackedFile *file, unsigned char *data, size_t size, size_t *got);
    void (*end)(PackedFile *file);
};

#if defined(HAVE_ZLIB) || defined(HAVE_LZMA)
static const char cut_off[] = "it is cut off", damaged[] = "it is damaged";
#endif

/* ---- not compressed ---- */

static int plain_begin(PackedFile *file) {
    (void)file;
    return 0;
}

static const char *plain_unpack(PackedFile *file, unsigned char *data, size_t size, size_t *got) {
    *got = size < file->left ? size : file->left;
    memcpy(data, file->next, *got);
    file->next += *got;
    file->left -= *got;
    file->ended = *got < size;
    return NULL;
}

static void plain_end(PackedFile *file) {
    (void)file;
}

/* ---- gzip ---- */

#ifdef HAVE_ZLIB
static int gzip_begin(PackedFile *file) {
    z_stream *stream = arena_alloc_zero(file->arena, 1, sizeof *stream);
    if (inflateInit2(stream, 16 + MAX_WBITS) != Z_OK) return -1;
    stream->next_in = (z_const Bytef *)file->next;
    stream->avail_in = (uInt)file->left; /* at most PACKED_MOST_BYTES */
    file->decoder = stream;
    return 0;
}

static const char *gzip_unpack(PackedFile *file, unsigned char *data, size_t size, size_t *got) {
    z_stream *stream = file->decoder;
    stream->next_out = data;
    stream->avail_out = (uInt)size;
    *got = 0;
    while (stream->avail_out && !file->ended) {
        const int status = inflate(stream, Z_NO_FLUSH);
        if (status == Z_MEM_ERROR) memory_exhausted(0);
        if (status == Z_STREAM_END && stream->avail_in)
            inflateReset(stream);
        else if (status == Z_STREAM_END)
            file->ended = 1;
        else if (status == Z_BUF_ERROR)
            return cut_off;
        else if (status != Z_OK)
            return damaged;
    }
    *got = size - stream->avail_out;
    return NULL;
}

static void gzip_end(PackedFile *file) {
    inflateEnd(file->decoder);
}
#endif

/* ---- xz ---- */

#ifdef HAVE_LZMA
static int xz_begin(PackedFile *file) {
    lzma_stream *stream = arena_alloc(file->arena, 1, sizeof *stream), empty = LZMA_STREAM_INIT;
    *stream = empty;
    if (lzma_stream_decoder(stream, PACKED_MEMORY, LZMA_CONCATENATED | LZMA_TELL_UNSUPPORTED_CHECK) != LZMA_OK)
        return -1;
    stream->next_in = file->next;
    stream->avail_in = file->left;
    file->decoder = stream;
    return 0;
}

static const char *xz_unpack(PackedFile *file, unsigned char *data, size_t size, size_t *got) {
    lzma_stream *stream = file->decoder;
    stream->next_out = data;
    stream->avail_out = size;
    *got = 0;
    while (stream->avail_out && !file->ended) {
        const lzma_ret status = lzma_code(stream, LZMA_FINISH);
        if (status == LZMA_MEM_ERROR) memory_exhausted(0);
        if (status == LZMA_STREAM_END)
            file->ended = 1;
        else if (status == LZMA_BUF_ERROR)
            return cut_off;
        else if (status == LZMA_MEMLIMIT_ERROR)
            return "to unpack it takes more than 128 MiB of memory";
        else if (status == LZMA_OPTIONS_ERROR || status == LZMA_UNSUPPORTED_CHECK)
            return "it is compressed in a way that liblzma does not know";
        else if (status != LZMA_OK)
            return damaged;
    }
    *got = size - stream->avail_out;
    return NULL;
}

static void xz_end(PackedFile *file) {
    lzma_end(file->decoder);
}
#endif

/* ---- any ---- */

static const Packing packings[] = {
#ifdef HAVE_ZLIB
    {"gzip", {0x1f, 0x8b}, 2, "zlib", gzip_begin, gzip_unpack, gzip_end},
#else
    {"gzip", {0x1f, 0x8b}, 2, "zlib", NULL, NULL, NULL},
#endif
#ifdef HAVE_LZMA
    {"xz", {0xfd, '7', 'z', 'X', 'Z', 0}, 6, "liblzma", xz_begin, xz_unpack, xz_end},
#else
    {"xz", {0xfd, '7', 'z', 'X', 'Z', 0}, 6, "liblzma", NULL, NULL, NULL},
#endif
    {"nothing", {0}, 0, NULL, plain_begin, plain_unpack, plain_end}};

int packed_open(PackedFile *file, const char *path, Error *error) {
    struct stat status;
    unsigned char *data;
    *file = (PackedFile){.path = path};
    if (stat(path, &status) == 0 && !S_ISREG(status.st_mode))
        return error_set(error, "cannot read %.600s: it is no file", path);
    file->arena = arena_create(4096);
    sha256_begin(&file->hash);
    if (file_read(path, PACKED_MOST_BYTES, file->arena, &data, &file->left, error)) return -1;
    file->next = data;
    const Packing *packing = packings;
    while (file->left < packing->n_magic || memcmp(data, packing->magic, packing->n_magic) != 0) packing++;
    if (!packing->begin)
        return error_set(error,
                         "cannot read %.600s: it is compressed with %s, and this program was built without %s; unpack "
                         "it, or install %s (sh setup.sh) and build again",
                         path, packing->name, packing->library, packing->library);
    if (packing->begin(file)) memory_exhausted(0);
    file->packing = packing;
    return 0;
}

int packed_read(PackedFile *file, void *data, size_t size, size_t *got, Error *error) {
    enum { AT_ONCE = 1 << 30 }; /* what zlib can count */
    unsigned char *bytes = data;
    size_t more;
    for (*got = 0; *got < size && !file->ended; *got += more) {
        const size_t wanted = size - *got < AT_ONCE ? size - *got : AT_ONCE;
        const char *fault = file->packing->unpack(file, bytes + *got, wanted, &more);
        if (fault) return error_set(error, "cannot use %.600s: %s; fetch the file again", file->path, fault);
        sha256_add(&file->hash, bytes + *got, more);
    }
    return 0;
}

void packed_sha256(const PackedFile *file, char hex[SHA256_HEX]) {
    Sha256 hash = file->hash;
    sha256_end(&hash, hex);
}

void packed_close(PackedFile *file) {
    if (file->packing) file->packing->end(file);
    if (file->arena) arena_destroy(file->arena);
    *file = (PackedFile){.path = file->path};
}
