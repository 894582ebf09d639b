#include "base/csv.h"

#include <stdint.h>
#include <string.h>

#include "base/file.h"

enum { MAXIMUM_BYTES = 1 << 29 }; /* of a file; tables of results have a few megabytes */

/* Fields are unquoted in place: what is written never overtakes what is read. */
typedef struct Reader {
    const char *path;
    char *read, *write, *end;
    size_t line;
    Error *error;
} Reader;

static int refuse(const Reader *reader, size_t line, const char *what) {
    return error_set(reader->error, "%.600s, line %zu: %s; repair or delete the file", reader->path, line, what);
}

/* A field in quotes, up to behind its closing quote; two quotes within stand for one. */
static int read_quoted(Reader *reader) {
    size_t opened = reader->line;
    for (reader->read++; reader->read < reader->end; reader->read++) {
        if (*reader->read == '"') {
            if (reader->read + 1 == reader->end || reader->read[1] != '"') break;
            reader->read++;
        }
        reader->line += *reader->read == '\n';
        *reader->write++ = *reader->read;
    }
    if (reader->read == reader->end) return refuse(reader, opened, "a quote is opened and never closed");
    reader->read++;
    return 0;
}

/* One field with its delimiter; *last tells whether it ended the row. */
static int read_field(Reader *reader, char **field, int *last) {
    *field = reader->write;
    if (*reader->read == '"') {
        if (read_quoted(reader)) return -1;
    } else
        while (reader->read < reader->end && !strchr(",\"\r\n", *reader->read)) *reader->write++ = *reader->read++;
    if (reader->end - reader->read >= 2 && reader->read[0] == '\r' && reader->read[1] == '\n') reader->read++;
    if (reader->read == reader->end)
        return refuse(reader, reader->line, "the last line has no end, the file may be cut off");
    char delimiter = *reader->read++;
    if (delimiter != ',' && delimiter != '\n')
        return refuse(reader, reader->line, "a quote or carriage return inside a field that is not quoted");
    *reader->write++ = '\0';
    *last = delimiter == '\n';
    reader->line += (size_t)*last;
    return 0;
}

/* A row may end with a comma: then one more, empty field follows, and its newline is still to be read. */
static int read_row(Reader *reader, char **fields, size_t *count) {
    *count = 0;
    for (int last = 0; !last; ++*count) {
        if (reader->read == reader->end)
            return refuse(reader, reader->line, "the last line has no end, the file may be cut off");
        if (read_field(reader, &fields[*count], &last)) return -1;
    }
    return 0;
}

static size_t count_bytes(const char *text, size_t size, const char *wanted) {
    size_t count = 0;
    for (size_t i = 0; i < size; i++) count += text[i] == wanted[0] || text[i] == wanted[1];
    return count;
}

int csv_parse(const char *path, const char *text, size_t size, Arena *arena, CsvTable *table, Error *error) {
    *table = (CsvTable){.path = arena_copy_text(arena, path)};
    static const char byte_order_mark[] = "\xef\xbb\xbf";
    if (size >= 3 && memcmp(text, byte_order_mark, 3) == 0) text += 3, size -= 3;
    Reader reader = {.path = table->path, .line = 1, .error = error};
    const char *nul = memchr(text, '\0', size);
    if (nul)
        return refuse(&reader, 1 + count_bytes(text, (size_t)(nul - text), "\n\n"),
                      "a zero byte, this is not a text file");
    if (size == 0) return refuse(&reader, 1, "the file is empty, a header row is needed");
    reader.read = reader.write = memcpy(arena_alloc(arena, size, 1), text, size);
    reader.end = reader.read + size;
    const size_t room = 1 + count_bytes(text, size, ",\n");
    char **fields = arena_alloc(arena, room, sizeof *fields);
    if (read_row(&reader, fields, &table->columns)) return -1;
    table->names = fields;
    table->fields = fields += table->columns;
    /* Every row has a comma or newline for each of its fields, so room / columns rows fit. */
    table->lines = arena_alloc(arena, room / table->columns, sizeof *table->lines);
    while (reader.read < reader.end) {
        size_t line = reader.line, count;
        if (read_row(&reader, fields, &count)) return -1;
        if (count != table->columns)
            return error_set(error, "%.600s, line %zu: %zu fields, but the header has %zu; repair or delete the file",
                             path, line, count, table->columns);
        table->lines[table->rows++] = line;
        fields += count;
    }
    return 0;
}

int csv_read(const char *path, Arena *arena, CsvTable *table, Error *error) {
    unsigned char *data;
    size_t size;
    if (file_read(path, MAXIMUM_BYTES, arena, &data, &size, error)) return -1;
    return csv_parse(path, (const char *)data, size, arena, table, error);
}

/* Are the columns from the first one on these, up to the end of the table or of the list?  Counts those that are. */
static size_t columns_from(const CsvTable *table, size_t first, const char *list) {
    size_t c = first;
    for (const char *rest = list; c < table->columns; c++) {
        const size_t length = strlen(table->names[c]);
        if (strcspn(rest, ",") != length || strncmp(rest, table->names[c], length) != 0)
            break; /* a quoted name may hold a comma */
        if (!rest[length]) return c + 1;
        rest += length + 1;
    }
    return 0;
}

int csv_columns(const CsvTable *table, const char *expected, Error *error) {
    if (columns_from(table, 0, expected) == table->columns) return 0;
    return error_set(error, "%.600s, line 1: the columns must be %s; check that it is the right file", table->path,
                     expected);
}

int csv_columns_and(const CsvTable *table, const char *expected, const char *more, Error *error) {
    const size_t n = columns_from(table, 0, expected);
    if (n && (n == table->columns || columns_from(table, n, more) == table->columns)) return 0;
    return error_set(error, "%.600s, line 1: the columns must be %s, or these and %s; check that it is the right file",
                     table->path, expected, more);
}

const char *csv_text(const CsvTable *table, size_t row, size_t column) {
    return table->fields[row * table->columns + column];
}
