# SPDX-License-Identifier: GPL-2.0-only
# libperf, which no distribution packages: made of the kernel's source, as a package has it. In
# every flavour alike, without sanitizers. 15 seconds, nearly all of it unpacking; once. libperf.a holds libapi, which it needs, too.

# Its interface has not changed between these in what is used of it.
PACKAGES += linux-source-6.1
LIBPERF_SOURCE := $(firstword $(wildcard $(patsubst %,/usr/src/linux-source-%.tar.xz,6.1 6.12)))
LIBPERF_DIR := build/libperf
LIBPERF := $(LIBPERF_DIR)/libperf.a
LIBPERF_PARTS := lib/perf lib/api lib/*.c include build scripts arch/x86/include

$(LIBPERF): $(LIBPERF_SOURCE) targets/user/build.mk
	$(call msg,UNPACK,$(LIBPERF_DIR))
	@[ "$(LIBPERF_SOURCE)" ] || { echo "no kernel source in /usr/src to build libperf of;" \
		"\`make deps\` installs linux-source-6.1"; exit 1; }
	@rm -rf $(LIBPERF_DIR) && mkdir -p $(LIBPERF_DIR)
	$(Q)tar -xJf $(LIBPERF_SOURCE) -C $(LIBPERF_DIR) --strip-components=1 --wildcards \
		$(patsubst %,'linux-source-*/tools/%',$(LIBPERF_PARTS))
	$(call msg,PERF,$@)
	$(Q)env -u MAKEFLAGS -u MAKELEVEL $(MAKE) -s -C $(LIBPERF_DIR)/tools/lib/perf \
		O=$(CURDIR)/$(LIBPERF_DIR)/ $(addprefix $(CURDIR)/$(LIBPERF_DIR)/,libperf.a libapi.a) \
		>$(LIBPERF_DIR)/log 2>&1 || \
		{ tail -n 5 $(LIBPERF_DIR)/log; echo "all of it: $(LIBPERF_DIR)/log"; exit 1; }
	@ar q $@ $(LIBPERF_DIR)/libapi-in.o

# Who includes its headers.
PERF_OBJ := $(filter $(B)/targets/user/perf%,$(USER_OBJ)) \
	$(filter $(B)/tests/unit/test_user_perf%,$(call objects,$(UNIT_SRC)))
$(PERF_OBJ): HOST_CFLAGS += -I$(LIBPERF_DIR)/tools/lib/perf/include
$(PERF_OBJ): | $(LIBPERF)
$(B)/trimm-user $(B)/trimm-user-static $(UNIT_BIN): $(LIBPERF)
