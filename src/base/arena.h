/* Memory that is given back all at once.  A tape, a cell, a parsed file each own one arena; nothing in it
 * is freed piecemeal.  An arena is used by one thread at a time. */
#ifndef SCALEDOWN_BASE_ARENA_H
#define SCALEDOWN_BASE_ARENA_H

#include <stddef.h>

typedef struct Arena Arena;

/* A new arena whose blocks are at least block_bytes (0: a sensible default).  Never NULL, see below. */
Arena *arena_create(size_t block_bytes);
void arena_destroy(Arena *arena); /* NULL is allowed */

/* count * size bytes, aligned to 64, uninitialised.  The product is checked; count 0 gives a valid pointer.
 * Never NULL: when memory runs out the handler below is called and must not return. */
void *arena_alloc(Arena *arena, size_t count, size_t size);
void *arena_alloc_zero(Arena *arena, size_t count, size_t size);
/* The same, aligned only as a pointer or a double needs: for many small things.  Texts lie side by side without gaps. */
void *arena_alloc_small(Arena *arena, size_t count, size_t size);
char *arena_copy_text(Arena *arena, const char *text);
char *arena_format(Arena *arena, const char *format, ...)
#ifdef __GNUC__
    __attribute__((format(printf, 2, 3)))
#endif
    ;

/* Forget everything allocated (or everything since the mark) but keep the blocks for reuse. */
typedef struct ArenaMark {
    void *block;
    size_t used;
} ArenaMark;
void arena_reset(Arena *arena);
ArenaMark arena_mark(const Arena *arena);
void arena_rewind(Arena *arena, ArenaMark mark);

/* The most bytes this arena ever held. */
size_t arena_peak(const Arena *arena);

/* What to do when memory runs out: the default prints one line to standard error and aborts; main.c
 * installs one that removes temporary files and exits.  The handler must not return, and several threads may call it
 * at a time.  Set it before there are threads. */
void memory_set_exhausted_handler(void (*handler)(size_t bytes));
/* For code that allocates by other means, when that fails: calls the handler, never returns. */
void memory_exhausted(size_t bytes)
#ifdef __GNUC__
    __attribute__((noreturn))
#endif
    ;

/* malloc with the same promise as arena_alloc, aligned to 64; release with memory_free. */
void *memory_alloc(size_t count, size_t size);
void *memory_alloc_zero(size_t count, size_t size);
void memory_free(void *pointer);

#endif
