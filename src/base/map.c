#include "base/map.h"

#include <string.h>

typedef struct Entry {
    const char *key; /* NULL: free */
    size_t value;
    uint64_t hash;
} Entry;

struct Map {
    Arena *arena;
    Entry *entries;
    size_t capacity, count; /* capacity is a power of two, at most half of it is used */
};

/* Fowler, Noll and Vo's hash 1a. */
static uint64_t hash_of(const char *key) {
    uint64_t hash = 14695981039346656037u;
    for (; *key; key++) hash = (hash ^ (unsigned char)*key) * 1099511628211u;
    return hash ^ hash >> 32;
}

Map *map_create(Arena *arena) {
    Map *map = arena_alloc(arena, 1, sizeof *map);
    *map = (Map){arena, arena_alloc_zero(arena, 64, sizeof(Entry)), 64, 0};
    return map;
}

/* Where the key is, or the free entry where it belongs. */
static Entry *find(const Map *map, const char *key, uint64_t hash) {
    size_t i = (size_t)hash & (map->capacity - 1);
    while (map->entries[i].key && (map->entries[i].hash != hash || strcmp(map->entries[i].key, key) != 0))
        i = (i + 1) & (map->capacity - 1);
    return &map->entries[i];
}

size_t map_get(const Map *map, const char *key) {
    const Entry *entry = find(map, key, hash_of(key));
    return entry->key ? entry->value : MAP_ABSENT;
}

size_t map_put(Map *map, const char *key, size_t value) {
    const uint64_t hash = hash_of(key);
    Entry *entry = find(map, key, hash);
    if (entry->key) return entry->value;
    if (2 * (map->count + 1) > map->capacity) {
        Map larger = {map->arena, arena_alloc_zero(map->arena, 2 * map->capacity, sizeof(Entry)), 2 * map->capacity,
                      map->count};
        for (size_t i = 0; i < map->capacity; i++)
            if (map->entries[i].key) *find(&larger, map->entries[i].key, map->entries[i].hash) = map->entries[i];
        *map = larger;
        entry = find(map, key, hash);
    }
    *entry = (Entry){key, value, hash};
    map->count++;
    return MAP_ABSENT;
}

size_t map_count(const Map *map) {
    return map->count;
}
