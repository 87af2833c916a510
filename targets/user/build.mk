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
