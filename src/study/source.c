#include <string.h>

#include "base/sha256.h"
#include "source_hash.h"
#include "study/store.h"

static const struct { const char *path, *hash; } study_sources[] = {SOURCE_HASH_STUDIES};

const char *source_hash_common(void) {
    return SOURCE_HASH_COMMON;
}

static const char *hash_of_source(const char *path, size_t length) {
    for (size_t i = 0; study_sources[i].path; i++)
        if (strlen(study_sources[i].path) == length && memcmp(study_sources[i].path, path, length) == 0)
            return study_sources[i].hash;
    return NULL;
}

int source_hash(const Study *study, char hex[65], Error *error) {
    Sha256 hash;
    sha256_begin(&hash);
    sha256_add(&hash, SOURCE_HASH_COMMON, 64);
    for (const char *word = study->source; word && *word;) {
        size_t length = strcspn(word, " ");
        const char *found = hash_of_source(word, length);
        if (!found)
            return error_set(
                error, "study %s: its source %.*s was not among the sources at build time; see HASHED in Makefile",
                study->name, (int)length, word);
        sha256_add(&hash, found, 64);
        word += length + (word[length] == ' ');
    }
    sha256_end(&hash, hex);
    return 0;
}
