# SPDX-License-Identifier: GPL-2.0-only
# trimm-record-kernel: what trimm record --kernel runs (probes become a header in ../build.mk).
# Static, as a guest has no libraries; so not with sanitizers, which are not.

KMEM_SRC := $(call sources,$(filter-out %.bpf.c,$(wildcard trace/kernel/*.c)))
KMEM_OBJ := $(call objects,$(KMEM_SRC))
KMEM_SKEL := $(B)/trace/kernel/kmem.skel.h
ALL_OBJ += $(KMEM_OBJ) $(B)/trace/kernel/kmem.bpf.o
ifeq ($(FLAVOUR),release)
build: $(B)/trimm-record-kernel
PROGRAMS += trimm-record-kernel
endif

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
