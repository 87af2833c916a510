# SPDX-License-Identifier: GPL-2.0-only
# libperf, which no distribution packages: made of the kernel's source, as a package has it. In
# every flavour alike, without sanitizers. 15 seconds, nearly all of it unpacking; once. libperf.a
# holds libapi, which it needs, too.

# Its interface has not changed between these in what is used of it.
PACKAGES += linux-source-6.1
LIBPERF_SOURCE := $(firstword $(wildcard $(patsubst %,/usr/src/linux-source-%.tar.xz,6.1 6.12)))
LIBPERF_DIR := build/libperf
LIBPERF := $(LIBPERF_DIR)/libperf.a
LIBPERF_PARTS := lib/perf lib/api lib/*.c include build scripts arch/x86/include

# Beside its place, then moved there: two builds at once, of two flavours, do not meet in it.
$(LIBPERF): $(LIBPERF_SOURCE) targets/user/build.mk
	$(call msg,PERF,$@)
	@[ "$(LIBPERF_SOURCE)" ] || { echo "no kernel source in /usr/src to build libperf of;" \
		"\`make deps\` installs linux-source-6.1"; exit 1; }
	$(Q)mkdir -p build && new=$$(mktemp -d $(CURDIR)/build/libperf.XXXXXX) && \
		tar -xJf $(LIBPERF_SOURCE) -C $$new --strip-components=1 --wildcards \
			$(patsubst %,'linux-source-*/tools/%',$(LIBPERF_PARTS)) && \
		env -u MAKEFLAGS -u MAKELEVEL $(MAKE) -s -C $$new/tools/lib/perf O=$$new/ \
			$$new/libperf.a $$new/libapi.a >$$new/log 2>&1 || \
		{ tail -n 5 $$new/log; rm -rf $$new; exit 1; }; \
	ar q $$new/libperf.a $$new/libapi-in.o && rm -rf $(LIBPERF_DIR) && mv $$new $(LIBPERF_DIR)

# Who includes its headers.
PERF_OBJ := $(filter $(B)/targets/user/perf%,$(USER_OBJ)) \
	$(filter $(B)/tests/unit/test_user_perf% $(B)/tests/unit/bench_perf%,$(call objects,$(UNIT_SRC)))
$(PERF_OBJ): HOST_CFLAGS += -I$(LIBPERF_DIR)/tools/lib/perf/include
$(PERF_OBJ): | $(LIBPERF)
$(B)/trimm-user $(B)/trimm-user-static $(UNIT_BIN): $(LIBPERF)

# mmcore as a shared object: what `core=` loads. Objects of its own, since they need not lie where
# they were linked to; else as the program's own, probes included. Nothing is exported but one
# structure, and nothing of a C library is in it. Its segments want to lie at multiples of 2 MiB, so
# that copies meet the same sets of a TLB and of a branch predictor.
CORE_REVISION := $(shell git describe --always --dirty --abbrev=12 2>/dev/null || echo unknown)
CORE_DIR := targets/user/core
CORE_SO_SRC := $(filter mmcore/%,$(CORE_SRC)) bench/subject_mmcore.c bench/core_calls.c \
	targets/user/probes.c $(CORE_DIR)/core_build.c
CORE_SO_OBJ := $(CORE_SO_SRC:%.c=$(B)/core/%.o)
CORE_SO_CFLAGS := -fPIC -fvisibility=hidden -DPLAT_TLS='"initial-exec"'
CORE_SO_LDFLAGS := -shared -nostdlib -Wl,-Bsymbolic -Wl,-z,now -Wl,-z,noexecstack -Wl,--build-id=sha1 \
	-Wl,-z,max-page-size=0x200000 -Wl,-z,noseparate-code -Wl,-z,norelro \
	-Wl,--version-script=$(CORE_DIR)/core.map
ALL_OBJ += $(CORE_SO_OBJ)
## Build mmcore as a shared object, which trimm run core=FILE loads
.PHONY: core
core: $(B)/trimm-core.so
build: $(B)/trimm-core.so
PROGRAMS += trimm-core.so

# A text that changes with each commit: when it does, what holds it is compiled, and nothing else.
$(shell mkdir -p $(B)/core; echo '$(CORE_REVISION)' | cmp -s - $(B)/core/revision || \
	echo '$(CORE_REVISION)' >$(B)/core/revision)
$(B)/core/$(CORE_DIR)/core_build.o: $(B)/core/revision
$(B)/core/$(CORE_DIR)/core_build.o: CORE_SO_CFLAGS += -DCORE_REVISION='"$(CORE_REVISION)"'
$(B)/core/%.o: %.c Makefile targets/user/build.mk
	$(call msg,CC,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(CORE_CFLAGS) $(CORE_SO_CFLAGS) -c -o $@ $<
$(B)/trimm-core.so: $(CORE_SO_OBJ) $(CORE_DIR)/core.map
	$(call msg,LINK,$@)
	$(Q)$(CC) $(OPT) $(CORE_SO_LDFLAGS) -o $@ $(CORE_SO_OBJ)
# What it finds in who loads it.
CORE_USERS := $(B)/trimm-user $(B)/tests/unit/test_cores
$(CORE_USERS): LOADS := -Wl,--dynamic-list=$(CORE_DIR)/program.list
$(CORE_USERS): $(CORE_DIR)/program.list
$(B)/tests/unit/test_cores: | $(B)/trimm-core.so
