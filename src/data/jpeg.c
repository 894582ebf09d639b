#include "data/jpeg.h"

#include <string.h>
#include <sys/stat.h>

#include "base/file.h"

#ifdef HAVE_JPEG
#include <setjmp.h>
#include <stdio.h>

#include <jerror.h>
#include <jpeglib.h>

/* ---- errors of the library ---- */

typedef struct Faults {
    struct jpeg_error_mgr manager; /* first: the library hands back a pointer to it */
    jmp_buf leave;
    char text[JMSG_LENGTH_MAX];
} Faults;

static void leave(j_common_ptr jpeg) {
    Faults *faults = (Faults *)jpeg->err;
    faults->manager.format_message(jpeg, faults->text);
    longjmp(faults->leave, 1);
}

/* A warning is that data are lost, for which the library puts in grey, or that something is odd and nothing is lost. */
static void warn(j_common_ptr jpeg, int level) {
    const int code = jpeg->err->msg_code;
    if (level < 0 && code != JWRN_EXTRANEOUS_DATA && code != JWRN_JFIF_MAJOR && code != JWRN_ADOBE_XFORM) leave(jpeg);
}

static struct jpeg_error_mgr *faults_begin(Faults *faults) {
    jpeg_std_error(&faults->manager);
    faults->manager.error_exit = leave;
    faults->manager.emit_message = warn;
    return &faults->manager;
}

/* ---- reading ---- */

typedef struct Decoder {
    Faults faults;
    struct jpeg_decompress_struct jpeg;
    struct jpeg_progress_mgr progress;
    size_t most_pixels, enough;
    Arena *arena;
    ColourImage *image;
} Decoder;

/* A small file may order any number of passes over a large image. */
static void count_scans(j_common_ptr jpeg) {
    if (((j_decompress_ptr)jpeg)->input_scan_number <= JPEG_MOST_SCANS) return;
    snprintf(((Faults *)jpeg->err)->text, JMSG_LENGTH_MAX, "it has more than %d scans", JPEG_MOST_SCANS);
    longjmp(((Faults *)jpeg->err)->leave, 1);
}

/* A row of 1 (grey), 3 or 4 (cyan, magenta, yellow, black) components. */
static void to_colours(size_t width, int components, int inverted, const uint8_t *row, uint8_t *out) {
    for (size_t x = 0; x < width; x++, row += components, out += 3) {
        const unsigned black = components < 4 ? 0 : inverted ? row[3] : 255u - row[3];
        for (int c = 0; c < 3; c++) {
            const unsigned value = components == 1 ? row[0] : row[c];
            out[c] = (uint8_t)(components < 4 ? value : ((inverted ? value : 255 - value) * black + 127) / 255);
        }
    }
}

/* Sizes and how the pixels are made, once the header is read. */
static void choose(Decoder *d) {
    struct jpeg_decompress_struct *jpeg = &d->jpeg;
    const size_t width = jpeg->image_width, height = jpeg->image_height, shorter = width < height ? width : height;
    if (width > d->most_pixels / height) { /* both are at least 1 */
        snprintf(d->faults.text, sizeof d->faults.text, "it has %zu x %zu pixels, more than the %zu allowed", width,
                 height, d->most_pixels);
        longjmp(d->faults.leave, 1);
    }
    jpeg->scale_num = jpeg->scale_denom = 1;
    while (d->enough && jpeg->scale_denom < 8 && shorter / d->enough >= 2 * jpeg->scale_denom) jpeg->scale_denom *= 2;
    jpeg->dct_method = JDCT_ISLOW;
    jpeg->do_fancy_upsampling = FALSE;
    jpeg->do_block_smoothing = FALSE;
    jpeg->out_color_space = JCS_RGB;
    if (jpeg->jpeg_color_space == JCS_GRAYSCALE) jpeg->out_color_space = JCS_GRAYSCALE;
    if (jpeg->jpeg_color_space == JCS_CMYK || jpeg->jpeg_color_space == JCS_YCCK) jpeg->out_color_space = JCS_CMYK;
}

static int decode(Decoder *d, const unsigned char *data, size_t size) {
    struct jpeg_decompress_struct *jpeg = &d->jpeg;
    if (setjmp(d->faults.leave)) return -1;
    jpeg_create_decompress(jpeg);
    jpeg_mem_src(jpeg, data, (unsigned long)size);
    d->progress.progress_monitor = count_scans;
    jpeg->progress = &d->progress;
    jpeg_read_header(jpeg, TRUE);
    choose(d);
    jpeg_start_decompress(jpeg);
    *d->image = (ColourImage){.width = jpeg->output_width, .height = jpeg->output_height};
    d->image->pixels = arena_alloc(d->arena, d->image->width * d->image->height, 3);
    JSAMPROW row = arena_alloc(d->arena, d->image->width, (size_t)jpeg->output_components);
    while (jpeg->output_scanline < jpeg->output_height) {
        uint8_t *out = d->image->pixels + jpeg->output_scanline * d->image->width * 3;
        jpeg_read_scanlines(jpeg, &row, 1);
        to_colours(d->image->width, jpeg->output_components, jpeg->saw_Adobe_marker, row, out);
    }
    jpeg_finish_decompress(jpeg);
    return 0;
}

static int is_png(const unsigned char *data, size_t size) {
    static const unsigned char magic[] = {0x89, 'P', 'N', 'G'};
    return size >= sizeof magic && memcmp(data, magic, sizeof magic) == 0;
}

static int is_jpeg(const unsigned char *data, size_t size) {
    return size >= 3 && data[0] == 0xff && data[1] == 0xd8 && data[2] == 0xff;
}

int jpeg_read(const char *path, size_t most_pixels, size_t enough, Arena *arena, ColourImage *image, Error *error) {
    struct stat status;
    unsigned char *data;
    size_t size;
    if (stat(path, &status) == 0 && !S_ISREG(status.st_mode))
        return error_set(error, "cannot read %.600s: it is no file", path);
    Arena *scratch = arena_create(4096);
    Decoder d = {.most_pixels = most_pixels < JPEG_MOST_PIXELS ? most_pixels : JPEG_MOST_PIXELS,
                 .enough = enough,
                 .arena = arena,
                 .image = image};
    d.jpeg.err = faults_begin(&d.faults);
    int failed = file_read(path, JPEG_MOST_BYTES, scratch, &data, &size, error);
    if (!failed && is_png(data, size))
        failed = error_set(
            error, "cannot use %.600s: whatever its name, it is a PNG image; convert it to JPEG, or remove it", path);
    else if (!failed && !is_jpeg(data, size))
        failed = error_set(error, "cannot use %.600s: it is no JPEG image; remove it, or fetch it again", path);
    else if (!failed && decode(&d, data, size))
        failed = error_set(error, "cannot use %.600s: %.200s; remove it, or fetch it again", path, d.faults.text);
    jpeg_destroy_decompress(&d.jpeg);
    arena_destroy(scratch);
    return failed;
}

/* ---- writing ---- */

typedef struct Encoder {
    Faults faults;
    struct jpeg_compress_struct jpeg;
    unsigned char *data;
    unsigned long size; /* room, then what is used */
} Encoder;

static int encode(Encoder *e, const ColourImage *image, int quality) {
    struct jpeg_compress_struct *jpeg = &e->jpeg;
    if (setjmp(e->faults.leave)) return -1;
    jpeg_create_compress(jpeg);
    jpeg_mem_dest(jpeg, &e->data, &e->size);
    jpeg->image_width = (JDIMENSION)image->width;
    jpeg->image_height = (JDIMENSION)image->height;
    jpeg->input_components = 3;
    jpeg->in_color_space = JCS_RGB;
    jpeg_set_defaults(jpeg);
    jpeg_set_quality(jpeg, quality, TRUE);
    jpeg->dct_method = JDCT_ISLOW;
    for (int c = 0; c < 3; c++) jpeg->comp_info[c].h_samp_factor = jpeg->comp_info[c].v_samp_factor = 1;
    jpeg_start_compress(jpeg, TRUE);
    while (jpeg->next_scanline < jpeg->image_height) {
        JSAMPROW row = image->pixels + jpeg->next_scanline * image->width * 3;
        jpeg_write_scanlines(jpeg, &row, 1);
    }
    jpeg_finish_compress(jpeg);
    return 0;
}

int jpeg_write(const char *path, const ColourImage *image, int quality, Error *error) {
    /* More than a block of 64 can take, so that the library never asks for other memory. */
    enum { HEADERS = 4096, OF_BLOCK = 512 };
    const size_t blocks = (image->width / 8 + 1) * (image->height / 8 + 1) * 3;
    Arena *arena = arena_create(4096);
    Encoder e = {.size = (unsigned long)(HEADERS + blocks * OF_BLOCK)};
    e.data = arena_alloc(arena, e.size, 1);
    e.jpeg.err = faults_begin(&e.faults);
    const int failed = encode(&e, image, quality) ? error_set(error, "cannot write %.600s: %.200s", path, e.faults.text)
                                                  : file_write(path, e.data, e.size, error);
    jpeg_destroy_compress(&e.jpeg);
    arena_destroy(arena);
    return failed;
}

#else

static int without_library(const char *doing, const char *path, Error *error) {
    return error_set(
        error, "cannot %s %.600s: this program was built without libjpeg; install it (sh setup.sh) and build again",
        doing, path);
}

int jpeg_read(const char *path, size_t most_pixels, size_t enough, Arena *arena, ColourImage *image, Error *error) {
    (void)most_pixels, (void)enough, (void)arena, (void)image;
    return without_library("read", path, error);
}

int jpeg_write(const char *path, const ColourImage *image, int quality, Error *error) {
    (void)image, (void)quality;
    return without_library("write", path, error);
}

#endif
