/* Claims from tables: what a row stands for, and that a fault in a table is an error at its place, never a claim. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/csv.h"
#include "base/file.h"
#include "fake_results.h"
#include "files.h"
#include "suite.h"

static FakeResults fake;

#define CLAIMS "id,item,kind,a,b,published,margin,why,text,note\n"
#define PUBLISHED "id,series,metric,x,value,uncertainty,unit,n,kind,source\n"
#define LEVEL "level,plain,level,,1.1,0.2,,3,table,Table 1\n"
#define CURVE                                                                                                          \
    "curve-0,plain,ramp,0,0.0,0.5,,,plot,Fig. 1\ncurve-2,plain,ramp,2,2.25,0.5,,,plot,Fig. 1\n"                        \
    "curve-10,plain,ramp,10,9.0,,,,plot,Fig. 1\ncurve-last,plain,ramp,9,9.0,0.25,,,plot,Fig. 1\n"
#define P1 "[model=plain width=1]"

static void tables(const char *claims, const char *published) {
    fake_file(&fake, "here/claims/fake.csv", arena_format(fake.arena, "%s%s", CLAIMS, claims));
    fake_file(&fake, "here/published/fake.csv", arena_format(fake.arena, "%s%s", PUBLISHED, published));
}

static void setup(void) {
    fake_results_begin(&fake);
    tables("", LEVEL CURVE);
}
static void teardown(void) {
    fake_results_end(&fake);
}

/* ---- what a row stands for ---- */

START_TEST(a_row_is_a_claim_with_its_numbers_filled_in) {
    ClaimList list;
    Error error = {""};
    tables("one,Fig. 1a; Table 1,value,level" P1 ",,level,,,\"It is {} +- {uncertainty}, or {.2}, or {.0}\",a note\n"
           "two,Table 1,above,level" P1 ",noisy" P1 ",,2.5,because,Above.,\n"
           "three,Table 1,report,,,level,,,\"Shown, {}.\",\n",
           LEVEL);
    ck_assert_msg(fake_claims(&fake, &list, &error) == 0, "%s", error.text);
    ck_assert_uint_eq(list.n, 3);
    ck_assert_uint_eq(list.n_rows, 3);
    const Claim *claim = list.claims;
    ck_assert_str_eq(claim->id, "one");
    ck_assert_str_eq(claim->item, "Fig. 1a; Table 1");
    ck_assert_str_eq(claim->text, "It is 1.1 +- 0.2, or 1.10, or 1");
    ck_assert_str_eq(claim->note, "a note");
    ck_assert_int_eq(claim->kind, CLAIM_VALUE);
    ck_assert_double_eq(claim->published->value, 1.1);
    ck_assert_double_eq(claim->margin, 0);
    ck_assert_ptr_eq(claim->row->experiment, fake_experiment(&fake, "here/fake"));
    ck_assert_uint_eq(claim->row->line, 2);
    ck_assert_ptr_nonnull(claim->a);
    ck_assert_ptr_null(claim->b);
    ck_assert_double_eq(claim[1].margin, 2.5);
    ck_assert_str_eq(claim[1].row->why, "because");
    ck_assert_str_eq(quantity_text(claim[1].b), "noisy" P1);
    ck_assert_ptr_null(claim[1].published);
    ck_assert_ptr_null(claim[1].note);
    ck_assert_ptr_null(claim[2].a);
}
END_TEST

START_TEST(a_curve_is_a_claim_for_each_row_of_its_prefix) {
    ClaimList list;
    Error error = {""};
    tables("whole,Fig. 1,one-run,ramp" P1 "@{x} + 0 * {x},,curve-*[0..10],1,why,At {x} it is {}.,\n"
           "part,Fig. 1,value,ramp" P1 "@{x},,curve-*[0..9],,,At {x} it is {} +- {uncertainty}.,\n"
           "narrow,Fig. 1,value,ramp" P1 "@{x},,curve-*[2..2.5],,,At {x}.,\n"
           "named,Fig. 1,value,bump" P1 "@9,,curve-la*,,,At {x}.,\n",
           LEVEL CURVE);
    ck_assert_msg(fake_claims(&fake, &list, &error) == 0, "%s", error.text);
    ck_assert_uint_eq(list.n_rows, 4);
    ck_assert_uint_eq(list.n, 3 + 2 + 1 + 1);
    static const char *const ids[] = {"whole-0", "whole-2", "whole-10", "part-0", "part-2", "narrow-2", "named-st"};
    for (size_t i = 0; i < list.n; i++) ck_assert_str_eq(list.claims[i].id, ids[i]); /* in the order of the file */
    ck_assert_str_eq(list.claims[1].text, "At 2 it is 2.25.");
    ck_assert_str_eq(list.rows[0].text, "At 0, 2 and 10 it is 0..9.");
    ck_assert_str_eq(list.rows[1].text, "At 0 and 2 it is 0..2.25 +- 0.5.");
    ck_assert_str_eq(list.rows[2].text, "At 2.");
    ck_assert_str_eq(quantity_text(list.claims[2].a), "ramp" P1 "@10 + 0 * 10");
    ck_assert_uint_eq(list.rows[1].first, 3);
    ck_assert_uint_eq(list.rows[1].n, 2);
    ck_assert_int_eq(list.rows[1].curve, 1);
    ck_assert_ptr_eq(list.claims[4].row, &list.rows[1]);
}
END_TEST

START_TEST(other_files_of_the_paper_can_be_named) {
    ClaimList list;
    Error error = {""};
    tables("one,Fig. 1,value,level" P1 ",,extra/level,,,Here.,\ntwo,Fig. 1,value,ramp" P1 "@{x},,extra/c-*,,,There.,\n",
           LEVEL);
    fake_file(&fake, "here/published/extra.csv", PUBLISHED "level,,,,7.5,0.2,,3,table,T\nc-1,,,,1.0,0.5,,,plot,F\n");
    ck_assert_msg(fake_claims(&fake, &list, &error) == 0, "%s", error.text);
    ck_assert_double_eq(list.claims[0].published->value, 7.5);
    ck_assert_str_eq(list.claims[1].id, "two-1");
}
END_TEST

START_TEST(an_item_selects_claims) {
    ClaimList list;
    Selection selection;
    Error error = {""};
    tables("one,Fig. 1a; Section 4,value,level" P1 ",,level,,,One.,\ntwo,Table 1,value,level" P1 ",,level,,,Two.,\n"
           "three,Fig. 10,value,level" P1 ",,level,,,Three.,\n",
           LEVEL);
    ck_assert_int_eq(selection_make(&fake.catalogue, "here", NULL, "Fig. 1", fake.arena, &selection, &error), 0);
    ck_assert_msg(claims_read(&fake.catalogue, fake.references, &selection, 0, fake.arena, &list, &error) == 0, "%s",
                  error.text);
    ck_assert_uint_eq(list.n, 1);
    ck_assert_str_eq(list.claims[0].id, "one");
}
END_TEST

START_TEST(claims_are_found_by_id) {
    ClaimList list;
    Error error = {""};
    size_t i;
    tables("one,Fig. 1,value,level" P1 ",,level,,,One.,\ncurve,Fig. 1,value,ramp" P1 "@{x},,curve-*[0..9],,,At {x}.,\n",
           LEVEL CURVE);
    ck_assert_int_eq(fake_claims(&fake, &list, &error), 0);
    ck_assert_int_eq(claims_find(&list, "curve-2", &i, &error), 0);
    ck_assert_uint_eq(i, 2);
    ck_assert_int_eq(claims_find(&list, "curve", &i, &error), -1);
    ck_assert_ptr_nonnull(strstr(error.text, "a curve of 2 claims, curve-0 to curve-2"));
    ck_assert_int_eq(claims_find(&list, "curve-3", &i, &error), -1);
    ck_assert_ptr_nonnull(strstr(error.text, "nearest: curve-0"));
    ck_assert_int_eq(claims_find(&list, "\x1b[31m", &i, &error), -1);
    ck_assert_ptr_null(strchr(error.text, '\x1b'));
}
END_TEST

/* ---- faults ---- */

#define GOOD "good,Table 1,value,level" P1 ",,level,,,Good.,\n"

static const struct {
    const char *claims, *says; /* the place, and the reason */
} bad_claims[] = {
    {"Good,Table 1,value,level" P1 ",,level,,,Good.,\n", "claims/fake.csv, line 2, column id: \"Good\" is not an id"},
    {GOOD GOOD, "line 3, column id: claim good is made already in"},
    {GOOD "good,Table 1,value,ramp" P1 "@{x},,curve-*[0..9],,,At {x}.,\n",
     "line 3, column id: claim good is made already"},
    {"good-2,Table 1,value,level" P1 ",,level,,,Good.,\ngood,Table 1,value,ramp" P1 "@{x},,curve-*[0..9],,,At.,\n",
     "line 3, column id: claim good-2 is made already in"},
    {GOOD "x,,value,level" P1 ",,level,,,Good.,\n", "line 3, column item: a claim names its item"},
    {"x,Table 1,value,level" P1 ",,level,,,,\n", "column text: a claim is said in one sentence"},
    {"x,Table 1,valu,level" P1 ",,level,,,Good.,\n", "column kind: unknown kind \"valu\"; one of value, above"},
    {"x,Table 1,value,,,level,,,Good.,\n", "column a: kind value judges a quantity"},
    {"x,Table 1,report,level" P1 ",,level,,,Good.,\n", "column a: kind report judges nothing"},
    {"x,Table 1,report,,,,,,Good.,\n", "column published: kind report needs a published number"},
    {"x,Table 1,report,,,level,2,,Good.,\n", "column margin: \"2\" is not a margin, a number above 0, and kind report"},
    {"x,Table 1,value,level" P1 ",level" P1 ",,,,Good.,\n", "column b: kind value is judged by a published number"},
    {"x,Table 1,equal,level" P1 ",,level,1,,Good.,\n", "column published: kind equal is judged by b"},
    {"x,Table 1,equal,level" P1 ",,,1,,Good.,\n", "column b: kind equal needs a quantity b"},
    {"x,Table 1,equal,level" P1 ",level" P1 ",,,,Good.,\n", "column margin: kind equal needs a margin"},
    {"x,Table 1,above,level" P1 ",level" P1 ",level,,,Good.,\n", "column published: judged by b or by a published"},
    {"x,Table 1,above,level" P1 ",,,,,Good.,\n",
     "column published: kind above needs a published number, or a quantity b"},
    {"x,Table 1,one-run,level" P1 ",,level,,,Good.,\n", "column margin: kind one-run needs a margin"},
    {"x,Table 1,value,level" P1 ",,level,0,,Good.,\n", "column margin: \"0\" is not a margin, a number above 0; empty"},
    {"x,Table 1,value,level" P1 ",,level,-1,,Good.,\n", "column margin"},
    {"x,Table 1,value,level" P1 ",,level,nan,,Good.,\n", "column margin"},
    {"x,Table 1,value,level" P1 ",,level,2 %,,Good.,\n", "column margin"},
    {"x,Table 1,value,level" P1 ",,levle,,,Good.,\n", "column published: no row of "},
    {"x,Table 1,value,level" P1 ",,levle,,,Good.,\n", "has the id \"levle\"; nearest: level"},
    {"x,Table 1,value,level" P1 ",,nothing/level,,,Good.,\n", "published/nothing.csv: no such file"},
    {"x,Table 1,value,level" P1 ",,../published/fake/level,,,Good.,\n", "is not FILE/id"},
    {"x,Table 1,value,level" P1 ",,/level,,,Good.,\n", "is not FILE/id"},
    {"x,Table 1,value,ramp" P1 "@{x},,corve-*,,,Good.,\n", "begins with \"corve-\""},
    {"x,Table 1,value,ramp" P1 "@{x},,curve-*[20..30],,,Good.,\n",
     "begins with \"curve-\" and has its rest in the range"},
    {"x,Table 1,value,ramp" P1 "@{x},,curve-*[3],,,Good.,\n", "is neither an id, PREFIX* nor PREFIX*[3..48]"},
    {"x,Table 1,value,ramp" P1 "@{x},,curve-*[9..3],,,Good.,\n", "is neither an id"},
    {"x,Table 1,value,ramp" P1 "@{x},,curve-*x,,,Good.,\n", "is neither an id"},
    {"x,Table 1,value,ramp" P1 "@{x},,curve-**,,,Good.,\n", "is neither an id"},
    {"x,Table 1,value,ramp" P1 "@{x},,curve-0*,,,Good.,\n", "\"curve-0\" ends in no name for a point"},
    {"x,Table 1,value,ramp" P1 "@{x},,curve-*[0..10],,,Good.,\n", "column margin: x-10 has no published uncertainty"},
    {"x,Table 1,value,ramp" P1 "@{x},,curve-*,1,,Good.,\n", "column a, x = last, position 27 of"},
    {"x,Table 1,value,ramp" P1 "@{y},,curve-*[0..9],,,Good.,\n", "column a: unknown placeholder {y}; there is {x}"},
    {"x,Table 1,value,ramp" P1 "@{},,curve-*[0..9],,,Good.,\n", "column a: unknown placeholder {}"},
    {"x,Table 1,value,level" P1 "@{x},,level,,,Good.,\n", "column a: {x} has a meaning only with a published PREFIX*"},
    {"x,Table 1,value,level" P1 ",,level,,,Good {x}.,\n", "column text: {x} has a meaning only"},
    {"x,Table 1,value,level" P1 ",,level,,,Good {.12}.,\n",
     "unknown placeholder {.12}; there are {}, {.1}, {uncertainty} and {x}"},
    {"x,Table 1,value,level" P1 ",,level,,,Good {value}.,\n", "unknown placeholder {value}"},
    {"x,Table 1,value,level" P1 ",,level,,,Good {.\n,\n", "fields"},
    {"x,Table 1,value,level" P1 ",,level,,,Good {.,\n", "column text: a { or } without"},
    {"x,Table 1,value,level" P1 ",,level,,,Good }.,\n", "column text: a { or } without"},
    {"x,Table 1,above,level" P1 ",level" P1 ",,,,Good {}.,\n", "{} has a meaning only with a published number"},
    {"x,Table 1,value,ramp" P1 "@{x},,curve-*[10..10],1,,At {uncertainty}.,\n",
     "column text: curve-10 has no uncertainty"},
    {"x,Table 1,value,levle[model=plane],,level,,,Good.,\n",
     "line 2, column a, position 13 of \"levle[model=plane]\", model: unknown value"},
    {"x,Table 1,above,level" P1 ",level[wit=2],,,,Good.,\n",
     "column b, position 7 of \"level[wit=2]\": method fake has no parameter \"wit\"; nearest: width"},
    {"x,Table 1,value,level" P1 ",,level,,,Good.,\x1b[31mred\n", "column note: a control character, byte 0x1b"},
    {"x,Table 1,value,level" P1 ",,level,,,\"Two\nlines.\",\n", "line 2, column text: a control character, byte 0x0a"},
    {"x,Table 1,value,level" P1 ",,level,,,Good.\n", "line 2: 9 fields, but the header has 10"},
    {"x,Table 1,value,level" P1 ",,level,,,Good.,", "cut off"},
};

START_TEST(bad_claims_are_errors_at_a_place) {
    ClaimList list;
    Error error = {""};
    tables(bad_claims[_i].claims, LEVEL CURVE);
    ck_assert_msg(fake_claims(&fake, &list, &error) == -1, "accepted: %s", bad_claims[_i].claims);
    ck_assert_msg(strstr(error.text, bad_claims[_i].says) != NULL, "%s", error.text);
    ck_assert(!strpbrk(error.text, "\x1b\n"));
}
END_TEST

static const struct {
    const char *published, *says;
} bad_published[] = {
    {CURVE, "has the id \"level\""},
    {LEVEL CURVE LEVEL, "published/fake.csv, line 7, column id: level stands in line 2 already"},
    {"level,,,,1,0.2,,3,table,T\n", "line 2, column value: \"1\" is not a real number, like 68.0"},
    {"level,,,,1.1,1,,3,table,T\n", "column uncertainty: \"1\" is not a real number"},
    {"level,,,,nan,0.2,,3,table,T\n", "column value"},
    {"level,,,,1e999,0.2,,3,table,T\n", "column value"},
    {"level,,,,1.1x,0.2,,3,table,T\n", "column value"},
    {"level,,,,,0.2,,3,table,T\n", "column value"},
    {"level,,,,1.1,-0.2,,3,table,T\n", "column uncertainty: an uncertainty is not negative"},
    {"level,,,,1.1,0.2,,3.0,table,T\n", "column n: \"3.0\" is not a number of runs"},
    {"level,,,,1.1,0.2,,0,table,T\n", "column n"},
    {"level,,,x,1.1,0.2,,3,table,T\n", "column x: \"x\" is not a number"},
    {"level,,,,1.1,0.2,,3,guess,T\n", "column kind: unknown kind \"guess\"; one of text, table"},
    {"level,,,,1.1,0.2,,3,table,\n", "column source: level has no source"},
    {",,,,1.1,0.2,,3,table,T\n", "column id: a published number needs an id"},
    {"level,,,,1.1,,,3,table,T\n", "has no published uncertainty: give a margin"},
    {"level,,,,1.1,0.2,,3,table\n", "9 fields"},
    {"level,,,,1.1,0.2,,3,table,\x1b]0;T\x07\n", "column source: a control character, byte 0x1b"},
};

START_TEST(bad_published_numbers_are_errors_at_a_place) {
    ClaimList list;
    Error error = {""};
    tables(GOOD, bad_published[_i].published);
    ck_assert_msg(fake_claims(&fake, &list, &error) == -1, "accepted: %s", bad_published[_i].published);
    ck_assert_msg(strstr(error.text, bad_published[_i].says) != NULL, "%s", error.text);
}
END_TEST

START_TEST(files_that_are_not_there_or_not_the_right_ones) {
    ClaimList list;
    Error error = {""};
    tables(GOOD, LEVEL);
    fake_bytes(&fake, "here/published/fake.csv", PUBLISHED, strlen(PUBLISHED)); /* its checksum stays */
    ck_assert_int_eq(fake_claims(&fake, &list, &error), -1);
    ck_assert_ptr_nonnull(strstr(error.text, "fake.csv: altered, SHA256SUMS has another hash"));
    fake_bytes(&fake, "here/published/fake.csv", PUBLISHED LEVEL, strlen(PUBLISHED LEVEL));
    ck_assert_int_eq(fake_claims(&fake, &list, &error), 0);
    fake_bytes(&fake, "here/published/SHA256SUMS", "", 0);
    ck_assert_int_eq(fake_claims(&fake, &list, &error), -1);
    ck_assert_ptr_nonnull(strstr(error.text, "no line for fake.csv"));
    ck_assert_int_eq(claims_read(&fake.catalogue, fake.references, &fake.all, 1, fake.arena, &list, &error), 0);
    fake_bytes(&fake, "here/published/SHA256SUMS", "x\n", 2);
    ck_assert_int_eq(fake_claims(&fake, &list, &error), -1);
    tables(GOOD, LEVEL); /* renews it */
    fake_file(&fake, "here/published/fake.csv", NULL);
    ck_assert_int_eq(fake_claims(&fake, &list, &error), -1);
    ck_assert_ptr_nonnull(strstr(error.text, "no such file"));
    tables(GOOD, LEVEL);
    fake_file(&fake, "here/claims/otter.csv", CLAIMS);
    ck_assert_int_eq(fake_claims(&fake, &list, &error), -1);
    ck_assert_ptr_nonnull(
        strstr(error.text, "claims/otter.csv: paper here has no experiment of that name, nearest: other"));
    fake_file(&fake, "here/claims/otter.csv", NULL);
    fake_file(&fake, "here/claims/other.csv", "id,item,kind,a,b,published,margin,why,note,text\n");
    ck_assert_int_eq(fake_claims(&fake, &list, &error), -1);
    ck_assert_ptr_nonnull(strstr(error.text, "the columns must be id,item,kind,a,b,published,margin,why,text,note"));
}
END_TEST

START_TEST(checksums_are_renewed) {
    ClaimList list;
    Error error = {""};
    tables(GOOD, LEVEL);
    fake_bytes(&fake, "here/published/SHA256SUMS", "", 0);
    fake_bytes(&fake, "here/published/note.txt", "", 0);
    ck_assert_int_eq(fake_claims(&fake, &list, &error), -1);
    ck_assert_msg(published_record(fake.references, &fake.catalogue.papers[0], &error) == 0, "%s", error.text);
    ck_assert_int_eq(fake_claims(&fake, &list, &error), 0);
    char *sums = slurp(arena_format(fake.arena, "%s/here/published/SHA256SUMS", fake.references));
    ck_assert_ptr_nonnull(strstr(sums, "  fake.csv\n"));
    ck_assert_ptr_null(strstr(sums, "note"));
    free(sums);
    ck_assert_int_eq(published_record("/nowhere", &fake.catalogue.papers[0], &error), -1);
}
END_TEST

START_TEST(ids_are_unique_over_papers) {
    ClaimList list;
    Error error = {""};
    tables(GOOD, LEVEL);
    fake_file(&fake, "there/claims/fake.csv", CLAIMS "good,Table 1,value,level,,level,,,Good.,\n");
    fake_file(&fake, "there/published/fake.csv", PUBLISHED LEVEL);
    ck_assert_int_eq(fake_claims(&fake, &list, &error), -1);
    ck_assert_msg(strstr(error.text, "there/claims/fake.csv, line 2, column id: claim good is made already in") != NULL,
                  "%s", error.text);
    fake_file(&fake, "there/claims/fake.csv", CLAIMS "good-there,Table 1,value,level,,level,,,Good.,\n");
    ck_assert_int_eq(fake_claims(&fake, &list, &error), 0);
    ck_assert_uint_eq(list.n, 2);
}
END_TEST

/* Of a changed table either an error comes, or claims that are well-formed. */
START_TEST(mutants_do_no_harm) {
    static const char claims[] =
        CLAIMS GOOD "whole,Fig. 1,one-run,ramp" P1 "@{x},,curve-*[0..10],1,why,At {x} it is {}.,note\n"
                    "pair,Table 1,above,mean(ramp" P1 "@2..5),\"min(level[model=plain width=1,2])\",,,,Above.,\n";
    static const char published[] = PUBLISHED LEVEL CURVE;
    unsigned long long state = 3;
    size_t accepted = 0, refused = 0;
    for (int round = 0; round < 2000; round++) {
        const char *original = round % 2 ? claims : published;
        const size_t size = strlen(original);
        char text[1200];
        memcpy(text, original, size);
        size_t length = size;
        for (int edit = 0; edit <= round % 5; edit++) {
            state = state * 6364136223846793005u + 1442695040888963407u;
            const size_t at = (size_t)(state >> 33) % length;
            static const char likely[] = ",\"\n{}*[]@.-0a=";
            const unsigned how = (unsigned)(state >> 20) % 4;
            if (how == 0)
                length = at + 1; /* cut off */
            else if (how == 1)
                memmove(text + at, text + at + 1, length - at - 1), length -= length > 1;
            else
                text[at] = how == 2 ? (char)(state >> 8) : likely[(state >> 8) % (sizeof likely - 1)];
        }
        fake_bytes(&fake, "here/claims/fake.csv", round % 2 ? text : claims, round % 2 ? length : strlen(claims));
        fake_bytes(&fake, "here/published/fake.csv", round % 2 ? published : text,
                   round % 2 ? strlen(published) : length);
        ClaimList list;
        Error error = {""};
        Arena *arena = arena_create(0);
        const int same = length == size && memcmp(text, original, size) == 0;
        const int checked = claims_read(&fake.catalogue, fake.references, &fake.all, 0, arena, &list, &error);
        ck_assert_msg(round % 2 || same || checked == -1, "a changed published file passed its checksum");
        const int status = claims_read(&fake.catalogue, fake.references, &fake.all, 1, arena, &list, &error);
        for (size_t i = 0; i < list.n && status == 0; i++) {
            const Claim *claim = &list.claims[i];
            ck_assert(claim->id[0] >= 'a' && claim->id[0] <= 'z' && claim->item[0] && claim->text[0]);
            ck_assert(claim->kind == CLAIM_REPORT || claim->a);
            ck_assert((claim->published != NULL) != (claim->b != NULL));
            ck_assert(claim->margin > 0 || claim->kind == CLAIM_ABOVE || claim->kind == CLAIM_REPORT ||
                      claim->published->uncertainty >= 0);
            ck_assert(!claim->published || isfinite(claim->published->value));
            for (const char *c = claim->text; *c; c++) ck_assert((unsigned char)*c >= 32);
        }
        ck_assert(status == 0 || error.text[0]);
        accepted += status == 0;
        refused += status != 0;
        arena_destroy(arena);
    }
    ck_assert_uint_gt(accepted, 30);
    ck_assert_uint_gt(refused, 500);
}
END_TEST

/* ---- many ---- */

/* n claims, half of them points of curves; the seconds of processor time that reading takes, at best of three. */
static double read_planted(size_t n, size_t *bytes) {
    Text claims = text_create(NULL), published = text_create(NULL);
    text_add(&claims, CLAIMS);
    text_add(&published, PUBLISHED);
    for (size_t i = 0; i < n / 2; i++) {
        if (i % 100 == 0)
            text_format(&claims,
                        "curve-%zu,Fig. 1,value,ramp" P1 "@{x},,c-%zu-*,,,At epoch {x} it is {} +- {uncertainty}.,\n",
                        i, i / 100);
        text_format(&published,
                    "c-%zu-%zu,a series,ramp,%zu,%zu.5,0.25,units,3,printed,printed by a notebook in cell %zu\n",
                    i / 100, i % 100, i % 100, i % 100, i);
    }
    for (size_t i = n / 2; i < n; i++) {
        text_format(&claims,
                    "one-%zu,Fig. 1,value,bump[model=plain width=2]@4,,one-%zu,1,why,It is {} of a hundred.,a note\n",
                    i, i);
        text_format(&published, "one-%zu,a series,ramp,,%zu.5,0.25,units,3,printed,printed by a notebook in cell %zu\n",
                    i, i, i);
    }
    fake_file(&fake, "here/claims/fake.csv", claims.data);
    fake_file(&fake, "here/published/fake.csv", published.data);
    double best = HUGE_VAL;
    for (int again = 0; again < 3; again++) {
        ClaimList list;
        Error error = {""};
        Arena *arena = arena_create(0);
        const clock_t start = clock();
        ck_assert_msg(claims_read(&fake.catalogue, fake.references, &fake.all, 0, arena, &list, &error) == 0, "%s",
                      error.text);
        best = fmin(best, (double)(clock() - start) / CLOCKS_PER_SEC);
        ck_assert_uint_eq(list.n, n);
        *bytes = arena_peak(arena);
        arena_destroy(arena);
    }
    text_destroy(&claims);
    text_destroy(&published);
    return best;
}

START_TEST(fifty_thousand_claims_take_time_and_memory_in_proportion) {
    size_t few_bytes, bytes;
    const double few = read_planted(10000, &few_bytes), seconds = read_planted(50000, &bytes);
    ck_assert_msg(seconds < 12 * few, "10000 claims take %.3f s, 50000 %.3f s", few, seconds); /* quadratic: 25 times */
    ck_assert_msg(bytes < 7 * few_bytes && bytes < 80000000, "10000 claims take %zu bytes, 50000 %zu", few_bytes,
                  bytes);
}
END_TEST

#define LOOP(test, table) tcase_add_loop_test(t, test, 0, (int)(sizeof(table) / sizeof *(table)))

int main(void) {
    Suite *s = suite_create("claims");
    TCase *t = tcase_create("tables"), *files = tcase_create("files");
    tcase_add_unchecked_fixture(t, setup, teardown); /* each writes its tables over those of another */
    tcase_add_checked_fixture(files, setup, teardown);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, a_row_is_a_claim_with_its_numbers_filled_in);
    tcase_add_test(t, a_curve_is_a_claim_for_each_row_of_its_prefix);
    tcase_add_test(t, an_item_selects_claims);
    tcase_add_test(t, claims_are_found_by_id);
    LOOP(bad_claims_are_errors_at_a_place, bad_claims);
    LOOP(bad_published_numbers_are_errors_at_a_place, bad_published);
    tcase_add_test(t, mutants_do_no_harm);
    tcase_add_test(t, fifty_thousand_claims_take_time_and_memory_in_proportion);
    tcase_add_test(files, other_files_of_the_paper_can_be_named);
    tcase_add_test(files, files_that_are_not_there_or_not_the_right_ones);
    tcase_add_test(files, checksums_are_renewed);
    tcase_add_test(files, ids_are_unique_over_papers);
    suite_add_tcase(s, files);
    suite_add_tcase(s, t);
    return run_suite(s);
}
