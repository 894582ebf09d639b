#include "csv_values.h"

#include <string.h>

int csv_column(const CsvTable *table, const char *name, size_t *column, Error *error) {
    size_t found = 0;
    for (size_t i = 0; i < table->columns; i++)
        if (strcmp(table->names[i], name) == 0) {
            *column = i;
            found++;
        }
    if (found == 1) return 0;
    return error_set(error, "%.600s, line 1: %s column named %s; check that it is the right file", table->path,
                     found ? "more than one" : "no", name);
}

int csv_number(const CsvTable *table, size_t row, size_t column, double *value, Error *error) {
    const char *text = csv_text(table, row, column);
    if (parse_double(text, value) == 0) return 0;
    return error_set(error, "%.600s, line %zu, column %.60s: '%.60s' is not a finite number; repair or delete the file",
                     table->path, table->lines[row], table->names[column], text);
}
