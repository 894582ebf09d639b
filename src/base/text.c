#include "base/text.h"

#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include "base/csv.h"
#include "base/error.h"

enum { FIRST_CAPACITY = 256 };

static char *take(Arena *arena, size_t bytes) {
    return arena ? arena_alloc(arena, bytes, 1) : memory_alloc(bytes, 1);
}

Text text_create(Arena *arena) {
    Text text = {.data = take(arena, FIRST_CAPACITY), .capacity = FIRST_CAPACITY, .arena = arena};
    text.data[0] = '\0';
    return text;
}

void text_destroy(Text *text) {
    if (!text->arena) memory_free(text->data);
    *text = (Text){0};
}

void text_clear(Text *text) {
    text->size = 0;
    text->data[0] = '\0';
}

/* Room for so many more bytes and the zero byte. */
static void reserve(Text *text, size_t more) {
    if (more < text->capacity - text->size) return;
    if (more >= SIZE_MAX / 4 || text->size >= SIZE_MAX / 4) memory_exhausted(SIZE_MAX);
    size_t needed = text->size + more + 1, doubled = 2 * text->capacity;
    size_t capacity = needed > doubled ? needed : doubled;
    char *larger = take(text->arena, capacity);
    memcpy(larger, text->data, text->size + 1);
    if (!text->arena) memory_free(text->data);
    text->data = larger;
    text->capacity = capacity;
}

void text_add_bytes(Text *text, const void *bytes, size_t size) {
    reserve(text, size);
    if (size) memcpy(text->data + text->size, bytes, size);
    text->size += size;
    text->data[text->size] = '\0';
}

void text_add(Text *text, const char *string) {
    text_add_bytes(text, string, strlen(string));
}

void text_add_character(Text *text, char character) {
    text_add_bytes(text, &character, 1);
}

void text_format(Text *text, const char *format, ...) {
    va_list arguments;
    if (!format) return; /* never true: without it gcc warns of a null format under -fsanitize=undefined */
    for (int pass = 0; pass < 2; pass++) {
        size_t room = text->capacity - text->size;
        va_start(arguments, format);
        int length = vsnprintf(text->data + text->size, room, format, arguments);
        va_end(arguments);
        if (length < 0) memory_exhausted(0); /* beyond INT_MAX, or the library's own memory */
        if ((size_t)length < room) {
            text->size += (size_t)length;
            return;
        }
        text->data[text->size] = '\0';
        reserve(text, (size_t)length);
    }
}

void text_add_csv(Text *text, const char *field) {
    if (!strpbrk(field, ",\"\r\n")) {
        text_add(text, field);
        return;
    }
    text_add_character(text, '"');
    for (; *field; field++) {
        if (*field == '"') text_add_character(text, '"');
        text_add_character(text, *field);
    }
    text_add_character(text, '"');
}

void text_add_number(Text *text, double value) {
    char buffer[32];
    text_add(text, format_double(value, buffer));
}

void text_add_real(Text *text, double value) {
    char buffer[32];
    text_add(text, format_double(value, buffer));
    if (!buffer[strspn(buffer, "-0123456789")]) text_add(text, ".0");
}

void text_add_printable(Text *text, const char *string) {
    size_t length = printable(string, NULL, 0);
    reserve(text, length);
    printable(string, text->data + text->size, length + 1);
    text->size += length;
}

char *text_printable(Arena *arena, const char *string) {
    size_t length = printable(string, NULL, 0);
    char *shown = arena_alloc(arena, length + 1, 1);
    printable(string, shown, length + 1);
    return shown;
}

size_t text_columns(const char *string) {
    size_t n = 0;
    for (; *string; string++) n += ((unsigned char)*string & 0xc0) != 0x80; /* bytes that begin a character */
    return n;
}

/* Prints them where there is a stream; how many lines it takes. */
static size_t break_lines(const char *string, size_t column, size_t columns, FILE *stream) {
    Arena *arena = arena_create(4096);
    size_t used = column, lines = 1;
    for (char *word = strtok(arena_copy_text(arena, string), " "); word; word = strtok(NULL, " ")) {
        const size_t length = text_columns(word);
        if (used > column && used + 1 + length >= columns) {
            if (stream) fprintf(stream, "\n%*s", (int)column, "");
            used = column;
            lines++;
        }
        if (stream) fprintf(stream, "%s%s", used > column ? " " : "", word);
        used += length + (used > column);
    }
    arena_destroy(arena);
    return lines;
}

void text_print_words(const char *string, size_t column, size_t columns, FILE *stream) {
    break_lines(string, column, columns, stream);
}

size_t text_count_lines(const char *string, size_t column, size_t columns) {
    return break_lines(string, column, columns, NULL);
}

void text_print(const Text *text, FILE *stream) {
    if (text->size) fwrite(text->data, 1, text->size, stream);
}
