# SPDX-License-Identifier: GPL-2.0-only
# Every command of the project; `make help` lists them. All output goes under build/.

MAKEFLAGS += --no-builtin-rules
.DELETE_ON_ERROR:
.SUFFIXES:
.DEFAULT_GOAL := build

VERSION := 0.1.0
CC := gcc
# release: what is measured. asan (with UBSan) and tsan: what is tested, at check level 2.
FLAVOUR ?= release
B := build/$(FLAVOUR)

ifeq ($(V),1)
Q :=
msg :=
else
Q := @
msg = @printf '  %-7s %s\n' $(1) $(patsubst build/%,%,$(2));
endif

WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wundef -Werror
# Aligned functions, loops and jumps: layout alone moved results by 5 % (DESIGN.md).
OPT_release := -O2 -fno-omit-frame-pointer -momit-leaf-frame-pointer -falign-functions=64 -falign-loops=64 -falign-jumps=64 \
	-DTRI_CHECK_LEVEL=0
OPT_asan := -O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined \
	-DTRI_CHECK_LEVEL=2
OPT_tsan := -O1 -fno-omit-frame-pointer -fsanitize=thread -DTRI_CHECK_LEVEL=2
# Built by clang, for `make fuzz` alone; warnings are gcc's to give.
OPT_fuzz := -O1 -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined \
	-fno-sanitize-recover=undefined -DTRI_CHECK_LEVEL=2 -w
OPT := $(OPT_$(FLAVOUR))
ifeq ($(OPT),)
$(error FLAVOUR=$(FLAVOUR): release, asan, tsan or fuzz)
endif
CFLAGS := -std=gnu11 -g $(OPT) $(WARNINGS) -MMD -MP
# mmcore and bench see no libc: only the compiler's own headers, platform.h and themselves.
CORE_CFLAGS := -ffreestanding -mcx16 -Immcore -Ibench -Itargets/user/include -Itargets/include
HOST_CFLAGS := -D_GNU_SOURCE -DTRIMM_VERSION='"$(VERSION)"' -mcx16 -Immcore -Ibench -Itargets/user/include -Itargets/include -Ianalysis -I. -I$(B)
LIBS := -ljansson -lsqlite3 -lgsl -lgslcblas -lm -pthread

sources = $(sort $(wildcard $(1)))
objects = $(patsubst %.c,$(B)/%.o,$(1))
CORE_SRC := $(call sources,mmcore/*.c bench/*.c bench/workloads/*.c)
USER_SRC := $(call sources,targets/user/*.c)
ANALYSIS_SRC := $(call sources,analysis/*.c)
CLI_SRC := $(call sources,cli/*.c)
# test_X.c is a program of its own, bench_X.c one that prints figures; the other files of the
# folder are linked into each. tests/mmcore sees mmcore alone, on a model of a machine;
# tests/stream runs streams of operations on that model, and tests/fuzz runs those for long;
# tests/unit sees everything but the two main.c.
MMTEST_SRC := $(call sources,tests/mmcore/*.c)
STREAM_SRC := $(call sources,tests/stream/*.c)
FUZZ_SRC := $(call sources,tests/fuzz/*.c)
UNIT_SRC := $(call sources,tests/unit/*.c)
# Each a program that prints how often a judgement is wrong, and fails if a bound is not held.
STATS_SRC := $(call sources,tests/stats/*.c)
programs = $(patsubst %.c,$(B)/%,$(filter $(1)/test_%.c $(1)/bench_%.c,$(2)))
shared = $(call objects,$(filter-out $(1)/test_%.c $(1)/bench_%.c,$(2)))
MMTEST_BIN := $(call programs,tests/mmcore,$(MMTEST_SRC))
STREAM_BIN := $(call programs,tests/stream,$(STREAM_SRC))
UNIT_BIN := $(call programs,tests/unit,$(UNIT_SRC))
TEST_BIN := $(MMTEST_BIN) $(STREAM_BIN) $(UNIT_BIN)

CORE_OBJ := $(call objects,$(CORE_SRC))
USER_OBJ := $(call objects,$(USER_SRC))
ANALYSIS_OBJ := $(call objects,$(ANALYSIS_SRC))
CLI_OBJ := $(call objects,$(CLI_SRC))
# What writes allocation traces, for each that records.
ATRACE_WRITER_OBJ := $(addprefix $(B)/trace/record/,writer.o live.o)
ALL_OBJ := $(CORE_OBJ) $(USER_OBJ) $(ANALYSIS_OBJ) $(CLI_OBJ) $(call objects,$(MMTEST_SRC) $(STREAM_SRC) $(FUZZ_SRC) $(UNIT_SRC) $(STATS_SRC))

## Show this list
.PHONY: help
help:
	@awk '/^## / { about = substr($$0, 4) } /^[a-z-]+:/ && about != "" { split($$1, n, ":"); \
		printf "  %-12s %s\n", n[1], about; about = "" }' Makefile

## Compile the command, both targets and what runs them in QEMU
.PHONY: build
build: $(B)/trimm $(B)/trimm-user

# What trimm top draws with.
TERMINAL_LIBS := -lncurses -ltinfo
$(B)/trimm: $(CLI_OBJ) $(ANALYSIS_OBJ)
	$(call msg,LINK,$@)
	$(Q)$(CC) $(OPT) -o $@ $^ $(LIBS) $(TERMINAL_LIBS)

$(B)/trimm-user: $(CORE_OBJ) $(USER_OBJ)
	$(call msg,LINK,$@)
	$(Q)$(CC) $(OPT) $(LOADS) -o $@ $(filter %.o %.a,$^) -pthread

include bench/measured.mk
$(B)/bench/workloads/%.o: bench/workloads/%.c $(MEASURED) Makefile
	$(call msg,CC,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(CORE_CFLAGS) \
		-DWORKLOAD_VERSION='"$(call workload_version,.,$<)"' -c -o $@ $<
$(B)/mmcore/%.o: mmcore/%.c Makefile
	$(call msg,CC,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(CORE_CFLAGS) -c -o $@ $<
$(B)/bench/%.o: bench/%.c Makefile
	$(call msg,CC,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(CORE_CFLAGS) -c -o $@ $<
# What .incbin takes in, which -MMD does not see.
$(B)/analysis/schema.o: results/trimm-1.schema.json
$(B)/analysis/calibration_file.o: results/calibration-1.schema.json
$(B)/analysis/night_file.o: results/night-1.schema.json
$(B)/analysis/plot_script.o: $(wildcard analysis/*.gp)
$(B)/analysis/report_frame.o: analysis/report.css
$(B)/cli/%.o: cli/%.c Makefile
	$(call msg,CC,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(HOST_CFLAGS) -DTRIMM_CFLAGS='"$(OPT)"' -c -o $@ $<
$(B)/%.o: %.c Makefile
	$(call msg,CC,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(HOST_CFLAGS) -c -o $@ $<

MMCORE_OBJ := $(filter $(B)/mmcore/%,$(CORE_OBJ))
$(MMTEST_BIN): $(B)/%: $(B)/%.o $(call shared,tests/mmcore,$(MMTEST_SRC)) $(MMCORE_OBJ)
	$(call msg,LINK,$@)
	$(Q)$(CC) $(OPT) -o $@ $^ -lcmocka $(LIBS)
STREAM_OBJ := $(call shared,tests/stream,$(STREAM_SRC)) $(call shared,tests/mmcore,$(MMTEST_SRC)) \
	$(MMCORE_OBJ) $(B)/bench/atrace.o
$(STREAM_BIN) $(B)/tests/fuzz/soak: $(B)/%: $(B)/%.o $(STREAM_OBJ)
	$(call msg,LINK,$@)
	$(Q)$(CC) $(OPT) -o $@ $^ -lcmocka $(LIBS)
$(B)/fuzz: $(B)/tests/fuzz/fuzz.o $(STREAM_OBJ)
	$(call msg,LINK,$@)
	$(Q)$(CC) $(OPT) -fsanitize=fuzzer -o $@ $^ -lcmocka $(LIBS)
$(UNIT_BIN): $(B)/%: $(B)/%.o $(call shared,tests/unit,$(UNIT_SRC)) $(CORE_OBJ) \
		$(filter-out %/main.o,$(USER_OBJ) $(CLI_OBJ)) $(ANALYSIS_OBJ) $(ATRACE_WRITER_OBJ)
	$(call msg,LINK,$@)
	$(Q)$(CC) $(OPT) $(LOADS) -o $@ $(filter %.o %.a,$^) -lcmocka $(LIBS) $(TERMINAL_LIBS)
STATS_BIN := $(patsubst %.c,$(B)/%,$(STATS_SRC))
$(STATS_BIN): $(B)/%: $(B)/%.o $(ANALYSIS_OBJ)
	$(call msg,LINK,$@)
	$(Q)$(CC) $(OPT) -o $@ $^ $(LIBS)
.PHONY: tests
tests: $(TEST_BIN)

# --- What a user types ---

PACKAGES := gcc libc6-dev make git libjansson-dev libsqlite3-dev libgsl-dev libncurses-dev \
	libcmocka-dev gnuplot-nox clang-format man-db procps libjemalloc2 libmimalloc2.0 libtcmalloc-minimal4 \
	systemtap-sdt-dev qemu-system-x86 qemu-user cpio xz-utils tmux gcc-12 libelf1 sparse python3
## Install what building, testing and plotting need (Debian, Ubuntu)
.PHONY: deps
deps:
	@command -v apt-get >/dev/null || { echo "no apt-get here; install what matches these," \
		"then \`make -o deps\` what you want: $(PACKAGES)"; exit 1; }; \
	missing=; for package in $(PACKAGES); do \
		dpkg-query -W -f='$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || \
			missing="$$missing $$package"; \
	done; \
	[ "$$missing" ] || exit 0; \
	sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	echo "  INSTALL$$missing"; \
	apt="$$sudo env DEBIAN_FRONTEND=noninteractive apt-get -q"; \
	$$apt install -y --no-install-recommends $$missing || \
		{ $$apt update && $$apt install -y --no-install-recommends $$missing; }

# About 5 minutes. First time, on hardware, in user space: lazy against eager flushing over sizes;
# from 1 to 2 CPUs; the shapes of Linux's lib/test_vmalloc.c; what a purge does to the CPUs that
# don't free. 9 blocks are the fewest that resolve its 12 judged rows at a family-wise 95 %.
# Then counts, of the kernel, exact: the same trade; from which length on dropping everything
# beats INVLPG page by page; how many pages the modelled TLB reaches; what a pair of calls takes.
BENCH_TIMED := unmap-storm flush=eager,lazy nr_pages=1,2,4,8,16,64,512 cpus=2 blocks=9 \
	-- fix_size_alloc_test flush=eager,lazy cpus=1,2 blocks=9 \
	-- random_size_alloc_test long_busy_list_alloc_test flush=eager,lazy blocks=9 \
	-- purge-pause flush=eager,lazy blocks=9
EXACT := target=qemu mode=exact
BENCH_EXACT := unmap-storm $(EXACT) flush=eager,lazy nr_pages=1,8,64 cpus=1,2,4 \
	-- purge-pause $(EXACT) flush=eager,lazy cpus=2,4 \
	-- flush-range $(EXACT) nr_pages=1,2,4,8,16,32,64,128,256,512 cpus=2 invlpg_max=512 \
		arm:label=invlpg,flush_ceiling=512 arm:label=full,flush_ceiling=1 \
	-- access $(EXACT) nr_pages=16..4096 cpus=1 \
	-- kmalloc-pair $(EXACT) size=64,1024 cpus=1 slab=slub,slab,slob \
	-- page-pair $(EXACT) order=0,3,9 cpus=1 pages=buddy,bitmap
# And inside Linux 6.1, in a guest: the trade there, and what mmcore's calls take beside Linux's own.
IN_LINUX := target=module kernel=6.1
LINUX_EXACT := $(IN_LINUX) mode=exact cpus=1 arm:impl=native arm:impl=mmcore
BENCH_LINUX := unmap-storm $(IN_LINUX) flush=eager,lazy cpus=2 \
	-- page-pair $(LINUX_EXACT) -- kmalloc-pair size=64 $(LINUX_EXACT) \
	-- fix_size_alloc_test nr_pages=1,64 $(LINUX_EXACT)
## Measure the main job, write the report, print where it is (5 minutes)
.PHONY: bench
bench: deps
	@$(MAKE) $(PARALLEL) --no-print-directory build
	$(Q)$(B)/trimm run --reason bench $(BENCH_TIMED) -- $(BENCH_EXACT) -- $(BENCH_LINUX)
	$(Q)$(B)/trimm report

## Accept the exact counters as they are now: make baseline REASON="why" (10 seconds)
.PHONY: baseline
baseline: build
	@tests/baseline renew "$$REASON"

# About 2 minutes. kmalloc beside the allocators people know, by size, with many objects, freed on
# another CPU; caches; pages, singly and in bulk; what requests hold (sizes between powers of two
# show what rounding costs); how the search for a virtual area grows. What Linux has today comes
# first: it is what the others are compared with. 15 blocks are enough for this many judged rows.
CACHES := arm:impl=mmcore,slab=slub arm:impl=mmcore,sheaves=on arm:impl=mmcore,slab=slab \
	arm:impl=mmcore,slab=slob
PAGES := arm:impl=mmcore,pages=buddy arm:impl=mmcore,pages=bitmap
LIBRARIES := arm:impl=native arm:impl=jemalloc arm:impl=mimalloc arm:impl=tcmalloc
BENCH_ALLOC := kmalloc-pair size=16,40,64,100,256,600,1024,2100,4096,5000,8192,12288 cpus=1 \
		blocks=40 $(CACHES) $(LIBRARIES) \
	-- kmalloc-outstanding objects=10,100,1000,10000 cpus=1 blocks=40 $(CACHES) $(LIBRARIES) \
	-- remote-free size=64,1024 cpus=2 blocks=40 $(CACHES) $(LIBRARIES) \
	-- slab-bulk batch=1,4,16,64,256 cpus=1 blocks=40 $(CACHES) \
	-- page-pair order=0,3,9 cpus=1,2 blocks=40 $(PAGES) $(LIBRARIES) \
	-- page-outstanding outstanding=1,16,128,1024,8192 cpus=1 blocks=40 $(PAGES) \
		arm:impl=tcmalloc \
	-- page-bulk batch=1,4,16,64,256 cpus=1 blocks=40 $(PAGES) \
	-- fix_size_alloc_test nr_pages=1,2,3,4,5,6,7,8 cpus=1 blocks=15 timing=none \
		lazy_max_pages=1024 arm:impl=mmcore arm:impl=native \
	-- areas-live live=125..8000 cpus=1 blocks=15 timing=none warmup=500 lazy_max_pages=256 \
		areas=augmented,nodes,rbtree,list \
	-- fragment memory=256M cpus=1 blocks=15 pages=buddy,bitmap
## Measure allocators: kmalloc, caches, pages, areas; mmcore beside others (2 minutes)
.PHONY: bench-alloc
bench-alloc: deps
	@$(MAKE) $(PARALLEL) --no-print-directory build
	$(Q)$(B)/trimm run --reason bench $(BENCH_ALLOC)
	$(Q)$(B)/trimm report

# Programs whose name contains _threads run under the thread sanitizer too.
test_programs = $(foreach bin,$(TEST_BIN),$(if $(filter test_%,$(notdir $(bin))),$(bin)))
THREAD_BIN := $(foreach bin,$(test_programs),$(if $(findstring _threads,$(notdir $(bin))),$(bin)))
.PHONY: thread-tests
thread-tests: $(THREAD_BIN)
in_flavour = $(patsubst $(B)/%,build/$(1)/%,$(2))
SCRIPTS := $(call sources,tests/*.sh tests/e2e/*.sh tests/kernel/*.sh tests/module/*.sh)
## Build and run every test, as measured and with sanitizers (15 minutes)
.PHONY: check
# As many compilers as CPUs, unless the caller has said how many.
PARALLEL = $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc))
check: deps
	@printf '  %s: %s\n' release '$(OPT_release)' asan '$(OPT_asan)' tsan '$(OPT_tsan)'
	@$(MAKE) $(PARALLEL) --no-print-directory FLAVOUR=release build tests
	@$(MAKE) $(PARALLEL) --no-print-directory FLAVOUR=asan build tests
	@$(MAKE) $(PARALLEL) --no-print-directory FLAVOUR=tsan thread-tests
	@$(MAKE) --no-print-directory module-for-tests
	@tests/run $(call in_flavour,release,$(test_programs)) \
		$(call in_flavour,asan,$(test_programs)) $(call in_flavour,tsan,$(THREAD_BIN)) \
		$(SCRIPTS)

# The fuzzer's own needs; `make check` replays what it found without them.
FUZZ_PACKAGES := clang libclang-rt-dev
STREAMS = $(shell awk -F'[(),]' '/^STREAM/ { print $$2 }' tests/stream/streams.def)
FUZZ_SECONDS ?= 60
.PHONY: fuzz-build
fuzz-build:
	@$(MAKE) --no-print-directory deps PACKAGES='$(PACKAGES) $(FUZZ_PACKAGES)'
	@$(MAKE) $(PARALLEL) --no-print-directory FLAVOUR=fuzz CC=clang build/fuzz/fuzz
## Fuzz each layer's operations (5 minutes; FUZZ_SECONDS=60 a stream)
.PHONY: fuzz
fuzz: fuzz-build
	@tests/fuzz/run $(FUZZ_SECONDS) $(STREAMS)
## Keep what fuzzing found, as few inputs as will do, in tests/fuzz/corpus
.PHONY: fuzz-keep
fuzz-keep: fuzz-build
	@tests/fuzz/run keep $(STREAMS)
# What tests/module does in full: more than a check has time for.
MODULE_SOAK := MODULE_WORKLOADS="6.1/1 6.1/2 6.1/4 6.12/1 6.12/2 6.12/4" MODULE_FAULTS="6.1 6.12" \
	MODULE_CYCLES=100 MODULE_KILLS=20 MODULE_ROUNDS="6.1/1 6.1/16 6.12/1 6.12/16" \
	CONTROL_FUZZ_SECONDS=60 TEST_TIMEOUT=3600
## Ten million operations for each answer; exact runs 20 times; 60 million events traced; guests (2 hours)
.PHONY: soak
soak: deps
	@$(MAKE) $(PARALLEL) --no-print-directory FLAVOUR=release build build/release/tests/fuzz/soak
	@build/release/tests/fuzz/soak
	@EXACT_RUNS=20 EXACT_WORKLOADS= TEST_TIMEOUT=7200 tests/run tests/kernel/exact.sh
	@$(MAKE) --no-print-directory FLAVOUR=release build tests
	@PROBES_CALLS=60000000 TEST_TIMEOUT=3600 tests/run tests/e2e/probes_rate.sh
	@$(MAKE) --no-print-directory module-for-tests
	@$(MODULE_SOAK) tests/run $(wildcard tests/module/*.sh)
	@MODULE_CHECKED=1 MODULE_WORKLOADS=6.12/2 TEST_TIMEOUT=7200 tests/run tests/module/workloads.sh

## Record gcc, sqlite3 and a kernel's boot, to replay (1 minute; suite traces)
.PHONY: traces
traces: build
	@trace/record/stock

## Format the C sources as the project does
.PHONY: format
format:
	$(Q)clang-format -i $(wildcard $(addsuffix /*.[ch],$(sort $(dir $(ALL_OBJ:$(B)/%=%)) \
		targets/include/ targets/user/include/ targets/x86_64-qemu/include/ targets/linux-module/ \
		targets/linux-module/include/ guest/)))

# From the bottom up; then what analysis costs.
FIGURES := mmcore/bench_bitmap mmcore/bench_pages mmcore/bench_slab mmcore/bench_slab_memory \
	mmcore/bench_areas mmcore/bench_vmalloc unit/bench_store unit/bench_history unit/bench_replay unit/bench_perf \
	tlbmodel/bench_exact
## Print what single parts cost: pages, slab, areas, a store of a million records, perf events, exact counting, recording, probes
.PHONY: figures
figures: $(addprefix $(B)/tests/,$(FIGURES)) tests/record_cost tests/trace_cost
	$(Q)missed=; for program in $^; do \
		echo "$${program##*/}:"; $$program || missed="$$missed $${program##*/}"; done; \
	[ ! "$$missed" ] || { echo "bounds missed, as said above, by$$missed"; exit 1; }

## Print how often judgements are wrong, by made-up nights with fixed seeds; build/stats/report.txt (2 minutes)
.PHONY: stats-check
stats-check: $(STATS_BIN)
	@mkdir -p build/stats
	$(Q)missed=; for program in $^; do \
		$$program >build/stats/$${program##*/}.txt || missed="$$missed $${program##*/}"; \
		cat build/stats/$${program##*/}.txt; echo; done; \
	cat $(patsubst %,build/stats/%.txt,$(notdir $(STATS_BIN))) >build/stats/report.txt; \
	[ ! "$$missed" ] || { echo "bounds missed, as said above, by$$missed"; exit 1; }

PREFIX ?= /usr/local
# What the command runs; each build.mk below adds its own.
PROGRAMS := trimm-user
# What a Linux guest and its module are made of, where guest/prepare is looked for
# (launch/prepared.c): made there, for the user who first runs it.
GUEST_SOURCES := guest/prepare mmcore bench targets/include targets/linux-module
LIBEXEC = $(DESTDIR)$(PREFIX)/libexec/trimm
## Install the command, its targets and the manual pages under PREFIX
.PHONY: install
install: build
	install -D $(B)/trimm $(DESTDIR)$(PREFIX)/bin/trimm
	install -D -t $(LIBEXEC) $(addprefix $(B)/,$(PROGRAMS))
	rm -rf $(LIBEXEC)/src
	mkdir -p $(LIBEXEC)/src
	cp -r --parents -t $(LIBEXEC)/src $(GUEST_SOURCES)
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/trimm/suites $(wildcard suites/*.suite)
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/man/man1 $(wildcard man/*.1)

## Remove everything that was built (results stay)
.PHONY: clean
clean:
	rm -rf build

# libperf, the kernel, what starts it, and the plugin that watches it: each adds to `build` and ALL_OBJ.
include $(wildcard targets/user/build.mk targets/x86_64-qemu/build.mk launch/build.mk guest/build.mk trace/build.mk trace/kernel/build.mk trace/probes/build.mk packaging/build.mk)

-include $(ALL_OBJ:.o=.d)
