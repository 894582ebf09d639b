#include <string.h>

#include "base/sha256.h"
#include "source_hash.h"
#include "study/store.h"

static const struct { const char *path, *hash; } study_sources[] = {SOURCE_HASH_STUDIES};

const char *source_hash_common(void) {
    return SOURCE_HASH_COMMON;
}

int source_hash(const Study *study, char hex[65], Error *error) {
    Sha256 hash;
    sha256_begin(&hash);
    sha256_add(&hash, SOURCE_HASH_COMMON, 64);
    if (study->source) {
        size_t i = 0;
        while (study_sources[i].path && strcmp(study_sources[i].path, study->source) != 0) i++;
        if (!study_sources[i].path)
            return error_set(error, "study %s: its source %s was not among the sources at build time", study->name,
                             study->source);
        sha256_add(&hash, study_sources[i].hash, 64);
    }
    sha256_end(&hash, hex);
    return 0;
}
