/* From texts to numbers by hashing, so that a thousand names are looked up as fast as ten.  Keys are not copied: they
 * must live as long as the map. */
#ifndef SCALEDOWN_BASE_MAP_H
#define SCALEDOWN_BASE_MAP_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

#define MAP_ABSENT SIZE_MAX

typedef struct Map Map;

Map *map_create(Arena *arena); /* grows as it is filled; what it outgrew stays in the arena, as much as it has now */
/* The number of a key, MAP_ABSENT if it has none. */
size_t map_get(const Map *map, const char *key);
/* Enter a key; returns MAP_ABSENT, or, when it is there already, its number, which stays. */
size_t map_put(Map *map, const char *key, size_t value);
size_t map_count(const Map *map);

#endif
