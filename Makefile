# scaledown: `make help` lists the targets.  Variables to override: CC, OPT (-O3), ARCH (-march=native),
# EXTRA (more flags), BUILD (build directory), SIZE (paper or smoke), SEEDS, THREADS.
CC      = gcc
OPT     = -O3
BUILD   = build
SIZE    = paper
RESULTS = results

# The arithmetic contract: IEEE only, contraction off, never -ffast-math.  -fno-math-errno lets fma and sqrt be
# single instructions; the instruction set changes who computes, never what.
supports = $(shell echo 'int x;' | $(CC) $(1) -Werror -x c -c -o /dev/null - 2>/dev/null && echo '$(1)')
ARCH    := $(or $(call supports,-march=native),$(call supports,-mcpu=native))
WIDE    := $(call supports,-mprefer-vector-width=512)
OPENMP  := $(call supports,-fopenmp)
WARN     = -Wall -Wextra -Wpedantic -Wshadow -Wconversion
CONTRACT = -std=c99 -ffp-contract=off -fno-math-errno -fno-fast-math
CFLAGS   = $(CONTRACT) $(OPT) $(ARCH) $(WIDE) $(OPENMP) $(WARN) $(EXTRA)
CPPFLAGS = -D_POSIX_C_SOURCE=200809L -Isrc -Ireproduce -I$(BUILD)/generated
LDLIBS   = -lm

LIBRARY  := $(wildcard src/*/*.c)
STUDIES  := $(wildcard reproduce/*.c)
NUMERIC  := $(wildcard src/base/*.c src/exact/*.c src/random/*.c src/kernels/*.c src/grad/*.c src/nn/*.c src/data/*.c)
HEADERS  := $(wildcard src/*/*.h reproduce/*.h)
objects   = $(patsubst %.c,$(BUILD)/$(1)/%.o,$(2))

# Tests: tests/check_*.c fast, tests/slow_*.c slow, tests/double_*.c fast on the binary64 build; tests/support is shared.
SUPPORT  := $(wildcard tests/support/*.c)
FAST     := $(patsubst tests/%.c,$(BUILD)/tests/%,$(wildcard tests/check_*.c tests/double_*.c))
SLOW     := $(patsubst tests/%.c,$(BUILD)/tests/%,$(wildcard tests/slow_*.c))
CHECK    = $(shell pkg-config --cflags --libs check 2>/dev/null || echo -lcheck)

.PHONY: all clean help tests setup
.DELETE_ON_ERROR:
.SECONDARY:

all: $(BUILD)/scaledown ## build the scaledown command

$(BUILD)/scaledown: $(call objects,float,src/main.c $(STUDIES)) $(BUILD)/libscaledown.a
	$(CC) $(CFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/libscaledown.a: $(call objects,float,$(LIBRARY))
	rm -f $@ && ar rcs $@ $^

$(BUILD)/libscaledown_double.a: $(call objects,double,$(NUMERIC))
	rm -f $@ && ar rcs $@ $^

$(BUILD)/float/%.o: %.c Makefile
	@mkdir -p $(dir $@)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/double/%.o: %.c Makefile
	@mkdir -p $(dir $@)
	$(CC) $(CPPFLAGS) -DREAL_IS_DOUBLE $(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/tests/double_%: tests/double_%.c $(call objects,double,$(SUPPORT)) $(BUILD)/libscaledown_double.a
	@mkdir -p $(dir $@)
	$(CC) $(CPPFLAGS) -DREAL_IS_DOUBLE -Itests/support $(CFLAGS) -MMD -MP -o $@ $< $(filter %.o %.a,$^) $(CHECK) $(LDLIBS)

$(BUILD)/tests/%: tests/%.c $(call objects,float,$(SUPPORT)) $(BUILD)/libscaledown.a
	@mkdir -p $(dir $@)
	$(CC) $(CPPFLAGS) -Itests/support $(CFLAGS) -MMD -MP -o $@ $< $(filter %.o %.a,$^) $(CHECK) $(LDLIBS)

tests: $(FAST) ## build the fast tests

clean: ## remove everything built
	rm -rf $(BUILD)

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z_-]+:.*## /{printf "  %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
