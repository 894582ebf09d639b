/* Folders of JPEG files: every kind of file, hostile ones, the order of names, and what is done to a picture. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "command/image_folder.h"
#include "data/image_folder.h"
#include "data/image_sets.h"
#include "data/image_transform.h"
#include "data/jpeg.h"
#include "made_files.h"
#include "sandbox.h"
#include "suite.h"

/* ---- JPEG files ---- */

#ifdef HAVE_JPEG
enum { WIDTH = 37, HEIGHT = 21, PIXELS = WIDTH * HEIGHT };

/* Smooth, so that little is lost: each component rises along one axis. */
static unsigned char *gradient(int components) {
    unsigned char *values = arena_alloc(arena, PIXELS, (size_t)components);
    for (int i = 0; i < PIXELS; i++)
        for (int c = 0; c < components; c++)
            values[i * components + c] = (unsigned char)(c % 2 ? 40 + 5 * (i / WIDTH) : 20 + 3 * (i % WIDTH) + 10 * c);
    return values;
}

static ColourImage read_whole(const char *path) {
    ColourImage image;
    ck_assert_msg(jpeg_read(path, PIXELS, 0, arena, &image, &error) == 0, "%s", error.text);
    ck_assert(image.width == WIDTH && image.height == HEIGHT);
    return image;
}

static void check_near(const ColourImage *image, int c, int i, int expected) {
    const int got = image->pixels[3 * i + c];
    ck_assert_msg(abs(got - expected) <= 3, "pixel %d, colour %d: %d, not near %d", i, c, got, expected);
}

START_TEST(written_images_come_back) {
    const unsigned char *values = gradient(3);
    const ColourImage written_image = {WIDTH, HEIGHT, (unsigned char *)values};
    ck_assert_int_eq(jpeg_write(in_folder("a.jpeg"), &written_image, 95, &error), 0);
    const ColourImage image = read_whole(in_folder("a.jpeg"));
    for (int i = 0; i < PIXELS; i++)
        for (int c = 0; c < 3; c++) check_near(&image, c, i, values[3 * i + c]);
}
END_TEST

START_TEST(grey_becomes_all_colours) {
    const unsigned char *values = gradient(1);
    const ColourImage image = read_whole(written("grey.jpeg", jpeg_of(JPEG_GREY, SCAN_OF_ALL, WIDTH, HEIGHT, values)));
    for (int i = 0; i < PIXELS; i++) {
        check_near(&image, 0, i, values[i]);
        ck_assert(image.pixels[3 * i + 1] == image.pixels[3 * i] && image.pixels[3 * i + 2] == image.pixels[3 * i]);
    }
}
END_TEST

/* The files hold 1 - cyan and so on: red is the product with 1 - black, also where a transform lies between. */
START_TEST(ink_becomes_light) {
    const unsigned char *values = gradient(4);
    for (MadeJpeg kind = JPEG_CMYK; kind <= JPEG_YCCK; kind++) {
        const Bytes file = jpeg_of(kind, SCAN_OF_ALL, WIDTH, HEIGHT, values);
        const ColourImage image = read_whole(written("ink.jpeg", file));
        for (int i = 0; i < PIXELS; i++)
            for (int c = 0; c < 3; c++) check_near(&image, c, i, values[4 * i + c] * values[4 * i + 3] / 255);
    }
    /* Without the marker of Adobe, which is spoiled here, values are not inverted. */
    Bytes file = jpeg_of(JPEG_CMYK, SCAN_OF_ALL, WIDTH, HEIGHT, values);
    size_t at = 0;
    while (memcmp(file.data + at, "Adobe", 5) != 0) ck_assert_uint_lt(++at, file.size - 5);
    file.data[at] = 'a';
    const ColourImage image = read_whole(written("ink.jpeg", file));
    for (int i = 0; i < PIXELS; i++) check_near(&image, 0, i, (255 - values[4 * i]) * (255 - values[4 * i + 3]) / 255);
}
END_TEST

START_TEST(progressive_files_are_the_same) {
    const unsigned char *values = gradient(3);
    const ColourImage baseline = read_whole(
                          written("baseline.jpeg", jpeg_of(JPEG_COLOUR, SCAN_OF_ALL, WIDTH, HEIGHT, values))),
                      progressive = read_whole(
                          written("scans.jpeg", jpeg_of(JPEG_COLOUR, SCANS_PROGRESSIVE, WIDTH, HEIGHT, values)));
    ck_assert_mem_eq(baseline.pixels, progressive.pixels, 3 * PIXELS);
}
END_TEST

/* No smaller than is enough. */
START_TEST(large_images_are_decoded_smaller) {
    static const struct {
        size_t enough, width, height;
        int part;
    } rows[] = {{0, 37, 21, 1}, {30, 37, 21, 1}, {11, 37, 21, 1}, {10, 19, 11, 2},
                {5, 10, 6, 4},  {3, 10, 6, 4},   {2, 5, 3, 8},    {1, 5, 3, 8}};
    const char *path = written("a.jpeg", jpeg_of(JPEG_COLOUR, SCAN_OF_ALL, WIDTH, HEIGHT, gradient(3)));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ColourImage image;
        ck_assert_int_eq(jpeg_read(path, PIXELS, rows[i].enough, arena, &image, &error), 0);
        ck_assert(image.width == rows[i].width && image.height == rows[i].height);
        check_near(&image, 1, 0, 40 + 5 * (rows[i].part - 1) / 2);
    }
}
END_TEST

/* ---- hostile files ---- */

static void check_refused(const char *name, Bytes file, const char *fault) {
    ColourImage image;
    error.text[0] = 0;
    ck_assert_int_eq(jpeg_read(written(name, file), PIXELS, 0, arena, &image, &error), -1);
    check_error_names(in_folder(name), fault);
}

/* Where the marker begins: 0xff and its code. */
static size_t marker(Bytes file, unsigned char code) {
    size_t at = 0;
    while (file.data[at] != 0xff || file.data[at + 1] != code) ck_assert_uint_lt(++at, file.size - 1);
    return at;
}

START_TEST(other_files_are_refused) {
    static const unsigned char png[] = {0x89, 'P', 'N', 'G', 13, 10, 26, 10, 0, 0};
    ColourImage image;
    check_refused("photo.JPEG", bytes_of(png, sizeof png), "it is a PNG image");
    check_refused("text.jpeg", bytes_of("no image", 8), "no JPEG");
    check_refused("empty.jpeg", bytes_of(NULL, 0), "no JPEG");
    check_refused("begun.jpeg", bytes_of("\xff\xd8\xff", 3), "remove it");
    ck_assert_int_eq(jpeg_read(in_folder("absent.jpeg"), PIXELS, 0, arena, &image, &error), -1);
    check_error_names(in_folder("absent.jpeg"), "No such file");
    ck_assert_int_eq(mkdir(in_folder("folder.jpeg"), 0777), 0);
    ck_assert_int_eq(jpeg_read(in_folder("folder.jpeg"), PIXELS, 0, arena, &image, &error), -1);
    check_error_names(in_folder("folder.jpeg"), "no file");
}
END_TEST

/* Wherever it ends, though the library would put grey in for the rest. */
START_TEST(cut_off_files_are_refused) {
    const Bytes file = jpeg_of(_i / 2 ? JPEG_YCCK : JPEG_COLOUR, (MadeScans)(_i % 2), WIDTH, HEIGHT, gradient(4));
    for (size_t size = 0; size < file.size; size += 1 + next_random() % 9)
        check_refused("cut.jpeg", bytes_of(file.data, size), "remove it");
}
END_TEST

START_TEST(sizes_that_lie_are_refused) {
    const Bytes file = jpeg_of(JPEG_COLOUR, SCAN_OF_ALL, WIDTH, HEIGHT, gradient(3));
    const size_t at = marker(file, 0xc0) + 5; /* height and width, two bytes each */
    for (size_t i = 0; i < 4; i++) file.data[at + i] = 0xff;
    check_refused("huge.jpeg", file, "");
    file.data[at] = file.data[at + 2] = 0xf0;
    check_refused("large.jpeg", file, "more than the 777 allowed");
    memset(file.data + at, 0, 4);
    check_refused("nothing.jpeg", file, "remove it");
}
END_TEST

/* The last scan again and again. */
START_TEST(scans_without_end_are_refused) {
    const Bytes file = jpeg_of(JPEG_COLOUR, SCAN_OF_EACH, WIDTH, HEIGHT, gradient(3));
    size_t last = 0;
    for (size_t at = 0; at + 1 < file.size; at++)
        if (file.data[at] == 0xff && file.data[at + 1] == 0xda) last = at;
    const Bytes scan = bytes_of(file.data + last, file.size - last - 2);
    Bytes bomb = bytes_of(file.data, file.size - 2);
    for (int i = 0; i < JPEG_MOST_SCANS; i++) append(&bomb, scan.data, scan.size);
    append(&bomb, "\xff\xd9", 2);
    check_refused("bomb.jpeg", bomb, "more than 100 scans");
}
END_TEST

/* Of all kinds; what is read is of the stated size. */
START_TEST(mutants_do_no_harm) {
    const Bytes right = jpeg_of((MadeJpeg)(_i / N_SCANS), (MadeScans)(_i % N_SCANS), WIDTH, HEIGHT, gradient(4));
    Arena *scratch = arena_create(0);
    int read = 0;
    for (int i = 0; i < 250; i++, arena_reset(scratch)) {
        ColourImage image;
        const char *path = written("hostile.jpeg", mutant(right));
        if (jpeg_read(path, 2 * PIXELS, next_random() % 8, scratch, &image, &error) == 0) {
            unsigned sum = 0;
            ck_assert(image.width > 0 && image.height > 0 && image.width * image.height <= 2 * PIXELS);
            for (size_t j = 0; j < 3 * image.width * image.height; j++) sum += image.pixels[j];
            read += sum > 0;
        } else {
            check_error_names(path, "");
        }
    }
    ck_assert_int_gt(read, 0);
    arena_destroy(scratch);
}
END_TEST
#else
START_TEST(without_the_library_it_is_said) {
    ColourImage image;
    ck_assert_int_eq(jpeg_read("a.jpeg", 1, 0, arena, &image, &error), -1);
    check_error_names("a.jpeg", "without libjpeg");
}
END_TEST
#endif

/* ---- folders ---- */

static const char *put(const char *name) {
    char *path = in_folder(name), *slash = strrchr(path, '/');
    *slash = 0;
    ck_assert_int_eq(directory_create(path, &error), 0);
    *slash = '/';
    return written(name, bytes_of("x", 1));
}

static void list(const char *name, ImageFolder *listed) {
    ck_assert_msg(image_folder_list(in_folder(name), arena, listed, &error) == 0, "%s", error.text);
}

START_TEST(names_are_numbered_in_order) {
    static const char *const files[] = {"t/b/2.JPG", "t/b/10.jpeg", "t/Z/x.JPEG", "t/a b/1.jpg"},
                             *const ordered[] = {"t/Z/x.JPEG", "t/a b/1.jpg", "t/b/10.jpeg", "t/b/2.JPG"},
                             *const classes[] = {"Z", "a b", "b"};
    static const int labels[] = {0, 1, 2, 2};
    ImageFolder listed, other;
    char sha256[SHA256_HEX], again[SHA256_HEX];
    for (int i = 0; i < 4; i++) put(files[i]);
    put("t/.hidden/1.txt"), put("t/b/.DS_Store"), put("t/notes.txt");
    list("t", &listed);
    ck_assert(listed.n == 4 && listed.classes == 3);
    for (int i = 0; i < 4; i++) ck_assert_str_eq(listed.paths[i], in_folder(ordered[i]));
    for (int i = 0; i < 4; i++) ck_assert_int_eq(listed.labels[i], labels[i]);
    for (int i = 0; i < 3; i++) ck_assert_str_eq(listed.class_names[i], classes[i]);
    image_folder_sha256(&listed, sha256);
    put("u/Z/1.jpg"), put("u/a b/1.jpg"), put("u/b/1.jpg");
    list("u", &other);
    ck_assert_int_eq(image_folders_agree(&listed, &other, &error), 0);
    image_folder_sha256(&other, again);
    ck_assert_str_ne(sha256, again);
    put("u/c/1.jpg");
    list("u", &other);
    ck_assert_int_eq(image_folders_agree(&listed, &other, &error), -1);
    check_error_names("class 3", "absent");
    ck_assert_int_eq(rename(in_folder("t"), in_folder("moved")), 0); /* the place makes no difference */
    list("moved", &listed);
    image_folder_sha256(&listed, again);
    ck_assert_str_eq(sha256, again);
}
END_TEST

static void check_no_folder(const char *name, const char *named, const char *fault) {
    ImageFolder listed;
    ck_assert_int_eq(image_folder_list(in_folder(name), arena, &listed, &error), -1);
    check_error_names(in_folder(named), fault);
}

START_TEST(other_folders_are_refused) {
    put("none/a.jpeg");
    put("text/a/1.jpeg"), put("text/a/2.txt");
    put("deep/a/b/1.jpeg");
    ck_assert_int_eq(directory_create(in_folder("empty/a"), &error), 0);
    ck_assert_int_eq(directory_create(in_folder("broken/a"), &error), 0);
    ck_assert_int_eq(symlink("nowhere", in_folder("broken/a/1.jpeg")), 0);
    check_no_folder("absent", "absent", "No such file");
    check_no_folder("none/a.jpeg", "none/a.jpeg", "Not a directory");
    check_no_folder("none", "none", "no folders");
    check_no_folder("text", "text/a/2.txt", "no .jpeg or .jpg");
    check_no_folder("deep", "deep/a/b", "no .jpeg or .jpg");
    check_no_folder("empty", "empty/a", "no images");
    check_no_folder("broken", "broken/a/1.jpeg", "No such file");
}
END_TEST

#ifdef HAVE_JPEG
/* Of CIFAR-10, where it is there: the first images of each class, under their numbers. */
START_TEST(a_data_set_becomes_a_folder) {
    enum { PLANE = 32 * 32 };
    const char *data = getenv("SCALEDOWN_DATA"),
               *words[] = {"--out", in_folder("tree"), "--train-images", "2", "--test-images", "1", "--data-dir", data};
    ImageFolder train, test;
    image_sets_folder(data ? data : "data");
    if (image_set_check("cifar-10", &error)) {
        printf("check_image_folder: CIFAR-10 is not made a folder: %s\n", error.text);
        return;
    }
    ck_assert_ptr_nonnull(freopen("/dev/null", "w", stdout));
    ck_assert_msg(image_folder_command(data ? 8 : 6, (char **)words, &error) == 0, "%s", error.text);
    list("tree/train", &train);
    list("tree/test", &test);
    ck_assert(train.classes == 10 && train.n == 20 && test.n == 10);
    ck_assert_int_eq(image_folders_agree(&train, &test, &error), 0);
    const ImageSet *set = image_set("cifar-10", &error);
    for (size_t i = 0; i < train.n; i++) {
        const size_t number = strtoul(strrchr(train.paths[i], '/') + 1, NULL, 10);
        const uint8_t *planes = set->train.pixels + number * 3 * PLANE;
        ColourImage image;
        long off = 0;
        ck_assert_int_eq(set->train.labels[number], train.labels[i]);
        ck_assert_int_eq(jpeg_read(train.paths[i], PLANE, 0, arena, &image, &error), 0);
        for (size_t j = 0; j < 3 * PLANE; j++) off += abs(image.pixels[j] - planes[j % 3 * PLANE + j / 3]);
        ck_assert_msg(off < 4 * 3 * PLANE, "%s: %ld", train.paths[i], off);
    }
}
END_TEST
#endif

/* ---- what is done to a picture ---- */

static ColourImage picture(size_t width, size_t height, const unsigned char *red) {
    ColourImage image = {width, height, arena_alloc(arena, width * height, 3)};
    for (size_t i = 0; i < width * height; i++) {
        image.pixels[3 * i] = red[i];
        image.pixels[3 * i + 1] = (unsigned char)(255 - red[i]);
        image.pixels[3 * i + 2] = 7;
    }
    return image;
}

static void check_values(size_t n, const float *got, const float *expected) {
    for (size_t i = 0; i < n; i++)
        ck_assert_msg(fabsf(got[i] - expected[i]) < 1e-5f, "value %zu: %g, expected %g", i, (double)got[i],
                      (double)expected[i]);
}

/* By hand: enlarged by two, quarter steps with ends repeated; reduced by two, weights 1 3 3 1
 * without those beyond the ends; by four, 5 7 7 5. */
START_TEST(sizes_change_as_said) {
    static const unsigned char two[] = {0, 100, 200, 100}, four[] = {8, 16, 24, 80};
    static const float enlarged[] = {0,   25,     75,     100, 50,  62.5f, 87.5f, 100,
                                     150, 137.5f, 112.5f, 100, 200, 175,   125,   100},
                       same[] = {0, 100, 200, 100};
    float out[3 * 16];
    const ColourImage small = picture(2, 2, two), wide = picture(4, 1, four);
    image_resize(&small, 4, out);
    check_values(16, out, enlarged);
    for (int i = 0; i < 16; i++) ck_assert(out[32 + i] == 7.0f && fabsf(out[16 + i] - (255 - enlarged[i])) < 1e-4f);
    image_resize(&small, 2, out);
    check_values(4, out, same);
    image_resize(&wide, 2, out);
    const float reduced[] = {(3 * 8 + 3 * 16 + 24) / 7.0f, (16 + 3 * 24 + 3 * 80) / 7.0f};
    check_values(2, out, reduced);
    check_values(2, out + 2, reduced);
    image_resize(&wide, 1, out);
    ck_assert_float_eq_tol(out[0], (5 * 8 + 7 * 16 + 7 * 24 + 5 * 80) / 24.0f, 1e-5f);
}
END_TEST

START_TEST(values_are_normalised) {
    float image[3] = {255, 0, 127.5f};
    image_normalize(1, imagenet_mean, imagenet_deviation, image);
    const float expected[] = {(1 - 0.485f) / 0.229f, -0.456f / 0.224f, (0.5f - 0.406f) / 0.225f};
    check_values(3, image, expected);
}
END_TEST

START_TEST(turns_are_exact_where_they_can_be) {
    enum { SIZE = 5, ALL = 3 * SIZE * SIZE };
    float image[ALL], turned[ALL];
    for (int i = 0; i < ALL; i++) image[i] = (float)(i + 1);
    image_rotate(SIZE, 0, image, turned);
    ck_assert_mem_eq(image, turned, sizeof image);
    image_rotate(SIZE, 90, image, turned); /* the right edge comes to the top */
    for (int c = 0; c < 3; c++)
        for (int y = 0; y < SIZE; y++)
            for (int x = 0; x < SIZE; x++)
                ck_assert(turned[(c * SIZE + y) * SIZE + x] == image[(c * SIZE + x) * SIZE + SIZE - 1 - y]);
    image_rotate(SIZE, 25, image, turned);
    ck_assert(turned[0] == 0 && turned[SIZE * SIZE / 2] == image[SIZE * SIZE / 2]); /* a corner, the centre */
    memcpy(turned, image, sizeof image);
    image_flip(SIZE, turned);
    for (int i = 0; i < ALL; i++) ck_assert(turned[i] == image[i / SIZE * SIZE + SIZE - 1 - i % SIZE]);
}
END_TEST

/* The centre of an even side is no place; of an odd one it stays, and the place above it tells flip and angle. */
START_TEST(augmentation_is_drawn_by_counter) {
    enum { SIZE = 33, ALL = 3 * SIZE * SIZE, DRAWS = 400 };
    float image[ALL], one[ALL], two[ALL];
    int flipped = 0, differ = 0;
    for (int i = 0; i < ALL; i++) image[i] = (float)(i % SIZE);
    for (uint64_t stream = 0; stream < DRAWS; stream++) {
        Philox draws;
        philox_seed(&draws, 1, stream);
        memcpy(one, image, sizeof image);
        memcpy(two, image, sizeof image);
        image_augment(&draws, SIZE, one);
        image_augment(&draws, SIZE, two);
        ck_assert_mem_eq(one, two, sizeof one);
        differ += memcmp(one, image, sizeof image) != 0;
        flipped += one[SIZE * SIZE / 2 - 1] > one[SIZE * SIZE / 2 + 1];
    }
    ck_assert(flipped > DRAWS / 2 - 40 && flipped < DRAWS / 2 + 40); /* four standard deviations */
    ck_assert_int_gt(differ, DRAWS - 20);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("image folders");
    TCase *jpeg = tcase_create("jpeg"), *folders = tcase_create("folders"), *pictures = tcase_create("pictures");
    tcase_add_checked_fixture(jpeg, sandbox_begin, sandbox_end);
#ifdef HAVE_JPEG
    tcase_add_test(jpeg, written_images_come_back);
    tcase_add_test(jpeg, grey_becomes_all_colours);
    tcase_add_test(jpeg, ink_becomes_light);
    tcase_add_test(jpeg, progressive_files_are_the_same);
    tcase_add_test(jpeg, large_images_are_decoded_smaller);
    tcase_add_test(jpeg, other_files_are_refused);
    tcase_add_loop_test(jpeg, cut_off_files_are_refused, 0, 4);
    tcase_add_test(jpeg, sizes_that_lie_are_refused);
    tcase_add_test(jpeg, scans_without_end_are_refused);
    tcase_add_loop_test(jpeg, mutants_do_no_harm, 0, 4 * N_SCANS);
#else
    tcase_add_test(jpeg, without_the_library_it_is_said);
#endif
    suite_add_tcase(suite, jpeg);
    tcase_add_checked_fixture(folders, sandbox_begin, sandbox_end);
    tcase_add_test(folders, names_are_numbered_in_order);
    tcase_add_test(folders, other_folders_are_refused);
#ifdef HAVE_JPEG
    tcase_add_test(folders, a_data_set_becomes_a_folder);
#endif
    suite_add_tcase(suite, folders);
    tcase_add_checked_fixture(pictures, sandbox_begin, sandbox_end);
    tcase_add_test(pictures, sizes_change_as_said);
    tcase_add_test(pictures, values_are_normalised);
    tcase_add_test(pictures, turns_are_exact_where_they_can_be);
    tcase_add_test(pictures, augmentation_is_drawn_by_counter);
    suite_add_tcase(suite, pictures);
    return run_suite(suite);
}
