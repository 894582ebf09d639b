/* Known answers: NumPy 1.24.2 (numpy.random.RandomState), PyTorch 1.13 (torch.manual_seed(42)), Random123's vectors. */
#include <check.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "random/random.h"
#include "suite.h"

static Mt19937 seeded(uint32_t seed) {
    Mt19937 mt;
    mt19937_seed(&mt, seed);
    return mt;
}

static void check_permutation(const size_t *got, const size_t *wanted, size_t n) {
    for (size_t i = 0; i < n; i++) ck_assert_uint_eq(got[i], wanted[i]);
}

START_TEST(mt19937_words) {
    Mt19937 mt = seeded(5489);
    ck_assert_uint_eq(mt19937_next(&mt), 3499211612u);
    ck_assert_uint_eq(mt19937_next(&mt), 581869302u);
    for (int i = 2; i < 9999; i++) mt19937_next(&mt);
    ck_assert_uint_eq(mt19937_next(&mt), 4123659995u); /* the 10000th, as published */
    mt = seeded(7);
    ck_assert_uint_eq(mt19937_next64(&mt), 327741615ull << 32 | 976413892u);
}
END_TEST

START_TEST(numpy_draws) {
    static const double uniform[] = {0.3745401188473625, 0.9507143064099162, 0.7319939418114051, 0.5986584841970366};
    static const double normal[] = {0.4967141530112327, -0.13826430117118466, 0.6476885381006925, 1.5230298564080254,
                                    -0.23415337472333597};
    static const uint32_t below_10[] = {6, 3, 7, 4, 6, 9, 2, 6, 7, 4, 3, 7};
    static const uint32_t below_48[] = {38, 28, 14, 42, 7, 20, 38, 18, 22, 10, 10, 23};
    static const uint32_t below_1000003[] = {121958, 671155, 131932, 365838, 259178, 644167};
    Mt19937 mt = seeded(42);
    for (int i = 0; i < 4; i++) ck_assert(numpy_rand(&mt) == uniform[i]);
    mt = seeded(42);
    for (int i = 0; i < 5; i++) ck_assert(fabs(numpy_randn(&mt) - normal[i]) < 2e-16);
    mt = seeded(42);
    for (int i = 0; i < 12; i++) ck_assert_uint_eq(numpy_randint(&mt, 10), below_10[i]);
    mt = seeded(42);
    for (int i = 0; i < 12; i++) ck_assert_uint_eq(numpy_randint(&mt, 48), below_48[i]);
    mt = seeded(42);
    for (int i = 0; i < 6; i++) ck_assert_uint_eq(numpy_randint(&mt, 1000003), below_1000003[i]);
    mt = seeded(42);
    ck_assert_uint_eq(numpy_randint(&mt, 1), 0); /* costs no draw */
    ck_assert(numpy_rand(&mt) == uniform[0]);
}
END_TEST

/* Python 3.11: random.seed(0) and random.seed(4294967295), then random.random(). */
START_TEST(python_draws) {
    static const double of_0[] = {0.8444218515250481, 0.7579544029403025, 0.420571580830845};
    static const double of_largest[] = {0.6353574441341173, 0.20319993954407756, 0.6073666030347188};
    Mt19937 mt;
    python_seed(&mt, 0);
    for (int i = 0; i < 3; i++) ck_assert(python_random(&mt) == of_0[i]);
    for (int i = 3; i < 999; i++) python_random(&mt);
    ck_assert(python_random(&mt) == 0.4804125346981437);
    python_seed(&mt, 4294967295u);
    for (int i = 0; i < 3; i++) ck_assert(python_random(&mt) == of_largest[i]);
}
END_TEST

START_TEST(numpy_permutations) {
    static const size_t of_40[] = {19, 16, 15, 26, 4,  12, 37, 27, 39, 6,  25, 9,  13, 31, 34, 8,  17, 24, 0,  33,
                                   5,  11, 1,  29, 21, 2,  30, 36, 3,  35, 23, 32, 10, 22, 18, 20, 7,  14, 28, 38};
    static const size_t of_5000[] = {1501, 2586, 2653, 1055, 705, 106};
    size_t permutation[5000];
    Mt19937 mt = seeded(42);
    numpy_permutation(&mt, 40, permutation);
    check_permutation(permutation, of_40, 40);
    ck_assert(numpy_rand(&mt) == 0.450499251969543);
    mt = seeded(42);
    numpy_permutation(&mt, 5000, permutation);
    check_permutation(permutation, of_5000, 6);
    ck_assert(numpy_rand(&mt) == 0.19984127128193951);
}
END_TEST

/* Beyond 16 and up to 32 bits: numpy.random.RandomState(42), randint(n) and permutation(100000). */
START_TEST(numpy_large_ranges) {
    static const uint32_t of_70000[] = {15795, 860, 54886, 6265, 37194, 44131};
    static const uint32_t of_3e9[] = {1608637542u, 787846414u, 2571218620u, 2563451924u, 670094950u, 1914837113u};
    static const size_t first[] = {75721, 80184, 19864, 76699, 92991}, last[] = {76820, 860, 15795};
    static size_t permutation[100000];
    Mt19937 mt = seeded(42);
    for (int i = 0; i < 6; i++) ck_assert_uint_eq(numpy_randint(&mt, 70000), of_70000[i]);
    mt = seeded(42);
    for (int i = 0; i < 6; i++) ck_assert_uint_eq(numpy_randint(&mt, 3000000000u), of_3e9[i]);
    mt = seeded(42);
    numpy_permutation(&mt, 100000, permutation);
    check_permutation(permutation, first, 5);
    check_permutation(permutation + 99997, last, 3);
}
END_TEST

START_TEST(torch_uniforms) {
    static const float unit[] = {0.88226926f, 0.91500396f, 0.38286376f, 0.95930564f, 0.3904482f};
    static const float symmetric[] = {0.12088416f, 0.13123578f, -0.03704173f, 0.1452452f, -0.03464332f};
    float out[5];
    Mt19937 mt = seeded(42);
    for (int i = 0; i < 5; i++) ck_assert(torch_rand(&mt) == unit[i]);
    mt = seeded(42);
    torch_uniform(&mt, -0.15811388300841897, 0.15811388300841897, 5, out);
    for (int i = 0; i < 5; i++) ck_assert(out[i] == symmetric[i]);
    mt = seeded(2147483653u);
    ck_assert(torch_rand(&mt) == 0.86270386f && torch_rand(&mt) == 0.9956874f);
}
END_TEST

START_TEST(torch_permutations) {
    static const size_t of_12[] = {6, 8, 1, 7, 0, 2, 10, 11, 4, 3, 5, 9};
    static const size_t first[] = {37542, 43087, 2992, 25810, 39634, 6425, 55768, 11034};
    static const size_t last[] = {54582, 28045, 16929, 22100};
    static size_t permutation[60000];
    Mt19937 mt = seeded(42);
    torch_randperm(&mt, 12, permutation);
    check_permutation(permutation, of_12, 12);
    mt = seeded(42);
    torch_randperm(&mt, 60000, permutation);
    check_permutation(permutation, first, 8);
    check_permutation(permutation + 59996, last, 4);
    ck_assert(torch_rand(&mt) == 0.6539737f);
}
END_TEST

START_TEST(torch_epochs) {
    static const size_t epochs[2][20] = {{8, 14, 17, 19, 1, 15, 18, 9, 3, 11, 4, 0, 10, 7, 13, 16, 12, 6, 2, 5},
                                         {14, 12, 13, 8, 15, 4, 7, 18, 9, 3, 0, 17, 2, 11, 19, 6, 10, 16, 1, 5}};
    size_t permutation[20];
    Mt19937 mt = seeded(42);
    for (int epoch = 0; epoch < 2; epoch++) {
        torch_shuffle_epoch(&mt, 20, permutation);
        check_permutation(permutation, epochs[epoch], 20);
    }
    ck_assert(torch_rand(&mt) == 0.94077146f);
}
END_TEST

/* PyTorch's vector log, cos and sin differ in last places: most values are equal, the worst is 5e-7 off at 4.7. */
static const float normals_of_100[100] = {
    4.3538303f,  3.4745681f,   2.3014345f,   -3.711042f,   1.8568369f,   -1.9690897f,  0.41386503f,    -2.709334f,
    -1.0042706f, 3.797446f,    -0.2849573f,  -2.3072143f,  -0.9557626f,  -0.61886036f, -1.0376778f,    2.024891f,
    3.7846339f,  0.18080506f,  -0.49479508f, 1.3791785f,   -1.0162623f,  2.6566353f,   2.1016011f,     3.861241f,
    3.0582488f,  3.0928457f,   1.720933f,    3.1694756f,   0.03675136f,  0.583519f,    -0.0031505823f, 2.219717f,
    -2.2693474f, -1.2424723f,  0.053268164f, 3.934723f,    1.1377606f,   -0.34903795f, 1.1114419f,     -1.049185f,
    -2.615145f,  2.4912722f,   -1.2595717f,  -0.7022841f,  -2.0483024f,  4.74557f,     -1.9693062f,    -0.47582775f,
    -1.327646f,  -0.8162745f,  0.65604776f,  1.5516175f,   -0.47598344f, 2.882738f,    -1.1280153f,    -0.9719856f,
    -2.3064957f, 0.57200736f,  0.37304544f,  1.8512298f,   0.3043862f,   4.189188f,    -1.8690748f,    3.2670987f,
    3.3902676f,  2.212825f,    4.9361515f,   1.546331f,    1.1932933f,   0.10533711f,  -1.6091778f,    3.0559912f,
    0.15561974f, 1.5475769f,   0.61324364f,  1.3525922f,   1.6500101f,   -0.7834482f,  -3.912797f,     -1.0016061f,
    0.52173626f, -0.17748469f, -2.181359f,   -0.6707411f,  1.7815106f,   1.6664948f,   2.6338534f,     -0.40030676f,
    -0.8575059f, 1.6486322f,   0.8754982f,   -0.21524602f, 1.029819f,    3.0463367f,   0.49737826f,    -0.10720754f,
    -1.4728773f, 0.74659824f,  1.1997355f,   1.7345614f};

static void check_normals(const float *got, const float *wanted, int n, float allowed) {
    for (int i = 0; i < n; i++) ck_assert_float_eq_tol(got[i], wanted[i], allowed);
}

START_TEST(torch_normals) {
    static const float of_15[] = {1.1733807f, 0.7576188f, 0.9689247f,  0.96066606f, -1.7457128f,
                                  0.1273434f, 4.916403f,  -0.7759941f, 1.4233145f,  1.0347017f,
                                  1.5698093f, 2.1187143f, 2.7205806f,  -2.879598f,  -1.4779198f};
    static const float of_3_and_2[] = {0.33669037f, 0.1288094f, 0.23446237f, 0.23033303f, -1.1228564f};
    float out[100];
    Mt19937 mt = seeded(42);
    torch_normal(&mt, 0.5, 2.0, 100, out);
    check_normals(out, normals_of_100, 100, 5e-7f);
    ck_assert(torch_rand(&mt) == 0.57818556f);
    mt = seeded(42);
    torch_normal(&mt, 0.5, 2.0, 16, out);
    check_normals(out, normals_of_100, 16, 5e-7f);
    ck_assert(torch_rand(&mt) == 0.8854429f);
    mt = seeded(42);
    torch_normal(&mt, 0.5, 2.0, 15, out);
    for (int i = 0; i < 15; i++) ck_assert(out[i] == of_15[i]);
    ck_assert(torch_rand(&mt) == 0.8860137f);
    mt = seeded(42);
    torch_normal(&mt, 0.0, 1.0, 3, out);
    torch_normal(&mt, 0.0, 1.0, 2, out + 3); /* begins with the kept half of a pair */
    for (int i = 0; i < 5; i++) ck_assert(out[i] == of_3_and_2[i]);
    ck_assert(torch_rand(&mt) == 0.86940444f);
}
END_TEST

START_TEST(philox_published_vectors) {
    static const uint32_t vectors[3][10] = {
        {0, 0, 0, 0, 0, 0, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8},
        {0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x408f276d, 0x41c83b0e, 0xa20bc7c6,
         0x6d5451fd},
        {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0, 0xd16cfe09, 0x94fdcceb, 0x5001e420,
         0x24126ea1},
    };
    for (int i = 0; i < 3; i++) {
        uint32_t out[4];
        philox_block(vectors[i], vectors[i] + 4, out);
        ck_assert_mem_eq(out, vectors[i] + 6, sizeof out);
    }
}
END_TEST

START_TEST(philox_draws) {
    enum { COUNT = 100000 };
    Philox philox;
    double sum = 0.0, normal_sum = 0.0, normal_squares = 0.0;
    int counts[7] = {0};
    philox_seed(&philox, 0x299f31d0a4093822u, 0x0370734413198a2eu);
    ck_assert_uint_eq(philox_u32(&philox, 0x85a308d3243f6a88u), 0xd16cfe09u);
    ck_assert(philox_uniform(&philox, 0x85a308d3243f6a88u) == (double)(0xd16cfe0994fdccebu >> 11) * 0x1p-53);
    for (uint64_t i = 0; i < COUNT; i++) {
        double u = philox_uniform(&philox, i), z = philox_normal(&philox, i);
        ck_assert(u >= 0.0 && u < 1.0 && fabs(z) < 9.0);
        sum += u;
        normal_sum += z;
        normal_squares += z * z;
        uint32_t below = philox_below(&philox, i, 7);
        ck_assert_uint_lt(below, 7);
        counts[below]++;
    }
    /* five standard errors */
    ck_assert_double_le(fabs(sum / COUNT - 0.5), 5 * 0.2887 / sqrt(COUNT));
    ck_assert_double_le(fabs(normal_sum / COUNT), 5 / sqrt(COUNT));
    ck_assert_double_le(fabs(normal_squares / COUNT - 1.0), 5 * sqrt(2.0 / COUNT));
    for (int i = 0; i < 7; i++) ck_assert_double_le(fabs(counts[i] - COUNT / 7.0), 5 * sqrt(COUNT * 6 / 49.0));
    ck_assert_uint_eq(philox_below(&philox, 3, 1), 0);
    Philox other;
    philox_seed(&other, 0x299f31d0a4093822u, 0x0370734413198a2fu);
    ck_assert(philox_uniform(&philox, 0) != philox_uniform(&other, 0));
}
END_TEST

int main(void) {
    Suite *suite = suite_create("random");
    TCase *tcase = tcase_create("random");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, mt19937_words);
    tcase_add_test(tcase, numpy_draws);
    tcase_add_test(tcase, python_draws);
    tcase_add_test(tcase, numpy_permutations);
    tcase_add_test(tcase, numpy_large_ranges);
    tcase_add_test(tcase, torch_uniforms);
    tcase_add_test(tcase, torch_permutations);
    tcase_add_test(tcase, torch_epochs);
    tcase_add_test(tcase, torch_normals);
    tcase_add_test(tcase, philox_published_vectors);
    tcase_add_test(tcase, philox_draws);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
