#define _DEFAULT_SOURCE /* for struct winsize */
#include "command/table.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/csv.h"
#include "base/text.h"

Table table_create(const char *layout, Arena *arena) {
    return (Table){.layout = layout, .n_columns = strlen(layout), .arena = arena};
}

void table_add(Table *table, const char *text) {
    if (table->n == table->capacity) {
        table->capacity = 2 * table->capacity + 64;
        const char **larger = arena_alloc(table->arena, table->capacity, sizeof *larger);
        if (table->n) memcpy(larger, table->cells, table->n * sizeof *larger);
        table->cells = larger;
    }
    table->cells[table->n++] = text_printable(table->arena, text);
}

void table_header(Table *table, const char *names) {
    for (char *name = strtok(arena_copy_text(table->arena, names), ","); name; name = strtok(NULL, ","))
        table_add(table, name);
}

void table_format(Table *table, const char *format, ...) {
    char few[256];
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(few, sizeof few, format, arguments);
    va_end(arguments);
    char *text = few;
    if (length >= (int)sizeof few) {
        text = arena_alloc(table->arena, (size_t)length + 1, 1);
        va_start(arguments, format);
        vsnprintf(text, (size_t)length + 1, format, arguments);
        va_end(arguments);
    }
    table_add(table, text);
}

int output_columns(void) {
    enum { LEAST = 40, USUAL = 80, MOST = 10000 };
    struct winsize size;
    long long columns = USUAL;
    if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col)
        columns = size.ws_col;
    else if (!isatty(STDOUT_FILENO) && getenv("COLUMNS") && parse_integer(getenv("COLUMNS"), 1, MOST, &columns))
        columns = USUAL;
    return columns < LEAST ? LEAST : (int)columns;
}

void help_print(const char *text, const Options *options) {
    const size_t columns = (size_t)output_columns();
    Arena *arena = arena_create(4096);
    for (const char *line = text; *line;) {
        const size_t length = strcspn(line, "\n"), margin = strspn(line, " ");
        const char *copy = arena_format(arena, "%.*s", (int)length, line), *gap = strstr(copy + margin, "  ");
        size_t column = margin;
        if (margin && gap) column = (size_t)(gap - copy) + strspn(gap, " ");
        printf("%.*s", (int)column, copy);
        text_print_words(copy + column, column, columns, stdout);
        puts("");
        line += length + (line[length] == '\n');
    }
    puts("");
    options_help(options, columns, stdout);
    arena_destroy(arena);
}

void table_print(const Table *table, int indentation, FILE *stream) {
    const size_t n = table->n_columns, end = (size_t)output_columns();
    size_t *widths = memory_alloc_zero(n, sizeof *widths);
    for (size_t i = 0; i < table->n; i++) {
        const size_t columns = text_columns(table->cells[i]);
        if (columns > widths[i % n]) widths[i % n] = columns;
    }
    for (size_t row = 0; row * n < table->n; row++) {
        size_t column = (size_t)indentation, last = n;
        while (last > 0 && !*table->cells[row * n + last - 1]) last--; /* no blanks at the end of a line */
        fprintf(stream, "%*s", indentation, "");
        for (size_t c = 0; c < last; c++) {
            const char *text = table->cells[row * n + c];
            const int blanks = (int)(widths[c] - text_columns(text)), right = table->layout[c] == 'r';
            if (table->layout[c] == 'w')
                text_print_words(text, column, end, stream);
            else
                fprintf(stream, "%*s%s%*s", right ? blanks : 0, "", text, right || c + 1 == last ? 0 : blanks, "");
            if (c + 1 < last) fputs("  ", stream);
            column += widths[c] + 2;
        }
        fputc('\n', stream);
    }
    memory_free(widths);
}

void table_csv(const Table *table, FILE *stream) {
    Text text = text_create(NULL);
    for (size_t i = 0; i < table->n; i++) {
        text_add_csv(&text, table->cells[i]);
        text_add_character(&text, (i + 1) % table->n_columns ? ',' : '\n');
    }
    text_print(&text, stream);
    text_destroy(&text);
}
