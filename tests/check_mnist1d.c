/* SHA-256 of the arrays as little-endian float32 and uint8.  The default data set's are those of the official frozen
 * arrays; the others come from an independent NumPy implementation of the same algorithm. */
#include <check.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/sha256.h"
#include "data/fresh_test.h"
#include "data/mnist1d.h"
#include "suite.h"

typedef struct Expected {
    Mnist1dOptions options;
    size_t n_train, n_test;
    const char *x, *x_test, *y, *y_test, *t;
    double next_random;
} Expected;

/* Templates of one's own: the value of point i of class c is ((7 c + 3 i) mod 11) / 8 - 1/2. */
static double sawtooth[10][20], short_sawtooth[10][3];

static void make_templates(void) {
    for (int c = 0; c < 10; c++) {
        for (int i = 0; i < 20; i++) sawtooth[c][i] = (c * 7 + i * 3) % 11 / 8.0 - 0.5;
        memcpy(short_sawtooth[c], sawtooth[c], sizeof short_sawtooth[c]);
    }
}

/* samples, split, seed, shuffled, template length, padding, scale, translation, correlated, iid, shear, length,
 * templates and their points */
static const Expected expected[] = {
    {{5000, 0.8, 42u, 0, 12, 36, 60, 0.4, 48, 0.25, 0.02, 0.75, 40, NULL, 0},
     4000,
     1000,
     "d53506bddd12d3b72c7153b1ae7f34807724b1dd078a7273809bf9d0792319f6",
     "30addc43827c82aafa5db8bc97cea63349ca687e87db2f201cc4f5415d9a4ebd",
     "6e13c7aab5f831266ec59efd193e310c511faefd71cfc5d39427c20337df4dc6",
     "9486539f99fcca7dc5923aba4d0cb5b7963f8e8e1f74398ca33a64ccb3b5b654",
     "0352efd10cd28e71a0f722fade89db2c326ee004a7dcf8c9704a5adaf0bad6c8",
     0.38076859567258725},
    {{5000, 0.8, 42u, 1, 12, 36, 60, 0.4, 48, 0.25, 0.02, 0.75, 40, NULL, 0},
     4000,
     1000,
     "c94aded3ac20330bce40bdf6306edca21558a1f13825c583ce522197c5fc9e0a",
     "19d43390a6c3f3a65221833218fd31f3db8420f5fc3285730ccdfd409508915e",
     "6e13c7aab5f831266ec59efd193e310c511faefd71cfc5d39427c20337df4dc6",
     "9486539f99fcca7dc5923aba4d0cb5b7963f8e8e1f74398ca33a64ccb3b5b654",
     "0352efd10cd28e71a0f722fade89db2c326ee004a7dcf8c9704a5adaf0bad6c8",
     0.0918580145026131},
    {{5000, 0.8, 43u, 0, 12, 36, 60, 0.4, 48, 0.25, 0.02, 0.75, 40, NULL, 0},
     4000,
     1000,
     "2a92cb2ca34caf07bb6128073eaa15f6130734e5d0ca126b38addcb63e6136e0",
     "67a2c4da81625c9bc46b5172650257daa040343f680979001f0f189e94b027ca",
     "83ab176bee64b59e41934db5083ed5df949ac3c2e962c91b7c044a4e3871d8a3",
     "fa1b24ebd2a67aed42ac447d7f417edf496f6cc6f17304734b5e1017fe5f9b40",
     "dc33bff7233130ac93e840c3024a4da65dc3520e37918f1675109c2d35aa2a0b",
     0.5529252602734234},
    {{1230, 0.73, 7u, 1, 12, 36, 60, 0.4, 48, 0.25, 0.02, 0.75, 50, NULL, 0},
     897,
     333,
     "780ed9870da189ca3244983dca3f9ef0a2b37fc2c2374fdd0ebe57a38c8499c1",
     "8e840ddc590518dd3c1f9c7486930d8dd169b510479081163273221a3f4ea71d",
     "a875e3d8c68a90e19efe204357c7367654cb2fad3e7e137299f876a83da78a24",
     "5122c70b6d0a3924aaf21aefe0ed5a8e86525cc5433266d340042004ec8f67ca",
     "1459190a9a551b48262e97a4505679435ff6580aea3da4e05cb6a2a51001f42f",
     0.13180979030897455},
    {{1000, 0.29, 4294967295u, 0, 12, 10, 30, 0.9, 20, 0.5, 0.1, 1.5, 28, NULL, 0},
     290,
     710,
     "c83a55d47a53d159be2ae52236799bcd3c294d65678e9bbbca7f7351d6a2d565",
     "c2a2a61400274c025b5d4fa0172a6e137193fed65a9d715c56354845267e5d2a",
     "ee18e60077530207462b30e9eae1189439c22be28b6b47891f465353df22a447",
     "55fad03d9cb101a9c1c22dfe31cc75881ad2955700db9daa8ba558ff02dd09a3",
     "77984d8ba81a900e215e946ecdfbfe84fb6e595f658821a1f11100687efcc131",
     0.24961942448788488},
    {{300, 0.8, 3u, 0, 12, 36, 36, 0.4, 1, 0.25, 0.02, 0.75, 72, NULL, 0},
     240,
     60,
     "fd1b571eb14d06a21e5c8352b0406ad65bf98abfa3d4c2e8710627ab2d00f1c4",
     "3143cd916dbb17b03a9decf294a0ebb88ac629c66ac9cdbc06e8bdf94f21873c",
     "c4144e0ca5eeaf66f110f2a6b12aafe72b90f192e5d055eb6d6720d073fc95a8",
     "2cbb562b090fa2021b9f292adac4233bdc39f63aa89dd755d46830866c67e22a",
     "f98e7f904c7bf823a454c2e483b385b32f58141b566b269d582949e92d617c2a",
     0.9662558872208618},
    {{57, 0.5, 5u, 0, 12, 36, 60, 0.4, 48, 0.25, 0.02, 0.75, 40, NULL, 0},
     25,
     25,
     "bc53133adf803f07bc86289e282a6fa02f867ad3dee23362bb5606f9d83730fc",
     "ca5895bc7498f484474d447a3e0b2eb9a960ac1689bfa13b5dcb708f68ab1f8b",
     "b2e5e575fa7e315707fdfc72ee8b0e63f78828630a27e2471b4b18ba314bba43",
     "2e57740736efff33da1e514661edb089b888b80bcdcee1f731cd65df58b34e90",
     "1103a057866d68aade571359b365363f0f152bd9e441782de2233865c6881845",
     0.3116805079276531},
    {{400, 0.8, 11u, 0, 12, 0, 3, 0.4, 40, 0.25, 0.02, 0.75, 100, NULL, 0},
     320,
     80,
     "d40f7450f861495bcda3976748d237400117e8e837aa90b820e413d2d927fb14",
     "eced8e404e9a513818412dfcb7f641eb8c68e15e3c2f154b2a7ef55685aeda72",
     "0a79a62a80ec36e8c55150125ce6b82090c7819802a2869fd6f71bffe52b1f9e",
     "9ff48bcb4a412c53a7f4633661c71f2da143150ca7e535a78750c013a7509701",
     "cef69f9a651916ef5b905c3f697dd7fef954cd1970faba3c7c731e0cd243456d",
     0.480603904747418},
    {{300, 0.8, 13u, 0, 12, 36, 60, -0.4, 48, -0.25, -0.02, -0.75, 40, NULL, 0},
     240,
     60,
     "a7a4fec3d982519d1d9a50478df4d7cf7624e5d63b6170a34ec8ae850a894b76",
     "98a94aa5160f29cdb6f16e304277da550c104161bc9c25c06a7a50875e4b322a",
     "15d240601082269b4a1e12526dcf0de6db86585d508d443aada971c8adebfa84",
     "457ac97a3b304a72ca5118b964dd20242ed51d0a3fd491a8035056637d7a0a8d",
     "2c1f5cb4943b9fda5cb2d259cff81db097e022c5d4584f965b8751a4c49c98cf",
     0.28707261418863983},
    {{300, 0.8, 14u, 0, 30, 36, 60, 0.4, 48, 0.25, 0.02, 0.75, 33, NULL, 0},
     240,
     60,
     "db59a3e23c78f43b27d12e1dc95144b801028199b22cb1581acf71d96cf4f833",
     "4fda6411759c8b70ca98f3d007ff7549076df705c9915b41252ff0ca2e60ab05",
     "f8fd9910bbe76695e439c51d4b04f67fbbb8f9bc2e4acaed2678176a39c38571",
     "0f2884621e48bbf6907598239076ec5e7a266778feced0f6fe2a7940d7c90b90",
     "e78d3ffaa9c5e916784be3143ebdf4d40ae3756dba5986bf05bfa85c8169bfd2",
     0.45105018670179675},
    {{200, 0.8, 15u, 0, 2, 0, 0, 0.4, 2, 0.25, 0.02, 0.75, 8, NULL, 0},
     160,
     40,
     "ad7e6e1c313ecefc6787023ce2a56fb2a206938da355f9ad5176ebfb6bba89f4",
     "b2edb688c2f13d4df0b1e22f7f32fd706c04bbbc6e45b0d1e79a18dd85f9c22a",
     "438b84a2886f0697685c1ff0f4626187e5222f3ccfb32bedb32bdfc913fd2947",
     "7762c615023a60ef321d065776021b19e717033439393339c482451303c3b580",
     "0126a5a1eb8ef464b7e7f7d3ea69fb71cc3879ea566d68867f94493f187a576b",
     0.9998492154619245},
    {{200, 0.8, 16u, 0, 4, 0, 1, 0.4, 9, 0.25, 0.02, 0.75, 40, sawtooth[0], 20},
     160,
     40,
     "c8bbf39c6d45089c5d7a3580fb9ce4b2ee6cf8619b69455898ee8655894907be",
     "7d008dccd839ebaa8885b91ee27c5460f2e03a3772933bc8fa8ae57228e2e9ba",
     "9409b02db2422d3ba6ebfb49eb41ddcf42cab8d07349d0b5ea1f09b31dd0dd2a",
     "c7a35172c06944838891cc931aa19befc8a6e473100b6fbb144ca6d43c8864b0",
     "aadbcd27d4a5099de714d54061282cc471dd6ee61b43aef02925742071ba10f3",
     0.0391035824420477},
    {{300, 0.8, 17u, 1, 20, 36, 60, 0.4, 48, 0.25, 0.02, 0.75, 40, sawtooth[0], 20},
     240,
     60,
     "39866eadeeabf7a2d62038aa63e5250e6a76eb778e6707929e906c25b9503c09",
     "a7b922742f33342349ca408450ac3c9ed30f1737552a7fe12d4883f3bfb2a8d4",
     "65b29d3da6e0bb42c3040305402d0417ce9cb4c0cbf9092bce94a26c368a3ff1",
     "897ec1744261379be98198b83afff37da9b6e14b93404c0826b0d7838d75cf5c",
     "a2eff10d6edf5d70adcb0738fe3d194e529a9e215a8be5121b1dddb028dea87c",
     0.9824541074589263},
    {{300, 0.8, 18u, 0, 12, 36, 60, 0.4, 48, 0.25, 0.02, 0.75, 40, short_sawtooth[0], 3},
     240,
     60,
     "a5f1e33f5975bb81ac52e67199c57c5b032e98a6c4d72b638c2cc89968b85997",
     "c317cd7a6c090b2f046cf4d6b04040f06a13e19772164278c6cf0efd51168af7",
     "aca7fdc4c8485be14e7336db7849fd9e43688c14369bed2f66c14b4a531cf071",
     "0d85d1d4e4d73ef81cfa51891b502a21209da4410f1a9b79ed064b7114efd38a",
     "5afad360e8e016abc7807eced51b172b455971b8dfaab4136c2056bee9ac92aa",
     0.5176837645069253},
    {{200, 0.8, 19u, 0, 2, 3, 3, 0.4, 9, 0.25, 0.02, 0.75, 9, NULL, 0},
     160,
     40,
     "8257c95cd4050efc97498a060c39c7ea48ae7b2710d3922cbc074173acca7134",
     "5f77bd0cdd8b49278c12ad8d9142ad424b248865f8f294255ba04c45767e433b",
     "b238232f378b4d2a22fc6ceb57410450c61c95d508e3b7f0a686233b6868d2ce",
     "e71d55b8457948a880f7234622183230645b79ebc9a42296551366878b9abef2",
     "04d5a323153b4f90fc4c178e8b6664fb9e48cdaac4bf104dee1b7e0cbad2c143",
     0.5753575482673503},
};

static void check_floats(const double *values, size_t count, const char *wanted) {
    Sha256 hash;
    char hex[SHA256_HEX];
    sha256_begin(&hash);
    for (size_t i = 0; i < count; i++) {
        float value = (float)values[i];
        uint32_t bits;
        memcpy(&bits, &value, sizeof bits);
        for (int byte = 0; byte < 4; byte++) sha256_add(&hash, &(unsigned char){(unsigned char)(bits >> 8 * byte)}, 1);
    }
    sha256_end(&hash, hex);
    ck_assert_str_eq(hex, wanted);
}

static void check_labels(const uint8_t *labels, size_t count, const char *wanted) {
    char hex[SHA256_HEX];
    sha256_hex(labels, count, hex);
    ck_assert_str_eq(hex, wanted);
}

static void make(const Mnist1dOptions *options, Arena *arena, Mnist1d *data) {
    Error error = {""};
    ck_assert_msg(mnist1d_make(options, arena, data, &error) == 0, "%s", error.text);
}

START_TEST(arrays_have_known_hashes) {
    const Expected *e = &expected[_i];
    Arena *arena = arena_create(0);
    Mnist1d data;
    make(&e->options, arena, &data);
    ck_assert_uint_eq(data.n_train, e->n_train);
    ck_assert_uint_eq(data.n_test, e->n_test);
    ck_assert(data.next_random == e->next_random);
    check_floats(data.x, data.n_train * data.length, e->x);
    check_floats(data.x_test, data.n_test * data.length, e->x_test);
    check_labels(data.y, data.n_train, e->y);
    check_labels(data.y_test, data.n_test, e->y_test);
    check_floats(data.t, data.length, e->t);
    arena_destroy(arena);
}
END_TEST

START_TEST(default_statistics) {
    static const int train[] = {398, 396, 411, 394, 394, 402, 401, 404, 402, 398};
    static const int test[] = {102, 104, 89, 106, 106, 98, 99, 96, 98, 102};
    int train_counts[10] = {0}, test_counts[10] = {0};
    Arena *arena = arena_create(0);
    Mnist1dOptions options = mnist1d_defaults();
    Mnist1d data;
    make(&options, arena, &data);
    ck_assert_double_le(fabs(data.mean + 0.0055075064312771795), 1e-17);
    ck_assert_double_le(fabs(data.sd - 0.15467803420593054), 3e-17);
    for (size_t i = 0; i < data.n_train; i++) train_counts[data.y[i]]++;
    for (size_t i = 0; i < data.n_test; i++) test_counts[data.y_test[i]]++;
    ck_assert_mem_eq(train_counts, train, sizeof train);
    ck_assert_mem_eq(test_counts, test, sizeof test);
    ck_assert_double_le(fabs(data.t[39] - 5.38753507), 1e-8);
    arena_destroy(arena);
}
END_TEST

/* as printed by the notebook that retrains lottery tickets */
START_TEST(lottery_seed_43) {
    static const double printed[] = {0.79027827, 0.81387517, 0.96495485, 0.72122595};
    Arena *arena = arena_create(0);
    Mnist1dOptions options = mnist1d_defaults();
    Mnist1d data;
    options.seed = 43;
    make(&options, arena, &data);
    for (int i = 0; i < 4; i++) ck_assert_double_le(fabs(data.x_test[i] - printed[i]), 5.1e-9);
    arena_destroy(arena);
}
END_TEST

START_TEST(shuffled_columns) {
    static const int source[] = {19, 22, 4,  32, 17, 18, 28, 31, 11, 24, 23, 7,  25, 35, 34, 6,  3,  13, 12, 26,
                                 1,  27, 20, 10, 36, 9,  37, 29, 8,  30, 5,  38, 16, 15, 33, 39, 14, 21, 0,  2};
    Arena *arena = arena_create(0);
    Mnist1dOptions options = mnist1d_defaults();
    Mnist1d plain, shuffled;
    make(&options, arena, &plain);
    options.shuffle_seq = 1;
    make(&options, arena, &shuffled);
    for (size_t i = 0; i < 5000; i++)
        for (size_t j = 0; j < 40; j++)
            ck_assert(fabs(shuffled.x[i * 40 + j] - plain.x[i * 40 + (size_t)source[j]]) < 2e-15);
    arena_destroy(arena);
}
END_TEST

/* np.random.seed(42); np.random.permutation(10) */
START_TEST(feature_orders) {
    static const size_t permutation[10] = {8, 1, 5, 0, 7, 2, 9, 4, 3, 6};
    Arena *arena = arena_create(0);
    const size_t *shuffled = mnist1d_feature_order(10, 1, 42, arena), *plain = mnist1d_feature_order(10, 0, 42, arena);
    for (size_t i = 0; i < 10; i++) ck_assert(shuffled[i] == permutation[i] && plain[i] == i);
    arena_destroy(arena);
}
END_TEST

START_TEST(templates) {
    double x[10][12], t[12];
    mnist1d_templates(x, t);
    ck_assert_double_le(fabs(t[0] + 5.0 / 6.0) + fabs(t[11] - 5.0 / 6.0), 1e-15);
    for (int c = 0; c < 10; c++) {
        double mean = 0.0, square = 0.0;
        for (int i = 0; i < 12; i++) mean += x[c][i] / 12.0;
        for (int i = 0; i < 12; i++) square += (x[c][i] - mean) * (x[c][i] - mean) / 12.0;
        ck_assert(x[c][0] == 0.0);
        ck_assert_double_le(fabs(sqrt(square) - 1.0 / 6.0), 1e-15);
    }
    ck_assert(x[0][4] > 0.0 && x[5][1] < 0.0); /* a zero bulges up first, a five down */
}
END_TEST

START_TEST(stages_end_in_the_first_example) {
    static const size_t lengths[] = {0, 72, 72, 72, 72, 72, 72, 40};
    Arena *arena = arena_create(0);
    Mnist1dOptions options = mnist1d_defaults();
    Mnist1dStage *stages;
    size_t n_stages;
    Error error = {""};
    Mnist1d data;
    make(&options, arena, &data);
    ck_assert_int_eq(mnist1d_stages(&options, 0, arena, &stages, &n_stages, &error), 0);
    ck_assert_uint_eq(n_stages, 8);
    for (size_t s = 1; s < 8; s++) ck_assert_uint_eq(stages[s].length, lengths[s]);
    ck_assert(stages[0].length >= 48 && stages[0].length <= 72 && stages[0].x[stages[0].length - 1] == 0.0);
    /* the first example drawn is of class 0 and now somewhere among the shuffled rows */
    int found = 0;
    for (size_t i = 0; i < 5000; i++) {
        double worst = 0.0;
        for (size_t j = 0; j < 40; j++)
            worst = fmax(worst, fabs(data.x[i * 40 + j] - (stages[7].x[j] - data.mean) / data.sd));
        if (worst == 0.0) found += data.y[i] == 0;
    }
    ck_assert_int_eq(found, 1);
    ck_assert_int_eq(mnist1d_stages(&options, 10, arena, &stages, &n_stages, &error), -1);
    arena_destroy(arena);
}
END_TEST

typedef struct Fault {
    const char *named;
    void (*plant)(Mnist1dOptions *options);
} Fault;

static void too_few(Mnist1dOptions *o) {
    o->num_samples = 9;
}
static void too_many(Mnist1dOptions *o) {
    o->num_samples = 100000001;
}
static void too_large(Mnist1dOptions *o) {
    o->num_samples = 100000000, o->final_seq_length = 100000;
}
static void enormous(Mnist1dOptions *o) {
    o->num_samples = (size_t)-1;
}
static void split_of_0(Mnist1dOptions *o) {
    o->train_split = 0.0;
}
static void split_of_1(Mnist1dOptions *o) {
    o->train_split = 1.0;
}
static void split_nan(Mnist1dOptions *o) {
    o->train_split = NAN;
}
static void no_training(Mnist1dOptions *o) {
    o->num_samples = 10, o->train_split = 0.05;
}
static void padding_reversed(Mnist1dOptions *o) {
    o->padding_low = 61;
}
static void padding_negative(Mnist1dOptions *o) {
    o->padding_low = -1;
}
static void no_translation(Mnist1dOptions *o) {
    o->max_translation = 0;
}
static void one_point(Mnist1dOptions *o) {
    o->final_seq_length = 1;
}
static void scale_infinite(Mnist1dOptions *o) {
    o->scale_coeff = INFINITY;
}
static void noise_infinite(Mnist1dOptions *o) {
    o->corr_noise_scale = -INFINITY;
}
static void short_template(Mnist1dOptions *o) {
    o->template_len = 1;
}
static void endless_template(Mnist1dOptions *o) {
    o->template_len = 2147483647;
}
static void templates_of_one_point(Mnist1dOptions *o) {
    o->templates = sawtooth[0], o->template_points = 1;
}
static const double not_finite[10][2] = {{0, 1}, {NAN, 0}};
static void templates_not_finite(Mnist1dOptions *o) {
    o->templates = not_finite[0], o->template_points = 2;
}
static const double huge[10][2] = {{0, 1e300}, {1e300, 0}};
static void templates_too_large(Mnist1dOptions *o) {
    o->templates = huge[0], o->template_points = 2;
}
static void nothing_varies(Mnist1dOptions *o) {
    static const double zeros[10][2];
    o->templates = zeros[0], o->template_points = 2;
    o->scale_coeff = o->corr_noise_scale = o->iid_noise_scale = o->shear_scale = 0;
    o->padding_low = o->padding_high = 0;
}

static const Fault faults[] = {
    {"num-samples", too_few},
    {"num-samples", too_many},
    {"memory", too_large},
    {"num-samples", enormous},
    {"train-split", split_of_0},
    {"train-split", split_of_1},
    {"train-split", split_nan},
    {"training", no_training},
    {"padding", padding_reversed},
    {"padding", padding_negative},
    {"max-translation", no_translation},
    {"final-seq-length", one_point},
    {"scale-coeff", scale_infinite},
    {"corr-noise-scale", noise_infinite},
    {"template-len", short_template},
    {"template-len", endless_template},
    {"templates", templates_of_one_point},
    {"templates", templates_not_finite},
    {"standard deviation", templates_too_large},
    {"standard deviation", nothing_varies},
};

START_TEST(unusable_options_are_refused) {
    Mnist1dOptions options = mnist1d_defaults();
    Arena *arena = arena_create(0);
    Mnist1d data;
    Error error = {""};
    ck_assert_ptr_null(mnist1d_check(&options));
    faults[_i].plant(&options);
    ck_assert_int_eq(mnist1d_make(&options, arena, &data, &error), -1);
    ck_assert_msg(strstr(error.text, faults[_i].named) != NULL, "no '%s' in: %s", faults[_i].named, error.text);
    arena_destroy(arena);
}
END_TEST

/* The signals are those of their seed, on the scale of the set beside which they are measured. */
START_TEST(fresh_signals_are_on_the_scale_of_the_set) {
    Mnist1dOptions options = mnist1d_defaults();
    Arena *arena = arena_create(0);
    Mnist1d set, alone;
    Mnist1dPart fresh;
    Error error = {""};
    options.num_samples = 1000;
    ck_assert_int_eq(mnist1d_make(&options, arena, &set, &error), 0);
    ck_assert_int_eq(fresh_test_make(2000, &options, &set, arena, &fresh, &error), 0);
    options.num_samples = 2000, options.seed = FRESH_TEST_SEED;
    ck_assert_int_eq(mnist1d_make(&options, arena, &alone, &error), 0);
    ck_assert_uint_eq(fresh.n, 2000);
    ck_assert_mem_eq(fresh.labels, alone.y, fresh.n);
    ck_assert(set.mean != alone.mean && set.sd != alone.sd);
    for (size_t i = 0; i < fresh.n * set.length; i++) {
        const double raw = alone.x[i] * alone.sd + alone.mean;
        ck_assert_double_eq_tol(fresh.rows[i] * set.sd + set.mean, raw, 1e-6);
    }
    arena_destroy(arena);
}
END_TEST

START_TEST(parts_are_the_set_rounded_and_fresh_signals) {
    Mnist1dOptions options = mnist1d_defaults();
    Arena *arena = arena_create(0);
    Mnist1d set;
    Mnist1dParts parts;
    Mnist1dPart fresh;
    Error error = {""};
    options.num_samples = 100;
    ck_assert_int_eq(mnist1d_make(&options, arena, &set, &error), 0);
    ck_assert_int_eq(fresh_test_make(20, &options, &set, arena, &fresh, &error), 0);
    ck_assert_int_eq(mnist1d_parts_make(&options, 20, arena, &parts, &error), 0);
    ck_assert(parts.length == 40 && parts.train.n == 80 && parts.test.n == 20 && parts.fresh.n == 20);
    ck_assert(parts.test.rows == parts.train.rows + 80 * 40 && parts.test.labels == parts.train.labels + 80);
    for (size_t i = 0; i < 100 * 40; i++) ck_assert(parts.train.rows[i] == (float)set.x[i]);
    ck_assert_mem_eq(parts.train.labels, set.y, 100);
    ck_assert_mem_eq(parts.fresh.rows, fresh.rows, 20 * 40 * sizeof *fresh.rows);
    ck_assert_mem_eq(parts.fresh.labels, fresh.labels, 20);
    ck_assert_uint_eq(mt19937_next(&parts.stream), mt19937_next(&set.stream));
    ck_assert_int_eq(mnist1d_parts_make(&options, 25, arena, &parts, &error), -1);
    options.num_samples = 9;
    ck_assert_int_eq(mnist1d_parts_make(&options, 0, arena, &parts, &error), -1);
    ck_assert_ptr_nonnull(strstr(error.text, "num-samples"));
    arena_destroy(arena);
}
END_TEST

START_TEST(fresh_signals_that_cannot_be_had) {
    Mnist1dOptions options = mnist1d_defaults();
    Arena *arena = arena_create(0);
    Mnist1d set;
    Mnist1dPart fresh;
    Error error = {""};
    options.num_samples = 100;
    ck_assert_int_eq(mnist1d_make(&options, arena, &set, &error), 0);
    ck_assert_int_eq(fresh_test_make(0, &options, &set, arena, &fresh, &error), 0);
    ck_assert_uint_eq(fresh.n, 0);
    ck_assert_int_eq(fresh_test_make(25, &options, &set, arena, &fresh, &error), -1);
    ck_assert_ptr_nonnull(strstr(error.text, "multiple of 10"));
    options.shuffle_seq = 1;
    ck_assert_int_eq(fresh_test_make(20, &options, &set, arena, &fresh, &error), -1);
    ck_assert_ptr_nonnull(strstr(error.text, "shuffle-seq"));
    arena_destroy(arena);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("mnist1d");
    TCase *tcase = tcase_create("mnist1d");
    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, make_templates, NULL);
    tcase_add_loop_test(tcase, arrays_have_known_hashes, 0, sizeof expected / sizeof *expected);
    tcase_add_test(tcase, default_statistics);
    tcase_add_test(tcase, lottery_seed_43);
    tcase_add_test(tcase, shuffled_columns);
    tcase_add_test(tcase, feature_orders);
    tcase_add_test(tcase, templates);
    tcase_add_test(tcase, stages_end_in_the_first_example);
    tcase_add_loop_test(tcase, unusable_options_are_refused, 0, sizeof faults / sizeof *faults);
    tcase_add_test(tcase, fresh_signals_are_on_the_scale_of_the_set);
    tcase_add_test(tcase, parts_are_the_set_rounded_and_fresh_signals);
    tcase_add_test(tcase, fresh_signals_that_cannot_be_had);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
