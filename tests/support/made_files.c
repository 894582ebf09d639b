#include "made_files.h"

#include <check.h>
#include <stdio.h>
#include <string.h>
#ifdef HAVE_LZMA
#include <lzma.h>
#endif
#ifdef HAVE_ZLIB
#include <zlib.h>
#endif
#ifdef HAVE_JPEG
#include <jpeglib.h>
#include <stdlib.h>
#endif

#include "sandbox.h"

Bytes bytes_of(const void *data, size_t size) {
    const Bytes bytes = {arena_alloc(arena, size + 1, 1), size};
    if (size) memcpy(bytes.data, data, size);
    return bytes;
}

void append(Bytes *bytes, const void *data, size_t size) {
    const Bytes longer = {arena_alloc(arena, bytes->size + size + 1, 1), bytes->size + size};
    memcpy(longer.data, bytes->data, bytes->size);
    memcpy(longer.data + bytes->size, data, size);
    *bytes = longer;
}

Bytes random_bytes(size_t size, unsigned limit) {
    Bytes bytes = {arena_alloc(arena, size + 1, 1), size};
    for (size_t i = 0; i < size; i++) bytes.data[i] = (unsigned char)(next_random() % limit);
    return bytes;
}

static Bytes plain(Bytes bytes) {
    return bytes;
}

#ifdef HAVE_ZLIB
static Bytes gzip(Bytes bytes) {
    z_stream stream = {0};
    ck_assert_int_eq(deflateInit2(&stream, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
    Bytes packed = {arena_alloc(arena, deflateBound(&stream, (uLong)bytes.size) + 64, 1), 0};
    stream.next_in = bytes.data;
    stream.avail_in = (uInt)bytes.size;
    stream.next_out = packed.data;
    stream.avail_out = (uInt)deflateBound(&stream, (uLong)bytes.size) + 64;
    ck_assert_int_eq(deflate(&stream, Z_FINISH), Z_STREAM_END);
    packed.size = stream.total_out;
    deflateEnd(&stream);
    return packed;
}
#endif

#ifdef HAVE_LZMA
Bytes xz(Bytes bytes) {
    lzma_stream stream = LZMA_STREAM_INIT;
    const size_t room = lzma_stream_buffer_bound(bytes.size);
    Bytes packed = {arena_alloc(arena, room, 1), 0};
    ck_assert_int_eq(lzma_easy_encoder(&stream, 1, LZMA_CHECK_CRC64), LZMA_OK);
    stream.next_in = bytes.data;
    stream.avail_in = bytes.size;
    stream.next_out = packed.data;
    stream.avail_out = room;
    ck_assert_int_eq(lzma_code(&stream, LZMA_FINISH), LZMA_STREAM_END);
    packed.size = (size_t)stream.total_out;
    lzma_end(&stream);
    return packed;
}
#endif

#ifdef HAVE_JPEG
Bytes jpeg_of(MadeJpeg kind, MadeScans scans, unsigned width, unsigned height, const unsigned char *values) {
    static const jpeg_scan_info each[] = {
        {1, {0}, 0, 63, 0, 0}, {1, {1}, 0, 63, 0, 0}, {1, {2}, 0, 63, 0, 0}, {1, {3}, 0, 63, 0, 0}};
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr faults; /* ends the test */
    unsigned char *data = NULL;
    unsigned long size = 0;
    jpeg.err = jpeg_std_error(&faults);
    jpeg_create_compress(&jpeg);
    jpeg_mem_dest(&jpeg, &data, &size);
    jpeg.image_width = width;
    jpeg.image_height = height;
    jpeg.input_components = kind == JPEG_GREY ? 1 : kind == JPEG_COLOUR ? 3 : 4;
    jpeg.in_color_space = kind == JPEG_GREY ? JCS_GRAYSCALE : kind == JPEG_COLOUR ? JCS_RGB : JCS_CMYK;
    jpeg_set_defaults(&jpeg);
    jpeg_set_quality(&jpeg, 100, TRUE);
    if (kind == JPEG_YCCK) jpeg_set_colorspace(&jpeg, JCS_YCCK);
    if (scans == SCANS_PROGRESSIVE) jpeg_simple_progression(&jpeg);
    if (scans == SCAN_OF_EACH) jpeg.scan_info = each, jpeg.num_scans = jpeg.num_components;
    jpeg_start_compress(&jpeg, TRUE);
    while (jpeg.next_scanline < height) {
        JSAMPROW row = (JSAMPROW)values + (size_t)jpeg.next_scanline * width * (size_t)jpeg.input_components;
        jpeg_write_scanlines(&jpeg, &row, 1);
    }
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    const Bytes file = bytes_of(data, size);
    free(data);
    return file;
}
#endif

const MadePacking packings[] = {
    {"", plain},
#ifdef HAVE_ZLIB
    {".gz", gzip},
#endif
#ifdef HAVE_LZMA
    {".xz", xz},
#endif
};
const int n_packings = (int)(sizeof packings / sizeof *packings);

/* Not by file_write, which waits for the disk. */
const char *written(const char *name, Bytes bytes) {
    const char *path = in_folder(name);
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes.data, 1, bytes.size, file), bytes.size);
    ck_assert_int_eq(fclose(file), 0);
    return path;
}

Bytes mutant(Bytes file) {
    Bytes out = bytes_of(file.data, file.size);
    for (uint64_t changes = 1 + next_random() % 3; changes; changes--) {
        const size_t at = out.size ? next_random() % out.size : 0, most = out.size - at;
        const size_t length = most ? 1 + next_random() % (most < 40 ? most : 40) : 0;
        const Bytes old = out, noise = random_bytes(1 + next_random() % 40, 256);
        switch (next_random() % 7) {
        case 0:
            if (out.size) out.data[at] ^= (unsigned char)(1u << next_random() % 8);
            break;
        case 1:
            if (out.size) out.data[at] = (unsigned char)next_random();
            break;
        case 2: /* in the header, where it hurts most */
            if (out.size) out.data[at % (out.size < 40 ? out.size : 40)] = (unsigned char)next_random();
            break;
        case 3:
            out.size = at;
            break;
        case 4:
            append(&out, noise.data, noise.size);
            break;
        case 5:
            out.size = at;
            append(&out, old.data + at + length, old.size - at - length);
            break;
        default:
            out.size = at;
            append(&out, noise.data, noise.size);
            append(&out, old.data + at, old.size - at);
        }
    }
    return out;
}
