#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGNMENT = 64, DEFAULT_BLOCK = 1 << 20 };

static void print_and_abort(size_t bytes) {
    fprintf(stderr, "scaledown: out of memory: %zu more bytes were needed\n", bytes);
    abort();
}

static void (*exhausted_handler)(size_t bytes) = print_and_abort;

void memory_set_exhausted_handler(void (*handler)(size_t bytes)) {
    exhausted_handler = handler ? handler : print_and_abort;
}

void memory_exhausted(size_t bytes) {
    exhausted_handler(bytes);
    abort(); /* a handler must not return; one that does ends the program here */
}

/* count * size rounded up to whole alignments, at least one. */
static size_t checked_bytes(size_t count, size_t size) {
    if (size && count > (SIZE_MAX - ALIGNMENT) / size) memory_exhausted(SIZE_MAX);
    size_t bytes = count * size;
    return bytes ? (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT : ALIGNMENT;
}

void *memory_alloc(size_t count, size_t size) {
    size_t bytes = checked_bytes(count, size);
    void *cell[1] = {NULL}; /* an array: gcc 12 calls the plain variable a dangling pointer */
    if (posix_memalign(cell, ALIGNMENT, bytes) != 0) memory_exhausted(bytes);
    return cell[0];
}

void *memory_alloc_zero(size_t count, size_t size) {
    void *pointer = memory_alloc(count, size);
    return memset(pointer, 0, count * size);
}

void memory_free(void *pointer) {
    free(pointer);
}

/* Blocks before and including the current one hold data; those behind it are empty and kept for reuse. */
typedef struct Block {
    struct Block *next;
    size_t capacity, used;
    size_t before; /* bytes held by the blocks in front of this one */
    unsigned char *data;
} Block;

struct Arena {
    Block head; /* without room, so that there always is a current block */
    Block *current;
    size_t block_bytes, peak;
};

enum { BLOCK_HEADER = (sizeof(Block) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT };

Arena *arena_create(size_t block_bytes) {
    Arena *arena = memory_alloc_zero(1, sizeof *arena);
    arena->current = &arena->head;
    arena->block_bytes = checked_bytes(block_bytes ? block_bytes : DEFAULT_BLOCK, 1);
    return arena;
}

void arena_destroy(Arena *arena) {
    if (!arena) return;
    for (Block *block = arena->head.next, *next; block; block = next) {
        next = block->next;
        memory_free(block);
    }
    memory_free(arena);
}

/* Make a block with room current: the first empty one that is large enough, moved forward, or a new one. */
static void advance(Arena *arena, size_t bytes) {
    Block *current = arena->current, *previous = current;
    while (previous->next && previous->next->capacity < bytes) previous = previous->next;
    Block *block = previous->next;
    if (block)
        previous->next = block->next;
    else {
        const size_t capacity = bytes > arena->block_bytes ? bytes : arena->block_bytes;
        if (capacity > SIZE_MAX - BLOCK_HEADER - ALIGNMENT) memory_exhausted(SIZE_MAX);
        block = memory_alloc(BLOCK_HEADER + capacity, 1);
        *block = (Block){.capacity = capacity, .data = (unsigned char *)block + BLOCK_HEADER};
    }
    block->next = current->next;
    block->used = 0;
    block->before = current->before + current->used;
    current->next = block;
    arena->current = block;
}

/* bytes that begin at a multiple of alignment, which divides ALIGNMENT. */
static void *take(Arena *arena, size_t bytes, size_t alignment) {
    size_t start = (arena->current->used + alignment - 1) / alignment * alignment;
    if (start > arena->current->capacity || arena->current->capacity - start < bytes) {
        advance(arena, bytes);
        start = 0;
    }
    Block *block = arena->current;
    block->used = start + bytes;
    if (block->before + block->used > arena->peak) arena->peak = block->before + block->used;
    return block->data + start;
}

void *arena_alloc(Arena *arena, size_t count, size_t size) {
    return take(arena, checked_bytes(count, size), ALIGNMENT);
}

void *arena_alloc_small(Arena *arena, size_t count, size_t size) {
    size_t bytes = checked_bytes(count, size); /* ends here when the product does not fit */
    return take(arena, count && size ? count * size : bytes, 8);
}

void *arena_alloc_zero(Arena *arena, size_t count, size_t size) {
    void *pointer = arena_alloc(arena, count, size);
    return memset(pointer, 0, count * size);
}

char *arena_copy_text(Arena *arena, const char *text) {
    size_t size = strlen(text) + 1;
    return memcpy(take(arena, size, 1), text, size);
}

char *arena_format(Arena *arena, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    if (!format) format = ""; /* never true: without it gcc warns of a null format under -fsanitize=undefined */
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0) memory_exhausted(0); /* beyond INT_MAX, or the library's own memory */
    char *text = take(arena, (size_t)length + 1, 1);
    text[0] = '\0';
    va_start(arguments, format);
    vsnprintf(text, (size_t)length + 1, format, arguments);
    va_end(arguments);
    return text;
}

void arena_reset(Arena *arena) {
    arena->current = &arena->head;
}

ArenaMark arena_mark(const Arena *arena) {
    return (ArenaMark){.block = arena->current, .used = arena->current->used};
}

void arena_rewind(Arena *arena, ArenaMark mark) {
    arena->current = mark.block;
    arena->current->used = mark.used;
}

size_t arena_peak(const Arena *arena) {
    return arena->peak;
}
