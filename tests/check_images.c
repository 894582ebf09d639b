/* Data sets of images: IDX and CIFAR-10 files, plain and compressed, right ones and hostile ones. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef HAVE_LZMA
#include <lzma.h>
#endif

#include "base/file.h"
#include "base/packed.h"
#include "data/cifar.h"
#include "data/idx.h"
#include "data/image_sets.h"
#include "made_files.h"
#include "sandbox.h"
#include "study/sums.h"
#include "suite.h"

/* ---- files made here ---- */

static Bytes idx_file(int type, int rank, const unsigned *shape, Bytes data) {
    const unsigned char magic[4] = {0, 0, (unsigned char)type, (unsigned char)rank};
    Bytes file = bytes_of(magic, sizeof magic);
    for (int i = 0; i < rank; i++) {
        const unsigned char dimension[4] = {(unsigned char)(shape[i] >> 24), (unsigned char)(shape[i] >> 16),
                                            (unsigned char)(shape[i] >> 8), (unsigned char)shape[i]};
        append(&file, dimension, sizeof dimension);
    }
    append(&file, data.data, data.size);
    return file;
}

enum { N = 6, N_TEST = 4, HEIGHT = 5, WIDTH = 4, PIXELS = HEIGHT * WIDTH, RECORD = 3073 };

static Bytes idx_images(unsigned n) {
    const unsigned shape[] = {n, HEIGHT, WIDTH};
    return idx_file(8, 3, shape, random_bytes(n * PIXELS, 256));
}

static Bytes idx_labels(unsigned n) {
    return idx_file(8, 1, &n, random_bytes(n, 3));
}

static Bytes cifar_records(size_t n) {
    Bytes file = random_bytes(n * RECORD, 256);
    for (size_t i = 0; i < n; i++) file.data[i * RECORD] = (unsigned char)(next_random() % 10);
    return file;
}

static void check_is_sum_of(const char *sha256, Bytes bytes) {
    char expected[SHA256_HEX];
    sha256_hex(bytes.data, bytes.size, expected);
    ck_assert_str_eq(sha256, expected);
}

/* ---- right files ---- */

START_TEST(images_come_back) {
    const Bytes file = idx_images(N);
    char sha256[SHA256_HEX];
    Images images;
    for (int p = 0; p < n_packings; p++) {
        const char *path = written("images", packings[p].pack(file));
        ck_assert_msg(idx_read_images(path, N * PIXELS, arena, &images, sha256, &error) == 0, "%s", error.text);
        ck_assert(images.n == N && images.channels == 1 && images.height == HEIGHT && images.width == WIDTH);
        ck_assert_mem_eq(images.pixels, file.data + 16, N * PIXELS);
        check_is_sum_of(sha256, file);
    }
    const unsigned shape[] = {2, 3, HEIGHT, WIDTH};
    const Bytes colours = idx_file(8, 4, shape, random_bytes(6 * PIXELS, 256));
    ck_assert(idx_read_images(written("colours", colours), 6 * PIXELS, arena, &images, sha256, &error) == 0);
    ck_assert(images.n == 2 && images.channels == 3 && images.height == HEIGHT && images.width == WIDTH);
    ck_assert_mem_eq(images.pixels, colours.data + 20, 6 * PIXELS);
}
END_TEST

START_TEST(labels_of_every_size_come_back) {
    static const unsigned char bytes[] = {7, 255}, halves[] = {0, 7, 127, 255}, words[] = {0, 0, 0, 7, 0, 0, 255, 255};
    static const struct {
        int type;
        const unsigned char *data;
        size_t size;
        uint16_t last;
    } rows[] = {{0x08, bytes, 2, 255}, {0x0b, halves, 4, 32767}, {0x0c, words, 8, 65535}};
    const unsigned two = 2;
    for (int i = 0; i < 3; i++) {
        const Bytes file = idx_file(rows[i].type, 1, &two, bytes_of(rows[i].data, rows[i].size));
        char sha256[SHA256_HEX];
        const uint16_t *labels;
        size_t n;
        ck_assert(idx_read_labels(written("labels", file), 8, arena, &n, &labels, sha256, &error) == 0);
        ck_assert(n == 2 && labels[0] == 7 && labels[1] == rows[i].last);
        check_is_sum_of(sha256, file);
    }
}
END_TEST

START_TEST(cifar_comes_back) {
    const Bytes file = cifar_records(5);
    for (int p = 0; p < n_packings; p++) {
        char sha256[SHA256_HEX];
        Images images;
        ck_assert(cifar_read(written("batch", packings[p].pack(file)), 5, arena, &images, sha256, &error) == 0);
        ck_assert(images.n == 5 && images.channels == 3 && images.height == 32 && images.width == 32);
        for (size_t i = 0; i < 5; i++) {
            ck_assert_int_eq(images.labels[i], file.data[i * RECORD]);
            ck_assert_mem_eq(images.pixels + i * (RECORD - 1), file.data + i * RECORD + 1, RECORD - 1);
        }
        check_is_sum_of(sha256, file);
    }
}
END_TEST

/* Several members of gzip, several streams of xz, are one file. */
START_TEST(parts_follow_each_other) {
    const Bytes file = idx_images(N);
    for (int p = 1; p < n_packings; p++) {
        IdxArray array;
        Bytes whole = packings[p].pack(bytes_of(file.data, 21));
        const Bytes rest = packings[p].pack(bytes_of(file.data + 21, file.size - 21));
        append(&whole, rest.data, rest.size);
        ck_assert_msg(idx_read(written("parts", whole), 1000, arena, &array, &error) == 0, "%s", error.text);
        ck_assert_mem_eq(array.data, file.data + 16, N * PIXELS);
    }
}
END_TEST

/* ---- hostile files ---- */

static void check_refused(const char *name, Bytes file, const char *fault) {
    IdxArray array;
    error.text[0] = 0;
    ck_assert_int_eq(idx_read(written(name, file), 10000, arena, &array, &error), -1);
    check_error_names(in_folder(name), fault);
}

START_TEST(headers_that_lie_are_refused) {
    const Bytes data = random_bytes(24, 256);
    const unsigned huge[] = {0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, overflow[] = {1u << 31, 1u << 31, 4, 1},
                   none[] = {6, 0, 4}, right[] = {6, 4}, more[] = {6, 5}, fewer[] = {6, 3};
    check_refused("huge", idx_file(8, 4, huge, data), "more than the 10000 bytes");
    check_refused("overflow", idx_file(8, 4, overflow, data), "more than the 10000 bytes"); /* the product is 2^64 */
    check_refused("wide", idx_file(0x0c, 1, (const unsigned[]){2501}, data), "more than the 10000 bytes");
    check_refused("none", idx_file(8, 3, none, data), "dimension 2 of its header is 0");
    check_refused("more", idx_file(8, 2, more, data), "24 of the 30 bytes of its data");
    check_refused("fewer", idx_file(8, 2, fewer, data), "bytes behind its data");
    check_refused("rank 0", idx_file(8, 0, right, data), "0 dimensions");
    check_refused("rank 5", idx_file(8, 5, (const unsigned[]){1, 1, 2, 3, 4}, data), "5 dimensions");
    check_refused("float", idx_file(0x0d, 2, right, data), "floating-point");
    check_refused("signed", idx_file(0x09, 2, right, data), "signed bytes");
    check_refused("unknown", idx_file(0x0a, 2, right, data), "no IDX file");
    check_refused("text", bytes_of("hello, world", 12), "no IDX file");
    check_refused("short", bytes_of("\0\0", 2), "no IDX file");
    check_refused("empty", bytes_of("", 0), "no IDX file");
    check_refused("header", bytes_of("\0\0\x08\x03\0\0\0\1\0\0", 10), "2 of the 4 bytes of its header");
}
END_TEST

START_TEST(labels_and_images_are_not_exchanged) {
    char sha256[SHA256_HEX];
    const uint16_t *labels;
    Images images;
    size_t n;
    ck_assert_int_eq(idx_read_labels(written("a", idx_images(2)), 1000, arena, &n, &labels, sha256, &error), -1);
    check_error_names("a", "3 dimensions; labels have one");
    ck_assert_int_eq(idx_read_images(written("b", idx_labels(2)), 1000, arena, &images, sha256, &error), -1);
    check_error_names("b", "1 dimension; images are bytes in three");
    const unsigned two = 2;
    const Bytes large = idx_file(0x0c, 1, &two, bytes_of("\0\0\0\7\0\1\0\0", 8)),
                negative = idx_file(0x0b, 1, &two, bytes_of("\0\7\xff\xff", 4));
    ck_assert_int_eq(idx_read_labels(written("c", large), 1000, arena, &n, &labels, sha256, &error), -1);
    check_error_names("c", "label 1 (from 0) is not 0 to 65535");
    ck_assert_int_eq(idx_read_labels(written("d", negative), 1000, arena, &n, &labels, sha256, &error), -1);
    check_error_names("d", "label 1 (from 0) is not 0 to 65535");
}
END_TEST

START_TEST(wrong_batches_are_refused) {
    const Bytes file = cifar_records(5);
    char sha256[SHA256_HEX];
    Images images;
    ck_assert_int_eq(cifar_read(written("a", file), 4, arena, &images, sha256, &error), -1);
    check_error_names("a", "more than the 4 records");
    ck_assert_int_eq(cifar_read(written("b", bytes_of(file.data, 2 * RECORD + 7)), 5, arena, &images, sha256, &error),
                     -1);
    check_error_names("b", "2 records of 3073 bytes and 7 bytes more");
    ck_assert_int_eq(cifar_read(written("c", bytes_of("", 0)), 5, arena, &images, sha256, &error), -1);
    check_error_names("c", "0 records");
    file.data[3 * RECORD] = 10;
    ck_assert_int_eq(cifar_read(written("d", file), 5, arena, &images, sha256, &error), -1);
    check_error_names("d", "the label of image 3 (from 0) is 10");
}
END_TEST

/* 64 MiB of zeros in a few bytes, behind a header that says less, or more than is allowed. */
START_TEST(bombs_are_not_unpacked) {
    const size_t size = (size_t)64 << 20;
    const unsigned little[] = {24}, much[] = {64u << 20};
    const Bytes zeros = {arena_alloc_zero(arena, size + 1, 1), size};
    for (int p = 1; p < n_packings; p++) {
        const Bytes first = packings[p].pack(idx_file(8, 1, little, zeros)),
                    second = packings[p].pack(idx_file(8, 1, much, zeros)), third = packings[p].pack(zeros);
        char sha256[SHA256_HEX];
        Images images;
        ck_assert_uint_lt(first.size, 200000);
        check_refused("little", first, "bytes behind its data");
        check_refused("much", second, "more than the 10000 bytes");
        ck_assert_int_eq(cifar_read(written("zeros", third), 10, arena, &images, sha256, &error), -1);
        check_error_names("zeros", "more than the 10 records");
    }
}
END_TEST

/* A kilobyte that claims to need a dictionary of 4 GiB. */
START_TEST(decoders_get_no_more_memory) {
#ifdef HAVE_LZMA
    enum { HEADER = 12, DICTIONARY = HEADER + 4 };
    const Bytes file = xz(idx_images(N));
    const size_t length = ((size_t)file.data[HEADER] + 1) * 4 - 4; /* of the block's header, without its checksum */
    ck_assert_int_eq(file.data[HEADER + 2], 0x21);                 /* LZMA2, the only filter */
    file.data[DICTIONARY] = 40;
    const uint32_t sum = lzma_crc32(file.data + HEADER, length, 0);
    for (int i = 0; i < 4; i++) file.data[HEADER + length + (size_t)i] = (unsigned char)(sum >> 8 * i);
    check_refused("greedy.xz", file, "more than 128 MiB of memory");
#endif
}
END_TEST

START_TEST(what_is_no_file_is_refused) {
    IdxArray array;
    ck_assert_int_eq(idx_read(folder, 1000, arena, &array, &error), -1);
    check_error_names(folder, "it is no file");
    ck_assert_int_eq(idx_read("/dev/zero", 1000, arena, &array, &error), -1);
    check_error_names("/dev/zero", "it is no file");
    ck_assert_int_eq(idx_read(in_folder("none"), 1000, arena, &array, &error), -1);
    check_error_names("none", "No such file");
}
END_TEST

/* ---- sets ---- */

/* A source with the sums of these files, which are written into its folder under FOLDER/SET, packed. */
static ImageSource make_source(ImageFormat format, const Bytes files[4], int packing) {
    static const char *const names[] = {"first", "second", "third", "fourth"};
    const size_t n = format == IMAGES_IDX ? 4 : 3;
    ImageFile *rows = arena_alloc_zero(arena, 5, sizeof *rows);
    ck_assert_int_eq(directory_create(in_folder("set"), &error), 0);
    for (size_t i = 0; i < n; i++) {
        char *sum = arena_alloc(arena, SHA256_HEX, 1);
        sha256_hex(files[i].data, files[i].size, sum);
        rows[i] = (ImageFile){names[i], sum};
        written(arena_format(arena, "set/%s%s", names[i], packings[packing].suffix), packings[packing].pack(files[i]));
    }
    return format == IMAGES_IDX ? (ImageSource){"idx", "Idx", "set", format, N, N_TEST, 1, HEIGHT, WIDTH, 3, rows}
                                : (ImageSource){"cifar", "Cifar", "set", format, 4, 2, 3, 32, 32, 10, rows};
}

static void make_files(ImageFormat format, Bytes files[4]) {
    for (unsigned i = 0; i < 4; i++)
        files[i] = format == IMAGES_CIFAR ? cifar_records(2)
                   : i % 2                ? idx_labels(i < 2 ? N : N_TEST)
                                          : idx_images(i < 2 ? N : N_TEST);
}

static void remove_set(void) {
    for (int p = 0; p < n_packings; p++)
        for (int i = 0; i < 4; i++) {
            static const char *const names[] = {"first", "second", "third", "fourth"};
            file_remove(in_folder(arena_format(arena, "set/%s%s", names[i], packings[p].suffix)), &error);
        }
}

START_TEST(sets_are_read_from_files_of_any_kind) {
    for (int format = IMAGES_IDX; format <= IMAGES_CIFAR; format++)
        for (int p = 0; p < n_packings; p++) {
            ImageSet set;
            Bytes files[4];
            make_files((ImageFormat)format, files);
            const ImageSource source = make_source((ImageFormat)format, files, p);
            ck_assert_int_eq(image_source_check(&source, folder, &error), 0);
            ck_assert_msg(image_source_read(&source, folder, arena, &set, &error) == 0, "%s", error.text);
            ck_assert_ptr_eq(set.source, &source);
            ck_assert_uint_eq(set.train.n, source.n_train);
            ck_assert_uint_eq(set.test.n, source.n_test);
            if (format == IMAGES_IDX) {
                ck_assert_mem_eq(set.train.pixels, files[0].data + 16, N * PIXELS);
                ck_assert_mem_eq(set.test.pixels, files[2].data + 16, N_TEST * PIXELS);
                for (int i = 0; i < N_TEST; i++) ck_assert_int_eq(set.test.labels[i], files[3].data[8 + i]);
            } else /* image 3 is the second of the second part */
                ck_assert_mem_eq(set.train.pixels + 3 * (RECORD - 1), files[1].data + RECORD + 1, RECORD - 1);
            remove_set();
        }
}
END_TEST

START_TEST(sets_that_are_not_right_are_refused) {
    ImageSet set;
    Bytes files[4];
    make_files(IMAGES_IDX, files);
    ImageSource source = make_source(IMAGES_IDX, files, 0);
    file_remove(in_folder("set/third"), &error);
    ck_assert_int_eq(image_source_check(&source, folder, &error), -1);
    check_error_names("set (no third)", "`make data SETS=idx`");
    ck_assert_int_eq(image_source_read(&source, folder, arena, &set, &error), -1);
    check_error_names("set (no third)", "`make data SETS=idx`");
    written("set/third", files[2]);
    files[2].data[20] ^= 1; /* one pixel by one */
    written("set/third", files[2]);
    ck_assert_int_eq(image_source_read(&source, folder, arena, &set, &error), -1);
    check_error_names("set/third", "not that of Idx");
    /* without sums, what is wrong in itself */
    ImageFile *rows = arena_alloc_zero(arena, 5, sizeof *rows);
    for (int i = 0; i < 4; i++) rows[i].name = source.files[i].name;
    source.files = rows;
    ck_assert_msg(image_source_read(&source, folder, arena, &set, &error) == 0, "%s", error.text);
    written("set/second", idx_labels(N - 1));
    ck_assert_int_eq(image_source_read(&source, folder, arena, &set, &error), -1);
    check_error_names("set/second", "5 labels, but Idx has 6 images");
    files[1].data[8 + 2] = 3;
    written("set/second", files[1]);
    ck_assert_int_eq(image_source_read(&source, folder, arena, &set, &error), -1);
    check_error_names("set/second", "label 2 (from 0) is 3, but must be below 3");
    written("set/first", idx_images(N - 1));
    ck_assert_int_eq(image_source_read(&source, folder, arena, &set, &error), -1);
    check_error_names("set/first", "5 images of 1 x 5 x 4");
    written("set/first", idx_images(N + 1));
    ck_assert_int_eq(image_source_read(&source, folder, arena, &set, &error), -1);
    check_error_names("set/first", "more than the 120 bytes");
}
END_TEST

/* ---- a thousand mutants of each ---- */

static int same(Bytes a, Bytes b) {
    return a.size == b.size && memcmp(a.data, b.data, a.size) == 0;
}

/* What a plain file says of itself is what was read: header and data are the whole file. */
static void check_read(const IdxArray *array, Bytes file) {
    size_t bytes = (size_t)array->size;
    for (int i = 0; i < array->rank; i++) {
        const unsigned char *at = file.data + 4 + 4 * i;
        ck_assert_uint_eq(array->shape[i], (size_t)at[0] << 24 | (size_t)at[1] << 16 | (size_t)at[2] << 8 | at[3]);
        bytes *= array->shape[i];
    }
    ck_assert_uint_eq(array->bytes, bytes);
    ck_assert_uint_eq(4 + 4 * (size_t)array->rank + bytes, file.size);
    ck_assert_mem_eq(array->data, file.data + file.size - bytes, bytes);
}

START_TEST(mutants_of_idx_files) {
    size_t accepted = 0;
    for (int i = 0; i < 1000; i++) {
        const Bytes file = i % 2 ? idx_images(N) : idx_labels(N), packed = packings[_i].pack(file),
                    bad = mutant(packed);
        IdxArray array;
        error.text[0] = 0;
        const char *path = written("mutant", bad);
        if (idx_read(path, 10000, arena, &array, &error)) {
            check_error_names(path, "mutant");
        } else if (_i == 0) {
            accepted++;
            check_read(&array, bad);
        } else { /* the checksum holds: the same data */
            accepted += !same(bad, packed);
            check_read(&array, file);
        }
        if (i % 100 == 99) arena_reset(arena);
    }
    if (_i < 2) ck_assert_uint_gt(accepted, 0); /* other pixels, or another time in the head of gzip */
}
END_TEST

START_TEST(mutants_of_cifar_files) {
    for (int i = 0; i < 1000; i++) {
        const Bytes file = cifar_records(3), packed = packings[_i].pack(file), bad = mutant(packed);
        char sha256[SHA256_HEX];
        Images images;
        error.text[0] = 0;
        const char *path = written("mutant", bad);
        if (cifar_read(path, 10, arena, &images, sha256, &error)) {
            check_error_names(path, "mutant");
        } else {
            const Bytes read = _i ? file : bad;
            ck_assert_uint_eq(images.n * RECORD, read.size);
            check_is_sum_of(sha256, read);
            for (size_t k = 0; k < images.n; k++) {
                ck_assert_int_eq(images.labels[k], read.data[k * RECORD]);
                ck_assert_int_lt(images.labels[k], 10);
                ck_assert_mem_eq(images.pixels + k * (RECORD - 1), read.data + k * RECORD + 1, RECORD - 1);
            }
        }
        if (i % 20 == 19) arena_reset(arena);
    }
}
END_TEST

/* Whatever becomes of a file of a set, what is read is the set, or nothing. */
START_TEST(mutants_of_sets) {
    for (int i = 0; i < 1000; i++) {
        Bytes files[4];
        ImageSet set;
        make_files(IMAGES_IDX, files);
        const ImageSource source = make_source(IMAGES_IDX, files, _i);
        const size_t k = next_random() % 4;
        written(arena_format(arena, "set/%s%s", source.files[k].name, packings[_i].suffix),
                mutant(packings[_i].pack(files[k])));
        error.text[0] = 0;
        if (image_source_read(&source, folder, arena, &set, &error)) {
            check_error_names(source.files[k].name, folder);
        } else {
            ck_assert_mem_eq(set.train.pixels, files[0].data + 16, N * PIXELS);
            ck_assert_mem_eq(set.test.pixels, files[2].data + 16, N_TEST * PIXELS);
            for (int l = 0; l < N; l++) ck_assert_int_eq(set.train.labels[l], files[1].data[8 + l]);
        }
        if (i % 100 == 99) arena_reset(arena);
    }
}
END_TEST

/* ---- the published sets ---- */

static const char *data_folder(void) {
    const char *given = getenv("SCALEDOWN_DATA");
    return given && *given ? given : "data";
}

START_TEST(sums_are_those_of_the_list) {
    Sums sums;
    size_t n = 0;
    ck_assert_msg(sums_read("data", arena, &sums, &error) == 0, "%s", error.text);
    for (const ImageSource *source = image_sources; source->name; source++)
        for (const ImageFile *file = source->files; file->name; file++, n++) {
            const char *listed = sums_find(&sums, arena_format(arena, "%s/%s", source->folder, file->name));
            ck_assert_msg(listed != NULL, "data/SHA256SUMS has no %s/%s", source->folder, file->name);
            ck_assert_str_eq(listed, file->sha256);
        }
    ck_assert_uint_eq(n, sums.n);
}
END_TEST

static void *load(void *name) {
    Error fault = {""};
    const ImageSet *set = image_set(name, &fault);
    if (!set) fprintf(stderr, "%s\n", fault.text);
    return (void *)(uintptr_t)set;
}

/* Counts of each label as those who published the sets give them. */
START_TEST(published_sets_are_whole) {
    static const size_t counts[][2][10] = {{{5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949},
                                            {980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009}},
                                           {{6000, 6000, 6000, 6000, 6000, 6000, 6000, 6000, 6000, 6000},
                                            {1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000}},
                                           {{5000, 5000, 5000, 5000, 5000, 5000, 5000, 5000, 5000, 5000},
                                            {1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000}}};
    static const int first[][2][10] = {{{5, 0, 4, 1, 9, 2, 1, 3, 1, 4}, {7, 2, 1, 0, 4, 1, 4, 9, 5, 9}},
                                       {{9, 0, 0, 3, 0, 2, 7, 2, 5, 5}, {9, 2, 1, 1, 6, 1, 4, 6, 5, 7}},
                                       {{6, 9, 9, 4, 1, 1, 2, 7, 8, 3}, {3, 8, 8, 0, 6, 6, 1, 6, 3, 1}}};
    char *name = arena_copy_text(arena, image_sources[_i].name);
    image_sets_folder(data_folder());
    if (image_set_check(name, &error)) {
        printf("check_images: left out: %s\n", error.text);
        return;
    }
    enum { THREADS = 4 };
    pthread_t threads[THREADS];
    void *sets[THREADS];
    for (int t = 0; t < THREADS; t++) ck_assert_int_eq(pthread_create(&threads[t], NULL, load, name), 0);
    for (int t = 0; t < THREADS; t++) pthread_join(threads[t], &sets[t]);
    ck_assert_ptr_nonnull(sets[0]);
    for (int t = 1; t < THREADS; t++) ck_assert_ptr_eq(sets[t], sets[0]); /* loaded once */
    const ImageSet *set = sets[0];
    for (int k = 0; k < 2; k++) {
        const Images *images = k ? &set->test : &set->train;
        size_t found[10] = {0};
        for (size_t i = 0; i < images->n; i++) found[images->labels[i]]++;
        for (int c = 0; c < 10; c++) ck_assert_uint_eq(found[c], counts[_i][k][c]);
        for (int i = 0; i < 10; i++) ck_assert_int_eq(images->labels[i], first[_i][k][i]);
    }
    image_sets_folder("none"); /* gives it back */
}
END_TEST

START_TEST(sets_that_are_absent_say_so) {
    image_sets_folder(folder);
    ck_assert_int_eq(image_set_check("mnist", &error), -1);
    check_error_names(folder, "`make data SETS=mnist`");
    Error again = {""};
    ck_assert_int_eq(image_set_check("mnist", &again), -1);
    ck_assert_str_eq(again.text, error.text);
    ck_assert_ptr_null(image_set("cifar-10", &error));
    check_error_names("cifar-10-batches-bin (no data_batch_1.bin)", "`make data SETS=cifar-10`");
    ck_assert_ptr_null(image_set("mnist-fashion", &error));
    check_error_names("unknown data set \"mnist-fashion\"", "fashion-mnist");
    /* files of the right names that are not the right ones */
    ck_assert_int_eq(directory_create(in_folder("mnist"), &error), 0);
    for (const ImageFile *file = image_sources[0].files; file->name; file++)
        written(arena_format(arena, "mnist/%s", file->name), idx_images(N));
    image_sets_folder(folder);
    ck_assert_int_eq(image_set_check("mnist", &error), 0);
    for (int i = 0; i < 2; i++) { /* the same from then on */
        ck_assert_ptr_null(image_set("mnist", &error));
        check_error_names("mnist/train-images-idx3-ubyte", "6 images of 1 x 5 x 4");
    }
    image_sets_folder("none");
}
END_TEST

int main(void) {
    Suite *suite = suite_create("images");
    TCase *tests = tcase_create("files"), *real = tcase_create("published");
    tcase_add_checked_fixture(tests, sandbox_begin, sandbox_end);
    tcase_add_test(tests, images_come_back);
    tcase_add_test(tests, labels_of_every_size_come_back);
    tcase_add_test(tests, cifar_comes_back);
    tcase_add_test(tests, parts_follow_each_other);
    tcase_add_test(tests, headers_that_lie_are_refused);
    tcase_add_test(tests, labels_and_images_are_not_exchanged);
    tcase_add_test(tests, wrong_batches_are_refused);
    tcase_add_test(tests, bombs_are_not_unpacked);
    tcase_add_test(tests, decoders_get_no_more_memory);
    tcase_add_test(tests, what_is_no_file_is_refused);
    tcase_add_test(tests, sets_are_read_from_files_of_any_kind);
    tcase_add_test(tests, sets_that_are_not_right_are_refused);
    tcase_add_loop_test(tests, mutants_of_idx_files, 0, n_packings);
    tcase_add_loop_test(tests, mutants_of_cifar_files, 0, n_packings);
    tcase_add_loop_test(tests, mutants_of_sets, 0, n_packings);
    tcase_add_test(tests, sums_are_those_of_the_list);
    tcase_add_test(tests, sets_that_are_absent_say_so);
    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(real, sandbox_begin, sandbox_end);
    tcase_add_loop_test(real, published_sets_are_whole, 0, 3);
    tcase_set_timeout(real, 300); /* CIFAR-10 from .xz on a slow machine */
    suite_add_tcase(suite, real);
    return run_suite(suite);
}
