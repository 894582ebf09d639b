/* Print the header that names the sources a result depends on, or the files that a method's hash covers.
 *
 *     source_hash COMMON... -- METHOD...
 *         SOURCE_HASH_COMMON over the files before --, and a row of SOURCE_HASH_METHODS for each file behind it.
 *     source_hash --files METHOD
 *         The files of that row, a line each.
 *
 * Run from the project's folder.  A method's hash covers its include closure: the file itself, every file that an
 * #include "..." in the closure names, and for a header NAME.h the NAME.c beside it; src/base/real.h and
 * src/base/number.c, what a number is and how it is written, always.  The closure stays within the rooms that compute
 * (ROOMS) and reproduce/ without registry.h; what lies in LEFT_OUT reads, stores and prints, and changes no number of
 * a cell.  An include of a file that is in neither, or does not exist, is an error; so is a common NAME.c without its
 * header, which no include could bring in.
 *
 * Of each file the meaning is hashed, not the text: comments are left out, and white space too, but for one space where
 * two tokens would otherwise become one and the one that tells #define F (x) from #define F(x), and line ends but for
 * those of directives; continued lines are joined; nothing is left of an include guard and of #include "..." lines.
 * String literals and character constants are kept as they are.  The hashes of the files are sorted.  So neither a
 * comment, nor other formatting, nor another name for a file changes a hash; every other change does, in whatever #if
 * it stands.  (The code must not make strings of white space by #, nor use __LINE__ or __FILE__ in results.) */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sha256.h"

static const char *const ROOMS[] = {"src/exact/", "src/random/", "src/kernels/",  "src/grad/",
                                    "src/nn/",    "src/data/",   "src/analysis/", "reproduce/", NULL};
static const char *const LEFT_OUT[] = {"src/base/", "src/study/", "src/command/", NULL};
static const char *const ALWAYS[] = {"src/base/real.h", "src/base/number.c", NULL};
static const char REGISTRY[] = "reproduce/registry.h";

static void fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs("source_hash: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(EXIT_FAILURE);
}

/* ---- memory that grows ---- */

static void *grown(void *memory, size_t count, size_t size, size_t *capacity) {
    if (count < *capacity) return memory;
    *capacity = 2 * *capacity + 64;
    memory = realloc(memory, *capacity * size);
    if (!memory) fail("out of memory");
    return memory;
}

typedef struct Text {
    char *data;
    size_t size, capacity;
} Text;

static void append(Text *text, const char *from, size_t size) {
    for (size_t i = 0; i < size; i++) {
        text->data = grown(text->data, text->size, 1, &text->capacity);
        text->data[text->size++] = from[i];
    }
}

/* ---- files ---- */

typedef struct File {
    char *path, hex[SHA256_HEX];
    size_t *includes, n_includes, capacity; /* indices of files */
    int reached;                            /* in the closure that is being made */
} File;

static File *files;
static size_t n_files, files_capacity;

static int begins_with_one_of(const char *path, const char *const *folders) {
    for (; *folders; folders++)
        if (!strncmp(path, *folders, strlen(*folders))) return 1;
    return 0;
}

static int exists(const char *path) {
    FILE *file = fopen(path, "rb");
    if (file) fclose(file);
    return file != NULL;
}

/* The file's text with continued lines joined, and the number of the line that each character is on.  "\r\n" is a line
 * end. */
static Text read_joined(const char *path, unsigned **lines) {
    FILE *file = fopen(path, "rb");
    if (!file) fail("%s: cannot be opened", path);
    Text raw = {0}, text = {0};
    for (int c; (c = getc(file)) != EOF;) append(&raw, &(char){(char)c}, 1);
    if (ferror(file)) fail("%s: cannot be read", path);
    fclose(file);
    append(&raw, "\n", 2);
    if (strlen(raw.data) + 1 != raw.size) fail("%s: has a NUL character", path);
    *lines = malloc(raw.size * sizeof **lines);
    if (!*lines) fail("out of memory");
    unsigned line = 1;
    for (const char *c = raw.data; *c; c++) {
        if (c[0] == '\r' && c[1] == '\n') continue;
        if (c[0] == '\\' && (c[1] == '\n' || (c[1] == '\r' && c[2] == '\n'))) {
            c += c[1] == '\r' ? 2 : 1;
            line++;
            continue;
        }
        (*lines)[text.size] = line;
        line += *c == '\n';
        append(&text, c, 1);
    }
    append(&text, "", 1);
    free(raw.data);
    return text;
}

/* ---- tokens ---- */

typedef enum Kind { IDENTIFIER, NUMBER, LITERAL, PUNCTUATOR } Kind;
typedef struct Token {
    Kind kind;
    const char *start;
    size_t size;
} Token;

static int is_digit(char c) {
    return c >= '0' && c <= '9';
}

static int is_word(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
}

/* How many characters the longest operator or comment mark at c has; any other character is one by itself. */
static size_t punctuator_size(const char *c) {
    static const char *const operators[] = {
        "%:%:", "...", "<<=", ">>=", "->", "++", "--", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||", "*=",
        "/=",   "%=",  "+=",  "-=",  "&=", "^=", "|=", "##", "<:", ":>", "<%", "%>", "%:", "//", "/*", NULL};
    for (size_t i = 0; operators[i]; i++)
        if (!strncmp(c, operators[i], strlen(operators[i]))) return strlen(operators[i]);
    return 1;
}

static size_t literal_size(const char *c) {
    size_t size = 1;
    for (; c[size] && c[size] != '\n' && c[size] != *c; size++)
        if (c[size] == '\\' && c[size + 1] != '\n') size++;
    return c[size] == *c ? size + 1 : size;
}

static Token token_at(const char *c) {
    Token token = {PUNCTUATOR, c, 0};
    if (*c == '"' || *c == '\'') {
        token.kind = LITERAL;
        token.size = literal_size(c);
    } else if (is_digit(*c) || (*c == '.' && is_digit(c[1]))) {
        token.kind = NUMBER;
        while (is_word(c[token.size]) || c[token.size] == '.' ||
               (strchr("+-", c[token.size]) && strchr("eEpP", c[token.size - 1])))
            token.size++;
    } else if (is_word(*c)) {
        token.kind = IDENTIFIER;
        while (is_word(c[token.size])) token.size++;
        if (token.size == 1 && *c == 'L' && (c[1] == '"' || c[1] == '\'')) { /* a wide literal */
            token.kind = LITERAL;
            token.size += literal_size(c + 1);
        }
    } else {
        token.size = punctuator_size(c);
    }
    return token;
}

/* Would the two be read as something else if nothing stood between them? */
static int would_join(Token a, Token b) {
    char both[8] = "";
    const char last = a.start[a.size - 1], first = *b.start;
    if (a.kind == LITERAL) return 0;
    if (a.kind == IDENTIFIER) return is_word(first) || (b.kind == LITERAL && a.size == 1 && *a.start == 'L');
    if (a.kind == NUMBER) return is_word(first) || first == '.' || (strchr("+-", first) && strchr("eEpP", last));
    if (b.kind != PUNCTUATOR) return last == '.' && is_digit(first);
    memcpy(both, a.start, a.size);
    memcpy(both + a.size, b.start, b.size < 3 ? b.size : 3);
    return punctuator_size(both) > a.size;
}

static int is_token(Token token, const char *text) {
    return token.size == strlen(text) && !memcmp(token.start, text, token.size);
}

/* ---- the meaning of a file ---- */

static void include(size_t file, unsigned line, Token name);

/* One directive, or all text up to the next one, as it is collected. */
typedef struct Piece {
    Text text;
    size_t n; /* tokens */
    Token first, second, last;
    int is_directive;
} Piece;

static void add_token(Piece *piece, Token token, int after_space) {
    const int defines = piece->is_directive && is_token(piece->second, "define");
    int space = piece->n > 0 && would_join(piece->last, token);
    if (defines && piece->n == 3) space = after_space || *token.start != '(';
    if (space) append(&piece->text, " ", 1);
    append(&piece->text, token.start, token.size);
    if (piece->n == 0) piece->first = token;
    if (piece->n == 1) piece->second = token;
    piece->last = token;
    piece->n++;
}

static void end_piece(Piece *piece, size_t file, unsigned number, Text *out) {
    const int includes = piece->is_directive && piece->n > 1 && is_token(piece->second, "include");
    if (includes && piece->n > 2 && piece->last.kind == LITERAL) {
        include(file, number, piece->last);
    } else if (includes && piece->text.data[piece->text.size - 1] != '>') {
        fail("%s:%u: #include without \"...\" or <...>: it cannot be followed", files[file].path, number);
    } else if (piece->n > 0) {
        append(out, piece->text.data, piece->text.size);
        append(out, "\n", 1);
    }
    piece->text.size = 0;
    piece->n = 0;
    piece->is_directive = 0;
}

/* #ifndef NAME, #define NAME and, at the very end, their #endif: from the first two lines' end to the last one's
 * beginning; else all. */
static void leave_out_guard(const Text *text, size_t *start, size_t *end) {
    char name[256], define[256];
    int used = 0, depth = 0;
    *start = 0;
    *end = text->size;
    if (sscanf(text->data, "#ifndef %255s\n#define %255s%n", name, define, &used) != 2 || strcmp(name, define) ||
        text->data[used] != '\n')
        return;
    for (const char *line = text->data; *line; line = strchr(line, '\n') + 1) {
        depth += !strncmp(line, "#if", 3);
        depth -= !strncmp(line, "#endif", 6);
        if (depth > 0) continue;
        if (strcmp(line, "#endif\n") == 0) {
            *start = (size_t)used + 1;
            *end = (size_t)(line - text->data);
        }
        return;
    }
}

/* Fills in the file's hash and follows its includes. */
static void read_file(size_t file) {
    unsigned *lines;
    char *path = files[file].path;
    Text in = read_joined(path, &lines), out = {0};
    Piece piece = {0};
    int new_line = 1, space = 0;
    for (const char *c = in.data; *c;) {
        const unsigned number = lines[c - in.data];
        if (*c == '\n') {
            if (piece.is_directive) end_piece(&piece, file, number, &out);
            new_line = space = 1;
            c++;
        } else if (strchr(" \t\f\v", *c)) {
            space = 1;
            c++;
        } else if (c[0] == '/' && c[1] == '*') {
            const char *end = strstr(c + 2, "*/");
            if (!end) fail("%s:%u: the comment has no end", path, number);
            c = end + 2;
            space = 1;
        } else if (c[0] == '/' && c[1] == '/') {
            while (*c && *c != '\n') c++;
        } else {
            const Token token = token_at(c);
            if (new_line && (is_token(token, "#") || is_token(token, "%:"))) {
                end_piece(&piece, file, number, &out);
                piece.is_directive = 1;
            }
            add_token(&piece, token, space);
            new_line = space = 0;
            c += token.size;
        }
    }
    end_piece(&piece, file, 0, &out);
    append(&out, "", 1);
    out.size--;
    size_t start, end;
    leave_out_guard(&out, &start, &end);
    sha256_hex(out.data + start, end - start, files[file].hex);
    free(in.data);
    free(out.data);
    free(piece.text.data);
    free(lines);
}

/* ---- the closure ---- */

static size_t file_at(const char *path) {
    for (size_t i = 0; i < n_files; i++)
        if (!strcmp(files[i].path, path)) return i;
    files = grown(files, n_files, sizeof *files, &files_capacity);
    files[n_files] = (File){.path = malloc(strlen(path) + 1)};
    if (!files[n_files].path) fail("out of memory");
    strcpy(files[n_files].path, path);
    const size_t file = n_files++;
    read_file(file);
    return file;
}

static void depend(size_t file, const char *path) {
    const size_t other = file_at(path);
    File *f = &files[file];
    f->includes = grown(f->includes, f->n_includes, sizeof *f->includes, &f->capacity);
    f->includes[f->n_includes++] = other;
}

/* The quoted name in a file: beside it, or in the folders that the compiler searches. */
static void include(size_t file, unsigned line, Token name) {
    char path[1024];
    const char *from = files[file].path, *slash = strrchr(from, '/');
    const int size = (int)name.size - 2, folder = slash ? (int)(slash - from) + 1 : 0;
    const struct {
        const char *start;
        int size;
    } folders[] = {{from, folder}, {"src/", 4}, {"reproduce/", 10}};
    for (size_t i = 0;; i++) {
        if (i == sizeof folders / sizeof *folders)
            fail("%s:%u: includes \"%.*s\", which is neither beside it nor in src/ or reproduce/", from, line, size,
                 name.start + 1);
        if (snprintf(path, sizeof path, "%.*s%.*s", folders[i].size, folders[i].start, size, name.start + 1) >=
            (int)sizeof path)
            fail("%s:%u: the name of the included file is too long", from, line);
        if (exists(path)) break;
    }
    if (begins_with_one_of(path, LEFT_OUT) || !strcmp(path, REGISTRY)) return;
    if (!begins_with_one_of(path, ROOMS))
        fail("%s:%u: includes %s, which is in no room that the source hash knows: see ROOMS in tools/source_hash.c",
             from, line, path);
    depend(file, path);
    const size_t length = strlen(path);
    if (length < 2 || strcmp(path + length - 2, ".h")) return;
    path[length - 1] = 'c';
    if (exists(path)) depend(file, path);
}

static void reach(size_t file) {
    if (files[file].reached) return;
    files[file].reached = 1;
    for (size_t i = 0; i < files[file].n_includes; i++) reach(files[file].includes[i]);
}

static void reach_closure(const char *path) {
    const size_t file = file_at(path);
    for (size_t i = 0; i < n_files; i++) files[i].reached = 0;
    reach(file);
    for (size_t i = 0; ALWAYS[i]; i++) files[file_at(ALWAYS[i])].reached = 1;
}

static int by_hash(const void *a, const void *b) {
    return strcmp(a, b);
}

/* Of all files that are reached. */
static void hash_reached(char hex[SHA256_HEX]) {
    char(*hashes)[SHA256_HEX] = malloc(n_files * sizeof *hashes);
    size_t n = 0;
    if (!hashes) fail("out of memory");
    for (size_t i = 0; i < n_files; i++)
        if (files[i].reached) memcpy(hashes[n++], files[i].hex, SHA256_HEX);
    qsort(hashes, n, sizeof *hashes, by_hash);
    sha256_hex(hashes, n * sizeof *hashes, hex);
    free(hashes);
}

/* ---- output ---- */

static int by_path(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void print_files(const char *method) {
    reach_closure(method);
    char **paths = malloc(n_files * sizeof *paths);
    size_t n = 0;
    if (!paths) fail("out of memory");
    for (size_t i = 0; i < n_files; i++)
        if (files[i].reached) paths[n++] = files[i].path;
    qsort(paths, n, sizeof *paths, by_path);
    for (size_t i = 0; i < n; i++) puts(paths[i]);
    free(paths);
}

static void require_header(const char *path) {
    char header[1024];
    const size_t length = strlen(path);
    if (length < 2 || strcmp(path + length - 2, ".c") || !begins_with_one_of(path, ROOMS)) return;
    if (length >= sizeof header) fail("%.80s...: the path is too long", path);
    memcpy(header, path, length + 1);
    header[length - 1] = 'h';
    if (!exists(header)) fail("%s: has no header %s, so that no include brings it into a method's hash", path, header);
}

static void print_header(int n_common, char **common, int n_methods, char **methods) {
    char hex[SHA256_HEX];
    for (int i = 0; i < n_common; i++) require_header(common[i]);
    for (int i = 0; i < n_common; i++) file_at(common[i]);
    for (size_t i = 0; i < n_files; i++) files[i].reached = 0;
    for (int i = 0; i < n_common; i++) files[file_at(common[i])].reached = 1;
    hash_reached(hex);
    qsort(methods, (size_t)n_methods, sizeof *methods, by_path);
    printf("/* made by tools/source_hash.c */\n#define SOURCE_HASH_COMMON \"%s\"\n#define SOURCE_HASH_METHODS \\\n",
           hex);
    for (int i = 0; i < n_methods; i++) {
        reach_closure(methods[i]);
        hash_reached(hex);
        printf("    {\"%s\", \"%s\"}, \\\n", methods[i], hex);
    }
    printf("    {NULL, NULL}\n");
}

int main(int argc, char **argv) {
    int split = 1;
    while (split < argc && strcmp(argv[split], "--") != 0) split++;
    if (argc == 3 && !strcmp(argv[1], "--files"))
        print_files(argv[2]);
    else if (split < argc)
        print_header(split - 1, argv + 1, argc - split - 1, argv + split + 1);
    else
        fail("usage: source_hash COMMON... -- METHOD...   or   source_hash --files METHOD");
    return fflush(stdout) || ferror(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
}
