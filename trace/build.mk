# SPDX-License-Identifier: GPL-2.0-only
# The plugin that QEMU loads, and its tests. QEMU is not built with sanitizers: in every flavour
# the plugin is as in release, and what is tested of it apart is built as the flavour says.

TLBMODEL_SRC := $(call sources,trace/tlbmodel/*.c)
TLBMODEL_PIC := $(patsubst %.c,$(B)/%.pic.o,$(TLBMODEL_SRC))
ALL_OBJ += $(TLBMODEL_PIC)
TLBMODEL_INCLUDES := -Itrace/tlbmodel -Itargets/x86_64-qemu
build: $(B)/tlbmodel.so
PROGRAMS += tlbmodel.so

# qemu_plugin_*() are QEMU's: it defines them when it loads us.
$(B)/tlbmodel.so: $(TLBMODEL_PIC)
	$(call msg,LINK,$@)
	$(Q)$(CC) $(OPT_release) -shared -o $@ $^
$(B)/%.pic.o: %.c Makefile trace/build.mk
	$(call msg,CC,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) -std=gnu11 -g $(OPT_release) $(WARNINGS) -MMD -MP $(HOST_CFLAGS) $(TLBMODEL_INCLUDES) \
		-fPIC -fvisibility=hidden -c -o $@ $<

# --- Tests: tests/tlbmodel/test_X.c are programs; guest.c is what they run under QEMU ---

PACKAGES += qemu-user qemu-system-x86
TLBTEST_SRC := $(filter-out %/guest.c,$(call sources,tests/tlbmodel/*.c))
TLBTEST_BIN := $(call programs,tests/tlbmodel,$(TLBTEST_SRC))
TLBTEST_OBJ := $(call objects,$(TLBTEST_SRC))
TLBTEST_WITH := $(call shared,tests/tlbmodel,$(TLBTEST_SRC)) \
	$(addprefix $(B)/trace/tlbmodel/,decode.o model.o model_text.o)
ALL_OBJ += $(TLBTEST_OBJ) $(TLBTEST_WITH)
TEST_BIN += $(TLBTEST_BIN)
tests: $(TLBTEST_BIN)
$(TLBTEST_OBJ) $(TLBTEST_WITH): HOST_CFLAGS += $(TLBMODEL_INCLUDES)

$(TLBTEST_BIN): $(B)/%: $(B)/%.o $(TLBTEST_WITH)
	$(call msg,LINK,$@)
	$(Q)$(CC) $(OPT) -o $@ $^ -lcmocka

# One part of the plugin each, alone.
TLBTEST_PARTS := $(addprefix $(B)/trace/tlbmodel/,guest.o row_file.o watch.o)
ALL_OBJ += $(TLBTEST_PARTS)
$(TLBTEST_PARTS): HOST_CFLAGS += $(TLBMODEL_INCLUDES)
$(B)/tests/tlbmodel/test_watch: $(B)/trace/tlbmodel/watch.o
$(B)/tests/tlbmodel/test_guest: $(B)/trace/tlbmodel/guest.o
$(B)/tests/tlbmodel/test_row_file: $(B)/trace/tlbmodel/row_file.o

# Never sanitized: what it executes between marks is counted.
TLBTEST_GUESTS := $(addprefix $(B)/tests/tlbmodel/,guest guest_two_nops)
$(B)/tests/tlbmodel/guest_two_nops: GUEST_FLAGS := -DPADDING='".byte 0x90, 0x90"'
$(TLBTEST_GUESTS): tests/tlbmodel/guest.c bench/mark.h targets/include/mark_x86.h \
		targets/include/mailbox.h trace/build.mk
	$(call msg,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) -std=gnu11 -O2 $(WARNINGS) $(HOST_CFLAGS) $(GUEST_FLAGS) -static -pthread -o $@ $<
$(B)/tests/tlbmodel/test_plugin: | $(B)/tlbmodel.so $(TLBTEST_GUESTS)
$(B)/tests/tlbmodel/test_system: | $(B)/tlbmodel.so $(B)/trimm-kernel
# Of what is measured: a static program has no sanitizers.
ifeq ($(FLAVOUR),release)
$(B)/tests/tlbmodel/bench_exact: | $(B)/tlbmodel.so $(B)/trimm-kernel $(B)/trimm-qemu $(B)/trimm-user-static
endif

# --- Points' fields as readers see them: for trimm-qemu and trimm-trace ---

POINT_SHOWN := $(B)/trace/point_shown.o
ALL_OBJ += $(POINT_SHOWN)

# --- Allocation traces: what writes them, for each that records ---

ALL_OBJ += $(ATRACE_WRITER_OBJ)

# `trimm record`: the program, and the library that it has commands preload. The library is in every
# flavour as in release: who loads it has no sanitizers.
RECORD_SRC := $(call sources,$(addprefix trace/record/,encode.c main.c))
RECORD_OBJ := $(call objects,$(RECORD_SRC))
ALL_OBJ += $(RECORD_OBJ) $(B)/trace/record/preload.pic.o
build: $(B)/trimm-record $(B)/libtrimm-record.so
PROGRAMS += trimm-record libtrimm-record.so

$(B)/trimm-record: $(RECORD_OBJ) $(ATRACE_WRITER_OBJ)
	$(call msg,LINK,$@)
	$(Q)$(CC) $(OPT) -o $@ $^
$(B)/tests/unit/test_encode: $(B)/trace/record/encode.o
# Of what is in it, only the functions that stand before the C library's are seen by others; the
# thread's own variable must be there before the first call, and without allocating.
$(B)/libtrimm-record.so: HOST_CFLAGS += -ftls-model=initial-exec -fno-builtin
$(B)/libtrimm-record.so: $(B)/trace/record/preload.pic.o
	$(call msg,LINK,$@)
	$(Q)$(CC) $(OPT_release) -shared -o $@ $^ -pthread

# --- Probes: X.bpf.c, compiled for the kernel's BPF machine, becomes X.skel.h, which X.c includes ---

PACKAGES += clang bpftool libbpf-dev libelf-dev zlib1g-dev
# Root's folder, where it is not everybody's: Debian's bpftool is there.
BPFTOOL := $(firstword $(shell command -v bpftool) /usr/sbin/bpftool)
# Not gcc's part of the kernel's headers, which clang looks for elsewhere when it compiles for BPF.
BPF_INCLUDES := -I/usr/include/$(shell $(CC) -print-multiarch)

# The BPF machine's third version has all of C's comparisons, and every kernel since 5.1 knows it.
# What debuggers want is left out by the linking; what libbpf wants (BTF) stays.
# What only a skeleton is made of stays: else it is made anew each time.
.PRECIOUS: $(B)/%.bpf.o
$(B)/%.bpf.o: %.bpf.c Makefile trace/build.mk
	$(call msg,BPF,$@)
	@mkdir -p $(@D)
	$(Q)clang -std=gnu11 -target bpf -mcpu=v3 -O2 -g -ffreestanding -Wall -Wextra -Werror \
		-Wno-unused-parameter -Wno-unused-function -MMD -MP -MF $(@:.o=.d) -MT $@ $(BPF_INCLUDES) \
		-c -o $@.new $<
	$(Q)$(BPFTOOL) gen object $@ $@.new && rm $@.new
$(B)/%.skel.h: $(B)/%.bpf.o
	$(call msg,SKEL,$@)
	$(Q)$(BPFTOOL) gen skeleton $< name $(notdir $*) >$@
