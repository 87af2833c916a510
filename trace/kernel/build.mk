# SPDX-License-Identifier: GPL-2.0-only
# trimm-record-kernel: probes, compiled for the kernel's BPF machine and put into a header, and the
# program that puts them in. Static, as a guest has no libraries; so not with sanitizers, which are.

PACKAGES += clang bpftool libbpf-dev libelf-dev zlib1g-dev
KMEM_SRC := $(call sources,$(filter-out %.bpf.c,$(wildcard trace/kernel/*.c)))
KMEM_OBJ := $(call objects,$(KMEM_SRC))
KMEM_SKEL := $(B)/trace/kernel/kmem.skel.h
ALL_OBJ += $(KMEM_OBJ) $(B)/trace/kernel/kmem.bpf.o
ifeq ($(FLAVOUR),release)
build: $(B)/trimm-record-kernel
PROGRAMS += trimm-record-kernel
endif

# Root's folder, where it is not everybody's: Debian's bpftool is there.
BPFTOOL := $(firstword $(shell command -v bpftool) /usr/sbin/bpftool)
# Not gcc's part of the kernel's headers, which clang looks for elsewhere when it compiles for BPF.
BPF_INCLUDES := -I/usr/include/$(shell $(CC) -print-multiarch)

# The BPF machine's third version has all of C's comparisons, and every kernel since 5.1 knows it.
# What debuggers want is left out by the linking; what libbpf wants (BTF) stays.
$(B)/trace/kernel/kmem.bpf.o: trace/kernel/kmem.bpf.c Makefile trace/kernel/build.mk
	$(call msg,BPF,$@)
	@mkdir -p $(@D)
	$(Q)clang -std=gnu11 -target bpf -mcpu=v3 -O2 -g -ffreestanding -Wall -Wextra -Werror \
		-Wno-unused-parameter -MMD -MP -MF $(@:.o=.d) -MT $@ $(BPF_INCLUDES) -c -o $@.new $<
	$(Q)$(BPFTOOL) gen object $@ $@.new && rm $@.new
$(KMEM_SKEL): $(B)/trace/kernel/kmem.bpf.o
	$(call msg,SKEL,$@)
	$(Q)$(BPFTOOL) gen skeleton $< name kmem >$@

$(KMEM_OBJ): HOST_CFLAGS += -Itrace/kernel -Itrace/record -I$(B)/trace/kernel
$(B)/trace/kernel/probes.o: $(KMEM_SKEL)
$(B)/trimm-record-kernel: $(KMEM_OBJ) $(ATRACE_WRITER_OBJ)
	$(call msg,LINK,$@)
	$(Q)$(CC) $(OPT) -static -o $@ $^ -lbpf -lelf -lz

# --- Tests: tests/kmem/*.c are programs that tests/e2e and tests/module run ---

ifeq ($(FLAVOUR),release)
KMEM_TESTS := $(B)/tests/kmem/messages $(B)/tests/kmem/trace_count
tests: $(KMEM_TESTS)
endif
ALL_OBJ += $(B)/tests/kmem/messages.o $(B)/tests/kmem/trace_count.o
$(B)/tests/kmem/messages: $(B)/tests/kmem/messages.o
$(B)/tests/kmem/trace_count: $(B)/tests/kmem/trace_count.o $(B)/bench/atrace.o
$(B)/tests/kmem/messages $(B)/tests/kmem/trace_count:
	$(call msg,LINK,$@)
	$(Q)$(CC) $(OPT) -static -o $@ $^
