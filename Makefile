# scaledown: `make help` lists the targets.  Variables to override: CC, OPT (-O3), ARCH (-march=native),
# EXTRA (more flags), BUILD (build directory), SIZE (paper or smoke), STUDY (one of `make list`), SEEDS,
# THREADS; HOSTCC (this machine's compiler, when CC makes code for another).
CC      = gcc
HOSTCC  = $(CC)
OPT     = -O3
BUILD   = build
SIZE    = paper
STUDY   = all
RESULTS = results

# The arithmetic contract: IEEE only, contraction off, never -ffast-math.  -fno-math-errno lets fma and sqrt be
# single instructions, -fno-trapping-math lets gcc vectorise selects (no value depends on either); the instruction set
# changes who computes, never what.
supports = $(shell echo 'int x;' | $(CC) $(1) -Werror -x c -c -o /dev/null - 2>/dev/null && echo '$(1)')
ARCH    := $(or $(call supports,-march=native),$(call supports,-mcpu=native))
WIDE    := $(call supports,-mprefer-vector-width=512)
OPENMP  := $(or $(call supports,-fopenmp),$(call supports,-fopenmp-simd))
WARN     = -Wall -Wextra -Wpedantic -Wshadow -Wconversion $(if $(filter -fopenmp,$(OPENMP)),,-Wno-unknown-pragmas)
CONTRACT = -std=c99 -ffp-contract=off -fno-fast-math -fno-math-errno -fno-trapping-math
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

.PHONY: all clean help tests setup FORCE
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

# What asks whether this CPU has the instructions of ARCH must not use them itself.
$(BUILD)/float/src/main.o $(BUILD)/float/src/base/cpu.o: override ARCH =
$(BUILD)/float/src/main.o $(BUILD)/float/src/base/cpu.o: override WIDE =

$(BUILD)/double/%.o: %.c Makefile
	@mkdir -p $(dir $@)
	$(CC) $(CPPFLAGS) -DREAL_IS_DOUBLE $(CFLAGS) -MMD -MP -c -o $@ $<

# Static patterns: between implicit ones make would choose by what happens to be built already.
DOUBLE   := $(filter $(BUILD)/tests/double_%,$(FAST))
$(DOUBLE): $(BUILD)/tests/%: tests/%.c $(call objects,double,tests/support/slow_kernels.c) $(BUILD)/libscaledown_double.a
	@mkdir -p $(dir $@)
	$(CC) $(CPPFLAGS) -DREAL_IS_DOUBLE -Itests/support $(CFLAGS) -MMD -MP -o $@ $< $(filter %.o %.a,$^) $(CHECK) $(LDLIBS)

$(filter-out $(DOUBLE),$(FAST)) $(SLOW): $(BUILD)/tests/%: tests/%.c $(call objects,float,$(SUPPORT) $(STUDIES)) $(BUILD)/libscaledown.a
	@mkdir -p $(dir $@)
	$(CC) $(CPPFLAGS) -Itests/support $(CFLAGS) -MMD -MP -o $@ $< $(filter %.o %.a,$^) $(CHECK) $(LDLIBS)

tests: $(FAST) ## build the fast tests

# Loaded before a command it lets allocations fail.
FAULTS   := $(BUILD)/tests/failing_malloc.so
$(FAULTS): tests/preload/failing_malloc.c
	@mkdir -p $(dir $@)
	$(CC) $(CPPFLAGS) -std=c99 -O1 -fPIC -shared $(WARN) -o $@ $< -ldl

# ---- what results depend on: hashed at build time, the same for every compiler and flag ----
# All that computes, and what writes a number down.
HASHED  := $(sort src/base/real.h src/base/number.c $(filter-out %_command.c %_command.h,\
             $(wildcard $(foreach d,exact random kernels grad nn data analysis,src/$(d)/*.c src/$(d)/*.h))))

$(BUILD)/source_hash: tools/source_hash.c src/base/sha256.c src/base/error.c
	@mkdir -p $(dir $@)
	$(HOSTCC) -std=c99 -O2 $(CPPFLAGS) -o $@ $^

# Made every time, renewed when it differs: a file that is gone is newer than nothing.
$(BUILD)/generated/source_hash.h: $(BUILD)/source_hash FORCE
	@mkdir -p $(dir $@)
	@$(BUILD)/source_hash $(HASHED) -- $(sort $(STUDIES) $(wildcard reproduce/*.h)) >$@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@

FORCE:

$(BUILD)/float/src/study/source.o: $(BUILD)/generated/source_hash.h
$(BUILD)/float/src/study/manifest.o: CPPFLAGS += -DBUILD_FLAGS='"$(strip $(CFLAGS))"'

# ---- studies, claims, tests ----
SCALEDOWN = $(BUILD)/scaledown
CHOSEN    = $(if $(filter all,$(STUDY)),,$(STUDY))
RUN       = $(SCALEDOWN) run $(STUDY) --results $(RESULTS) --size $(SIZE) --manifest $(BUILD)/manifest.txt \
            $(if $(SEEDS),--seeds $(SEEDS)) $(if $(THREADS),--threads $(THREADS))
JUDGE     = --results $(RESULTS) --report $(BUILD)/report

.PHONY: run list estimate smoke claims verify check check-slow check-bits check-sanitize reproduce

run: all ## run every study, or STUDY=NAME (SIZE, SEEDS, THREADS)
	$(RUN)

list: all ## the studies, what is done and how long the rest takes
	@$(SCALEDOWN) list --results $(RESULTS)

estimate: all ## how long the unfinished cells will take on this machine
	@$(SCALEDOWN) estimate --results $(RESULTS)

smoke: all ## every study at a tiny size, in $(BUILD)/smoke; makes no claims
	$(SCALEDOWN) run all --size smoke --results $(BUILD)/smoke/results --manifest $(BUILD)/smoke/manifest.txt

claims: all ## judge every claim by the results
	@$(SCALEDOWN) claims $(CHOSEN) $(JUDGE)

verify: all ## compare results with the golden ones, and verdicts with the recorded ones
	@$(SCALEDOWN) verify $(CHOSEN) --results $(RESULTS)
	@$(SCALEDOWN) claims $(CHOSEN) $(JUDGE) --check

check: all $(FAST) $(FAULTS) ## build and run the fast tests
	@SCALEDOWN=$(SCALEDOWN) FAILING_MALLOC=$(FAULTS) sh tests/run.sh $(FAST) tests/cli.sh tests/memory_faults.sh

check-slow: all $(SLOW) $(FAULTS) ## the slow tests
	@SLOW=1 SCALEDOWN=$(SCALEDOWN) FAILING_MALLOC=$(FAULTS) sh tests/run.sh $(SLOW) tests/memory_faults.sh

check-bits: ## the same bits from several compilers, flags and thread counts (SIZE=smoke here by default)
	@MAKE='$(MAKE)' sh tests/bits.sh $(BUILD) $(if $(filter command line,$(origin SIZE)),$(SIZE),smoke)

# A fault ends the test, and leaks are faults.
check-sanitize: ## the fast tests under AddressSanitizer and UndefinedBehaviorSanitizer, in $(BUILD)/asan
	ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1 CK_TIMEOUT_MULTIPLIER=50 \
	$(MAKE) check BUILD=$(BUILD)/asan OPT=-O1 EXTRA="-fsanitize=address,undefined -fno-sanitize-recover=all -g"

# The smoke size makes no claims, so there is nothing to draw or report.
SMOKE     = $(filter smoke,$(SIZE))
reproduce: all ## run all (or STUDY=NAME), draw, judge, compile the report
	@start=$$(date +%s); rm -f report/report.pdf; $(RUN) || exit $$?; \
	$(if $(SMOKE),echo "the smoke size makes no claims",$(SCALEDOWN) claims $(CHOSEN) $(JUDGE)) >$(BUILD)/verdicts.txt || exit $$?; \
	$(if $(SMOKE),:,$(MAKE) --no-print-directory figures report); status=$$?; cat $(BUILD)/verdicts.txt; \
	[ ! -f report/report.pdf ] || echo "report: report/report.pdf"; \
	echo "time taken: $$(($$(date +%s) - start)) s"; exit $$status

include report/report.mk

clean: ## remove everything built, the report too
	rm -rf $(BUILD) report/report.pdf

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z_-]+:.*## /{printf "  %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)

# ---- benchmarks: one thread, nothing else running ----
$(BUILD)/bench/%: bench/%.c $(BUILD)/libscaledown.a
	@mkdir -p $(dir $@)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -o $@ $< $(BUILD)/libscaledown.a $(LDLIBS)

.PHONY: bench
bench: $(patsubst bench/%.c,$(BUILD)/bench/%,$(wildcard bench/bench_*.c)) ## measure kernels and training steps on one core
	for b in $^; do OMP_NUM_THREADS=1 $$b || exit 1; done
