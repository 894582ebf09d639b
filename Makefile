# scaledown: `make help` lists the targets and what can be set, as in `make run EXPERIMENT=pooling THREADS=1`.
#
# ---- what can be set ----
# A line "#: " is part of the help.
#
#: which experiments:
#:   EXPERIMENT   a name of `make list`, PAPER/NAME, or all (the default)
#:   PAPER        those of one paper
#:   ONLY         those of one item: ONLY="Fig. 5c"; "Fig. 5" takes 5a, 5b, 5c
#: how they run:
#:   SEEDS        number of seeds (default: those of the experiment's table);
#:                fewer have a place of their own
#:   THREADS      cores to use (default: all)
#:   SIZE         paper (default), or smoke: tiny, makes no claims
#:   MINUTES      time for `make audit` and `make fuzz` (default 5)
#:   AUDIT_SEED   which cells `make audit` draws (default: others each time)
#:   RELEASE      of Debian, for `make rehearse` (default bullseye)
#:   MACHINE      what to call this machine, for `make bench`, which then adds it
#:                to bench/machines and so to the report
#: what `make data` fetches, and from where:
#:   SETS         of mnist, fashion-mnist, cifar-10 (default: the first two)
#:   DATA_SOURCE  a folder or an address that has them, laid out as in
#:                data/README.md (default: public addresses)
#: where files go, relative to this folder; names with spaces are fine:
#:   RESULTS      cells and merged results (default results)
#:   BUILD        everything that is built (default build)
#:   REPORT       the report (default report/report.pdf, or BUILD/report.pdf
#:                where report/ cannot be written)
EXPERIMENT = all
PAPER      =
ONLY       =
SEEDS      =
THREADS    =
SIZE       = paper
MINUTES    = 5
AUDIT_SEED =
RELEASE    = bullseye
MACHINE    =
SETS       = mnist fashion-mnist
DATA_SOURCE =
RESULTS    = results
BUILD      = build
REPORT     =
#: how to compile; a build for which one of these changes starts anew:
#:   CC           the compiler (default gcc), and HOSTCC, this machine's, when CC
#:                makes code for another
#:   ARCH         the processor: -march=native by default, so that the program
#:                runs on this kind of machine only; ARCH=-march=x86-64-v3 for
#:                others, ARCH= for any; results are the same bits either way
#:   OPT          optimisation (default -O3)
#:   EXTRA        more flags, also LDFLAGS
CC       = gcc
HOSTCC   = $(if $(call probed,cross),cc,$(CC))
OPT      = -O3
ARCH     = $(call probed,arch)
EXTRA    =
LDFLAGS  =
GNUPLOT  = gnuplot
PDFLATEX = pdflatex

# Values are text: `$(value ...)` keeps what they hold from being expanded, recipes read them from the environment,
# and so no character of theirs is ever code, neither make's nor the shell's.
SETTINGS = EXPERIMENT PAPER ONLY SEEDS THREADS SIZE MINUTES AUDIT_SEED RELEASE MACHINE SETS DATA_SOURCE RESULTS BUILD REPORT GNUPLOT \
           PDFLATEX
COMPILER = CC HOSTCC OPT ARCH EXTRA LDFLAGS WIDE OPENMP
PRIVATE  = ROOT SHELL

comma  := ,
hash   := \#
open   := (
close  := )

given   := $(foreach v,$(.VARIABLES),$(if $(filter command,$(origin $v)),$v))
unknown := $(filter-out $(SETTINGS) $(COMPILER) $(PRIVATE) MAKE% -%,$(given))
ifneq ($(unknown),)
$(error There is no $(firstword $(unknown))= to set; $(or $(if $(filter STUDY,$(unknown)),it is EXPERIMENT= now), \
    $(if $(filter CFLAGS CPPFLAGS,$(unknown)),OPT= ARCH= and EXTRA= take flags and results depend on the others), \
    `make help` names all))
endif
$(foreach v,$(SETTINGS),$(eval override $v := $$(value $v)))
export $(SETTINGS)

ifneq ($(filter -%,$(firstword $(EXPERIMENT))),)
$(error EXPERIMENT=$(EXPERIMENT) begins with a hyphen; expected a name of `make list`)
endif
$(foreach v,BUILD RESULTS,$(if $(strip $($v)),,$(error $v= is empty; expected the name of a folder)))
$(foreach v,BUILD RESULTS REPORT,$(if $(filter -% ~%,$(firstword $($v))),$(error $v=$($v) begins with \
  $(if $(filter ~%,$(firstword $($v))),a ~ that the shell has not put your folder for: write it out$(comma) or ./$($v),a \
  hyphen: write ./$($v)))))

# What no goal takes would be passed over in silence.  A make within a make has goals of its own.
USES_SEEDS      = list estimate run claims verify figures page report reproduce
USES_SIZE       = list estimate run reproduce portable bench
USES_MACHINE    = bench
USES_MINUTES    = audit fuzz
USES_AUDIT_SEED = audit
USES_RELEASE    = rehearse
ifeq ($(MAKELEVEL),0)
$(foreach v,SEEDS SIZE MINUTES AUDIT_SEED RELEASE MACHINE,$(if $(filter $v,$(given)),$(if $(filter $(USES_$v),$(MAKECMDGOALS)),,$(error \
  $v= has no meaning for `$(strip make $(MAKECMDGOALS))`; it is for: $(USES_$v)))))
endif

# ---- where files are built ----
# Names of targets cannot hold a space, a quote or a colon.  A build folder whose name does is entered, and all is named
# from inside: B, the prefix of what is built, is then nothing, and ROOT, that of the sources, is a link to this folder.
odd   := ' " ` $$ & | ; < > * ? [ ] { } ! : % = ~ \ $(comma) $(hash) $(open) $(close)
plain := $(if $(word 2,$(BUILD))$(subst x$(strip $(BUILD))x,,x$(BUILD)x)$(strip \
           $(foreach c,$(odd),$(findstring $c,$(BUILD)))),,yes)
ROOT  :=
B     := $(if $(ROOT),,$(BUILD)/)

# What is made here, and so what `make clean` removes; whoever has files of these names keeps them.
FOLDERS = float double free generated tests bench cluster report figures latex page recorded verified smoke asan portable \
          fuzz instrumented-threads instrumented-memory debian
FILES   = compile_command.txt sources.txt source source_hash scaledown libscaledown.a libscaledown_double.a \
          manifest.txt verdicts.txt report.pdf

# ---- how files are compiled ----
goals  := $(or $(MAKECMDGOALS),all)
probe  := $(if $(filter-out help clean setup setup-tests setup-portable data,$(goals)),$(shell sh $(ROOT)tools/probe_compiler.sh $(CC)))
probed  = $(patsubst $(1):%,%,$(filter $(1):%,$(probe)))

# The arithmetic contract: IEEE only, contraction off, never -ffast-math.  -fno-math-errno lets fma and sqrt be
# single instructions, -fno-trapping-math lets gcc vectorise selects (no value depends on either); the instruction set
# changes who computes, never what.
WIDE    := $(call probed,wide)
OPENMP  := $(call probed,openmp)
WARN     = -Wall -Wextra -Wpedantic -Wshadow -Wconversion $(if $(filter -fopenmp,$(OPENMP)),,-Wno-unknown-pragmas)
CONTRACT = -std=c99 -ffp-contract=off -fno-fast-math -fno-math-errno -fno-trapping-math $(call probed,excess)
CFLAGS   = $(CONTRACT) -pthread $(OPT) $(ARCH) $(WIDE) $(OPENMP) $(WARN) $(EXTRA)
# They are the same in every build, and so no stored cell needs to say which it was made with.
BREAKERS = $(filter -Ofast -ffast-math -funsafe-math-optimizations -fassociative-math -freciprocal-math \
             -ffinite-math-only -fno-signed-zeros -ffp-contract=fast -ffp-contract=on,$(CC) $(OPT) $(ARCH) $(EXTRA))
$(if $(BREAKERS),$(error $(firstword $(BREAKERS)) would give other results than the recorded ones: leave it out))
READERS  = $(if $(call probed,zlib),-DHAVE_ZLIB) $(if $(call probed,lzma),-DHAVE_LZMA) $(if $(call probed,jpeg),-DHAVE_JPEG)
CPPFLAGS = -D_POSIX_C_SOURCE=200809L -D_FILE_OFFSET_BITS=64 -I$(ROOT)src -I$(ROOT)reproduce -I$(B)generated $(READERS)
LDLIBS   = $(call probed,zlib) $(call probed,lzma) $(call probed,jpeg) -lm -pthread
CHECK_CFLAGS = $(eval CHECK_CFLAGS := $(shell pkg-config --cflags check 2>/dev/null))$(CHECK_CFLAGS)
CHECK_LIBS   = $(eval CHECK_LIBS := $(shell pkg-config --libs check 2>/dev/null || echo -lcheck))$(CHECK_LIBS)

# Sources are named without ROOT, objects as their sources.
sources   = $(patsubst $(ROOT)%,%,$(sort $(wildcard $(addprefix $(ROOT),$(1)))))
objects   = $(patsubst %.c,$(B)$(1)/%.o,$(2))
LIBRARY  := $(call sources,src/*/*.c)
METHODS  := $(call sources,reproduce/*.c)
NUMERIC  := $(call sources,$(foreach d,base exact random kernels grad nn data analysis,src/$d/*.c))
HEADERS  := $(call sources,src/*/*.h reproduce/*.h)
# The comparison with oneDNN is built where that library is.
ONEDNN   := $(call probed,onednn)
BENCH    := $(filter-out $(if $(ONEDNN),,bench/bench_convolution.c),$(call sources,bench/bench_*.c))

# Tests: tests/check_*.c fast, tests/slow_*.c slow, tests/double_*.c fast on the binary64 build; tests/support is shared.
# A support file failing_*.c is a library to be loaded before the program.
FAILING  := $(call sources,tests/support/failing_*.c)
SUPPORT  := $(filter-out $(FAILING),$(call sources,tests/support/*.c))
FAST     := $(patsubst %.c,%,$(call sources,tests/check_*.c))
DOUBLE   := $(patsubst %.c,%,$(call sources,tests/double_*.c))
SLOW     := $(patsubst %.c,%,$(call sources,tests/slow_*.c))
SLOW_SCRIPTS := $(call sources,tests/slow_*.sh)
FAST_SCRIPTS := $(filter-out $(addprefix tests/,run.sh portable.sh cluster.sh instrumented.sh debian.sh) \
                  $(SLOW_SCRIPTS),$(call sources,tests/*.sh))

.PHONY: all tests slow-tests bench-programs FORCE
.DELETE_ON_ERROR:
.SECONDARY:

ifneq ($(plain),)

all: $(B)scaledown ## build the scaledown command
tests: all $(addprefix $(B),$(FAST) $(DOUBLE)) $(patsubst tests/support/%.c,$(B)tests/%.so,$(FAILING)) ## build the fast tests
slow-tests: all $(addprefix $(B),$(SLOW))
bench-programs: all $(patsubst %.c,$(B)%,$(BENCH)) $(B)bench/free_order.so

# A text that files depend on: kept in a file, which is written only when it has become another.
renewed = $(if $(subst x$(strip $(shell cat $(1) 2>/dev/null))x,,x$(strip $(2))x),FORCE)

export COMPILE_COMMAND := $(call probed,version) $(call probed,machine) $(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) $(LDLIBS)
export BUILD_FLAGS     := $(strip $(CFLAGS))
export SOURCES         := $(LIBRARY) $(METHODS) $(HEADERS)
COMPILED := $(B)compile_command.txt

$(COMPILED): $(call renewed,$(COMPILED),$(COMPILE_COMMAND))
	@$(if $(call probed,version),:,echo "$(firstword $(CC)) does not run: sh setup.sh installs a compiler, CC= names another" >&2; exit 1)
	@for name in $(FOLDERS); do \
	    if [ -e $(B)$$name ] && [ ! -e $@ ] && [ ! -e $(B)libscaledown.a ]; then \
	        echo "BUILD=$(BUILD) has a $$name that is not of this build; name a folder of its own" >&2; exit 1; fi; done
	@mkdir -p $(dir $@)
	@$(if $(filter -fopenmp,$(OPENMP)),:,echo "one thread only: $(CC) cannot compile, link and run a program with OpenMP")
	@printf '%s\n' "$$COMPILE_COMMAND" >$@

$(B)sources.txt: $(call renewed,$(B)sources.txt,$(SOURCES)) $(COMPILED)
	@printf '%s\n' "$$SOURCES" >$@

$(B)scaledown: $(call objects,float,src/main.c $(METHODS)) $(B)libscaledown.a
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(B)libscaledown.a: $(call objects,float,$(LIBRARY)) $(B)sources.txt
	rm -f $@ && ar rcs $@ $(filter %.o,$^)

$(B)libscaledown_double.a: $(call objects,double,$(NUMERIC)) $(B)sources.txt
	rm -f $@ && ar rcs $@ $(filter %.o,$^)

$(B)float/%.o: $(ROOT)%.c $(ROOT)Makefile $(COMPILED)
	@mkdir -p $(dir $@)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# What asks whether this CPU has the instructions of ARCH must not use them itself.
$(B)float/src/main.o $(B)float/src/base/cpu.o: override ARCH =
$(B)float/src/main.o $(B)float/src/base/cpu.o: override WIDE =

# Their tiles of sums leave the registers whole: gcc 12 would copy them in halves, by way of the stack.
$(addprefix $(B)float/src/kernels/,convolution_weights.o micro.o): override WIDE += $(call probed,moves)

$(B)double/%.o: $(ROOT)%.c $(ROOT)Makefile $(COMPILED)
	@mkdir -p $(dir $@)
	$(CC) $(CPPFLAGS) -DREAL_IS_DOUBLE $(CFLAGS) -MMD -MP -c -o $@ $<

$(B)float/tests/%.o $(B)double/tests/%.o: CPPFLAGS += -I$(ROOT)tests/support $(CHECK_CFLAGS)

# Static patterns: between implicit ones make would choose by what happens to be built already.
$(addprefix $(B),$(DOUBLE)): $(B)%: $(B)double/%.o $(call objects,double,tests/support/slow_kernels.c) $(B)libscaledown_double.a
	@mkdir -p $(dir $@)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(CHECK_LIBS) $(LDLIBS)

$(addprefix $(B),$(FAST) $(SLOW)): $(B)%: $(B)float/%.o $(call objects,float,$(SUPPORT) $(METHODS)) $(B)libscaledown.a
	@mkdir -p $(dir $@)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(CHECK_LIBS) $(LDLIBS)

$(B)tests/%.so: $(ROOT)tests/support/%.c $(ROOT)Makefile $(COMPILED)
	@mkdir -p $(dir $@)
	$(CC) $(CPPFLAGS) $(CFLAGS) -shared -fPIC -o $@ $< -ldl

$(B)bench/bench_convolution: LDLIBS += $(ONEDNN)
$(addprefix $(B)bench/,bench_training bench_order): $(B)float/bench/workloads.o
$(patsubst %.c,$(B)%,$(BENCH)): $(B)%: $(B)float/%.o $(B)float/bench/bench.o $(B)libscaledown.a
	@mkdir -p $(dir $@)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(B)libscaledown.a $(LDLIBS) -ldl

# What the arithmetic contract costs: bench_order compares with these.  Linked as usual, since to link with -Ofast would flush
# subnormal numbers of the whole program to zero.
$(B)free/%.o: $(ROOT)%.c $(ROOT)Makefile $(COMPILED)
	@mkdir -p $(dir $@)
	$(CC) $(CPPFLAGS) $(CFLAGS) -Ofast -ffast-math -ffp-contract=fast -fPIC -MMD -MP -c -o $@ $<

$(B)bench/free_order.so: $(call objects,free,$(NUMERIC) bench/workloads.c)
	@mkdir -p $(dir $@)
	$(CC) $(CFLAGS) $(LDFLAGS) -shared -Wl,-Bsymbolic -o $@ $^ $(LDLIBS)

# ---- what the program knows of its build ----
# All that computes, and what writes a number down: hashed at build time, the same for every compiler and flag.
HASHED := $(sort src/base/real.h src/base/number.c $(call \
            sources,$(foreach d,exact random kernels grad nn data analysis,src/$d/*.c src/$d/*.h)))
NAMED  := $(METHODS)

$(B)source_hash: $(addprefix $(ROOT),tools/source_hash.c src/base/sha256.c src/base/error.c) $(COMPILED)
	$(HOSTCC) -std=c99 -O2 $(CPPFLAGS) -o $@ $(filter %.c,$^)

# Hashed under their names, from the project's folder.
$(B)generated/source_hash.h: $(B)source_hash $(B)sources.txt $(addprefix $(ROOT),$(HASHED) $(NAMED))
	@mkdir -p $(dir $@)
	@tool=$$(cd $(dir $<) && pwd)/source_hash; (cd ./$(ROOT) && "$$tool" $(HASHED) -- $(NAMED)) >$@.new
	@cmp -s $@.new $@ && rm $@.new && touch $@ || mv $@.new $@

$(B)generated/build_flags.h: $(COMPILED)
	@mkdir -p $(dir $@)
	@printf '%s\n' "$$BUILD_FLAGS" | sed 's/[\\"]/\\&/g; s/.*/#define BUILD_FLAGS "&"/' >$@

$(B)float/src/study/source.o: $(B)generated/source_hash.h
MANIFEST := $(filter %/manifest.o,$(call objects,float,$(LIBRARY)))
$(MANIFEST): $(B)generated/build_flags.h
$(MANIFEST): CPPFLAGS += -include $(B)generated/build_flags.h

-include $(patsubst %.o,%.d,$(call objects,float,src/main.c $(LIBRARY) $(METHODS) $(SUPPORT) $(call sources,bench/*.c) \
           $(addsuffix .c,$(FAST) $(SLOW))) $(call objects,free,$(NUMERIC) bench/workloads.c) $(call objects,double,$(NUMERIC) $(SUPPORT) $(addsuffix .c,$(DOUBLE))))

else # a build folder with an odd name

.NOTPARALLEL:
all tests slow-tests bench-programs:
	@mkdir -p "$$BUILD" && ln -sfn "$$(pwd)" "$$BUILD/source"
	@[ ! -e "$$BUILD/source/Makefile" ] || \
	    $(MAKE) --no-print-directory -C "$$BUILD" -f source/Makefile ROOT=source/ BUILD=. $@

endif

# ---- experiments, claims, report: settings come from the environment ----
SCALEDOWN = "$$BUILD"/scaledown
SELECTED  = "$$EXPERIMENT" $${PAPER:+--paper="$$PAPER"} $${ONLY:+--only="$$ONLY"}
SEEDED    = --results="$$RESULTS" --size="$$SIZE" $${SEEDS:+--seeds="$$SEEDS"} $${THREADS:+--threads="$$THREADS"}
ESTIMATE  = $(SCALEDOWN) estimate $(SELECTED) $(SEEDED)
RUN       = $(SCALEDOWN) run $(SELECTED) $(SEEDED) --manifest="$$BUILD"/manifest.txt
OF_SEEDS  = --results="$$RESULTS" $${SEEDS:+--seeds="$$SEEDS"}
CLAIMS    = $(SCALEDOWN) claims $(SELECTED) $(OF_SEEDS) --report="$$BUILD"/report
RECORDED  = $(SCALEDOWN) claims $(SELECTED) --recorded --report="$$BUILD"/recorded/report

# The scripts read only what `scaledown claims` has checked and written.  A fixed date, that of the release, makes the
# PDF the same bytes on every run.
REPORT_PATH = [ -n "$$REPORT" ] || if [ -w report ]; then REPORT=report/report.pdf; else REPORT=$$BUILD/report.pdf; fi
VIEWS       = export SOURCE_DATE_EPOCH=1767225600 FORCE_SOURCE_DATE=1; \
              export DATA="$$views"/report FIGURES="$$views"/figures REPORT_BUILD="$$views"/latex REPORT_PDF="$$REPORT" \
              PAGE="$$views"/page/index.html MANIFEST="$$BUILD"/manifest.txt
DRAW        = sh figures/draw.sh
BROWSE      = sh page/build.sh
COMPILE     = sh report/compile.sh

.PHONY: run list estimate claims verify figures page report recorded audit reproduce smoke

list: all ## the experiments of each paper, what is done and how long the rest takes
	@$(SCALEDOWN) list $(SELECTED) $(SEEDED)

estimate: all ## how long the unfinished cells will take on this machine
	@$(ESTIMATE)

run: all ## run the experiments
	@$(RUN)

claims: all ## judge every claim by the results
	@$(CLAIMS)

verify: all ## compare results with the golden ones, and verdicts with the recorded ones
	@$(SCALEDOWN) verify $(SELECTED) $(OF_SEEDS)
	@if [ -z "$$SEEDS" ]; then \
	    $(SCALEDOWN) claims $(SELECTED) --results="$$RESULTS" --report="$$BUILD"/verified --check; \
	else echo "verdicts: not compared, because SEEDS= is given: they are recorded by the seeds of the tables"; fi

figures: all ## draw the figures from the results, as SVG and for the report
	@$(CLAIMS) >"$$BUILD"/verdicts.txt
	@views=$$BUILD; $(VIEWS); $(DRAW)

page: all ## draw the figures and build the page of all claims, BUILD/page/index.html
	@$(CLAIMS) >"$$BUILD"/verdicts.txt
	@views=$$BUILD; $(VIEWS); $(DRAW) && $(BROWSE)

report: all ## draw the figures and compile the report
	@$(CLAIMS) >"$$BUILD"/verdicts.txt
	@views=$$BUILD; $(REPORT_PATH); $(VIEWS); $(DRAW) && $(COMPILE)

recorded: all ## one minute: figures, verdicts, page and report from the recorded results, in BUILD/recorded; trains nothing
	@mkdir -p "$$BUILD"/recorded
	@$(RECORDED)
	@views=$$BUILD/recorded REPORT=$$BUILD/recorded/report.pdf; export RECORDED=1; $(VIEWS); $(DRAW) && $(BROWSE) && $(COMPILE)

audit: all ## MINUTES=5: run random cells again and compare them with the recorded ones, bit for bit
	@$(SCALEDOWN) audit $(SELECTED) --minutes="$$MINUTES" $${AUDIT_SEED:+--audit-seed="$$AUDIT_SEED"} \
	    $${THREADS:+--threads="$$THREADS"}

# The smoke size makes no claims, so there is nothing to draw or report.
reproduce: all ## run everything or what is selected, judge, draw, compile; says first how long it takes
	@start=$$(date +%s); $(ESTIMATE) && $(RUN) || exit; \
	if [ "$$SIZE" = paper ]; then \
	    $(CLAIMS) >"$$BUILD"/verdicts.txt || exit; \
	    views=$$BUILD; $(REPORT_PATH); $(VIEWS); $(DRAW) && $(BROWSE) && $(COMPILE); status=$$?; \
	    cat "$$BUILD"/verdicts.txt; \
	    [ ! -f "$$REPORT" ] || [ -n "$$(find "$$BUILD"/verdicts.txt -newer "$$REPORT")" ] || echo "report: $$REPORT"; \
	else echo "the $$SIZE size makes no claims"; status=0; fi; \
	echo "time taken: $$(($$(date +%s) - start)) s"; exit $$status

smoke: all ## every experiment at a tiny size, in BUILD/smoke; makes no claims
	@$(SCALEDOWN) run $(SELECTED) --size=smoke --results="$$BUILD"/smoke/results --manifest="$$BUILD"/smoke/manifest.txt

# ---- tests ----
# $(MAKE) on a line would run it under `make -n` too; the scripts take the command's name.
.PHONY: check check-faults check-slow portable portable-quick rehearse check-cluster check-sanitize check-threads \
        check-memory fuzz bench
programs = $(foreach p,$(1),"$$BUILD"/$p)
TESTING  = SCALEDOWN=$(SCALEDOWN) MAKE='$(MAKE_COMMAND)'

check: tests ## build and run the fast tests
	@$(TESTING) sh tests/run.sh $(call programs,$(FAST) $(DOUBLE)) $(FAST_SCRIPTS)

check-faults: tests ## every failing allocation, and many system calls of each command: half an hour
	@SLOW=1 SAMPLE="$${SAMPLE:-200}" $(TESTING) sh tests/run.sh tests/memory_faults.sh tests/call_faults.sh

check-slow: slow-tests ## the slow tests
	@$(TESTING) sh tests/run.sh $(call programs,$(SLOW)) $(SLOW_SCRIPTS)

portable: ## the same bits from compilers, flags, threads and machines
	@MAKE='$(MAKE_COMMAND)' sh tests/portable.sh "$$BUILD" all $(if $(filter SIZE,$(given)),"$$SIZE",smoke)

portable-quick: ## the part of it that takes less than ten minutes
	@MAKE='$(MAKE_COMMAND)' sh tests/portable.sh "$$BUILD" quick

rehearse: all ## RELEASE=bullseye: set up, build and test on another release of Debian, as root, in BUILD/debian
	@$(TESTING) sh tests/debian.sh "$$BUILD" "$$RELEASE"

check-cluster: all ## a job array with faults on a Slurm of its own, GNU parallel, two folders: the same bits
	@$(TESTING) sh tests/run.sh tests/cluster.sh

# A fault ends the test, and leaks are faults.
check-sanitize: ## the fast tests under AddressSanitizer and UndefinedBehaviorSanitizer, in BUILD/asan
	@ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1 CK_TIMEOUT_MULTIPLIER=50 \
	$(MAKE) check BUILD="$$BUILD"/asan OPT=-O1 EXTRA="-fsanitize=address,undefined -fno-sanitize-recover=all -g"

check-threads: all ## every method and the kernels under clang's ThreadSanitizer, in BUILD/instrumented-threads
	@$(TESTING) sh tests/instrumented.sh "$$BUILD" threads

check-memory: all ## every method and some suites under valgrind, in BUILD/instrumented-memory
	@CC='$(CC)' $(TESTING) sh tests/instrumented.sh "$$BUILD" memory

# Sources, not the library: libFuzzer looks for branches that no input has taken yet, in what is compiled for it.
FUZZED = $(call sources,tests/fuzz_readers.c tests/support/reader_target.c src/base/*.c \
             $(addsuffix .c,$(addprefix src/data/,cifar idx jpeg)))
fuzz: all ## the readers of data files under clang's libFuzzer and sanitizers, for MINUTES=5
	@mkdir -p $(B)fuzz/inputs
	clang -std=c99 -ffp-contract=off -O1 -g -fsanitize=fuzzer,address,undefined $(CPPFLAGS) -I$(ROOT)tests/support \
	    -o $(B)fuzz/fuzz_readers $(addprefix $(ROOT),$(FUZZED)) $(LDLIBS)
	@cd $(B)fuzz && ./fuzz_readers -max_total_time=$$((60 * $$MINUTES)) -max_len=8192 -rss_limit_mb=1000 inputs

bench: all bench-programs ## measure this machine beside other libraries: a quarter of an hour, SIZE=smoke two minutes
	@sh bench/bench.sh

# ---- the rest ----
.PHONY: setup setup-tests setup-portable data clean help

data: ## fetch data sets of images into data/, or SCALEDOWN_DATA of the environment; what is there is kept
	@sh tools/fetch_data.sh

setup: ## install what is missing (asks the system's package manager)
	@CC='$(CC)' sh setup.sh

setup-tests: ## install what tests can do more with: strace, valgrind, clang, Slurm, a browser
	@CC='$(CC)' sh setup.sh --tests

setup-portable: ## install compilers and emulators for `make portable`
	@CC='$(CC)' sh setup.sh --portable

clean: ## remove what was built, with the report; results stay
	@if [ -e "$$BUILD"/compile_command.txt ] || [ -e "$$BUILD"/libscaledown.a ]; then \
	    for name in $(FOLDERS) $(FILES); do rm -rf "$$BUILD"/$$name || exit; done; \
	    rm -f "$$BUILD"/manifest-*-of-*.txt; \
	    rmdir "$$BUILD" 2>/dev/null || echo "$$BUILD keeps what make has not made:" $$(ls "$$BUILD"); fi
	@rm -f report/report.pdf

help: ## list the targets
	@echo 'make TARGET NAME=value...'
	@awk -F ':.*## ' '/^[a-z_-]+:.*## / {show(sprintf("  %-15s", $$1), $$2)} /^#: / {help[++n] = substr($$0, 4)} \
	     END {print ""; for (i = 1; i <= n; i++) print help[i]} \
	     function show(line, text,   words, k, i) { \
	         for (k = split(text, words, " "); i++ < k; line = line " " words[i]) \
	             if (length(line " " words[i]) > 80) {print line; line = sprintf("%17s", "")} \
	         print line}' $(firstword $(MAKEFILE_LIST))
