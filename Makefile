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
OPT_release := -O2 -fno-omit-frame-pointer -falign-functions=64 -falign-loops=64 -falign-jumps=64 \
	-DTRI_CHECK_LEVEL=0
OPT_asan := -O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined \
	-DTRI_CHECK_LEVEL=2
OPT_tsan := -O1 -fno-omit-frame-pointer -fsanitize=thread -DTRI_CHECK_LEVEL=2
OPT := $(OPT_$(FLAVOUR))
ifeq ($(OPT),)
$(error FLAVOUR=$(FLAVOUR): release, asan or tsan)
endif
CFLAGS := -std=gnu11 -g $(OPT) $(WARNINGS) -MMD -MP
# mmcore and bench see no libc: only the compiler's own headers, platform.h and themselves.
CORE_CFLAGS := -ffreestanding -mcx16 -Immcore -Ibench -Itargets/user/include
HOST_CFLAGS := -D_GNU_SOURCE -DTRIMM_VERSION='"$(VERSION)"' -mcx16 -Immcore -Ibench -Itargets/user/include -Ianalysis -I. -I$(B)
LIBS := -ljansson -lsqlite3 -lgsl -lgslcblas -lm -pthread

sources = $(sort $(wildcard $(1)))
objects = $(patsubst %.c,$(B)/%.o,$(1))
CORE_SRC := $(call sources,mmcore/*.c bench/*.c bench/workloads/*.c)
USER_SRC := $(call sources,targets/user/*.c)
ANALYSIS_SRC := $(call sources,analysis/*.c)
CLI_SRC := $(call sources,cli/*.c)
# test_X.c is a program of its own, bench_X.c one that prints figures; the other files of the
# folder are linked into each. tests/mmcore sees mmcore alone, on a model of a machine;
# tests/unit sees everything but the two main.c.
MMTEST_SRC := $(call sources,tests/mmcore/*.c)
UNIT_SRC := $(call sources,tests/unit/*.c)
programs = $(patsubst %.c,$(B)/%,$(filter $(1)/test_%.c $(1)/bench_%.c,$(2)))
shared = $(call objects,$(filter-out $(1)/test_%.c $(1)/bench_%.c,$(2)))
MMTEST_BIN := $(call programs,tests/mmcore,$(MMTEST_SRC))
UNIT_BIN := $(call programs,tests/unit,$(UNIT_SRC))

CORE_OBJ := $(call objects,$(CORE_SRC))
USER_OBJ := $(call objects,$(USER_SRC))
ANALYSIS_OBJ := $(call objects,$(ANALYSIS_SRC))
CLI_OBJ := $(call objects,$(CLI_SRC))
ALL_OBJ := $(CORE_OBJ) $(USER_OBJ) $(ANALYSIS_OBJ) $(CLI_OBJ) $(call objects,$(MMTEST_SRC) $(UNIT_SRC))

## Show this list
.PHONY: help
help:
	@awk '/^## / { about = substr($$0, 4) } /^[a-z-]+:/ && about != "" { split($$1, n, ":"); \
		printf "  %-12s %s\n", n[1], about; about = "" }' Makefile

## Compile the trimm command and the user target
.PHONY: build
build: $(B)/trimm $(B)/trimm-user

$(B)/trimm: $(CLI_OBJ) $(ANALYSIS_OBJ)
	$(call msg,LINK,$@)
	$(Q)$(CC) $(OPT) -o $@ $^ $(LIBS)

$(B)/trimm-user: $(CORE_OBJ) $(USER_OBJ)
	$(call msg,LINK,$@)
	$(Q)$(CC) $(OPT) -o $@ $^ -pthread

# Each workload's version is the hash of its source: results of another version don't compare.
$(B)/bench/workloads/%.o: bench/workloads/%.c Makefile
	$(call msg,CC,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(CORE_CFLAGS) \
		-DWORKLOAD_VERSION='"$(shell sha256sum $< | cut -c1-16)"' -c -o $@ $<
$(B)/mmcore/%.o: mmcore/%.c Makefile
	$(call msg,CC,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(CORE_CFLAGS) -c -o $@ $<
$(B)/bench/%.o: bench/%.c Makefile
	$(call msg,CC,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(CORE_CFLAGS) -c -o $@ $<
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
$(UNIT_BIN): $(B)/%: $(B)/%.o $(call shared,tests/unit,$(UNIT_SRC)) $(CORE_OBJ) \
		$(filter-out %/main.o,$(USER_OBJ) $(CLI_OBJ)) $(ANALYSIS_OBJ)
	$(call msg,LINK,$@)
	$(Q)$(CC) $(OPT) -o $@ $^ -lcmocka $(LIBS)
.PHONY: tests
tests: $(MMTEST_BIN) $(UNIT_BIN)

## Remove everything that was built (results stay)
.PHONY: clean
clean:
	rm -rf build

-include $(ALL_OBJ:.o=.d)
