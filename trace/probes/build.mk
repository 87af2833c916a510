# SPDX-License-Identifier: GPL-2.0-only
# trimm-trace: all probes and the collector (how a probe becomes a header is in ../build.mk).
# Static, as a guest has no libraries; so not with sanitizers, which are not.

PROBES_SRC := $(call sources,$(filter-out %.bpf.c,$(wildcard trace/probes/*.c)))
PROBES_OBJ := $(call objects,$(PROBES_SRC))
PROBES_BPF := $(patsubst %.c,$(B)/%.o,$(wildcard trace/probes/*.bpf.c))
PROBES_SKEL := $(PROBES_BPF:.bpf.o=.skel.h)
ALL_OBJ += $(PROBES_OBJ) $(PROBES_BPF)
ifeq ($(FLAVOUR),release)
build: $(B)/trimm-trace
PROGRAMS += trimm-trace
endif

$(PROBES_BPF): trace/probes/build.mk
$(PROBES_OBJ): HOST_CFLAGS += -Itrace/probes -I$(B)/trace/probes
# libperf (targets/user/build.mk), and of its own headers what it does not hand out.
PROBES_PERF := $(addprefix $(B)/trace/probes/,faults.o perf_fd.o)
$(PROBES_PERF): HOST_CFLAGS += -I$(LIBPERF_DIR)/tools/lib/perf/include
$(B)/trace/probes/perf_fd.o: HOST_CFLAGS += \
	$(addprefix -isystem $(LIBPERF_DIR)/tools/,include arch/x86/include)
$(PROBES_PERF): | $(LIBPERF)
# Of this machine's registers, and of mmcore's points.
$(B)/trace/probes/mmcore.bpf.o: BPF_INCLUDES += -D__TARGET_ARCH_x86 -Immcore
# Only probe X's own file includes X.skel.h.
$(foreach skel,$(PROBES_SKEL),$(eval $(skel:.skel.h=.o): $(skel)))
# What cases' blocks say of costs is analysis' to find.
$(B)/trimm-trace: $(PROBES_OBJ) $(POINT_SHOWN) $(addprefix $(B)/,trace/kernel/command.o analysis/trace_cost.o analysis/statistics.o) $(LIBPERF)
	$(call msg,LINK,$@)
	$(Q)$(CC) $(OPT) -static -o $@ $^ -lbpf -lelf -lz -ljansson -lgsl -lgslcblas -lm

# --- Tests: tests/trace/*.c are programs that tests/e2e and tests/module have probes watch ---

TRACE_TEST_SRC := $(call sources,$(filter-out tests/trace/test_%,$(wildcard tests/trace/*.c)))
# What counts the same tracepoints, to compare.
PACKAGES += linux-perf
TRACE_TESTS := $(patsubst %.c,$(B)/%,$(TRACE_TEST_SRC))
$(call objects,$(TRACE_TEST_SRC)): HOST_CFLAGS += -Itests/trace
ALL_OBJ += $(call objects,$(TRACE_TEST_SRC))
ifeq ($(FLAVOUR),release)
tests: $(TRACE_TESTS)
endif
$(TRACE_TESTS): $(B)/%: $(B)/%.o
	$(call msg,LINK,$@)
	$(Q)$(CC) $(OPT) -static -o $@ $^ -pthread

# The names of its callers are looked for, by frame pointers. Once as most programs are: with
# libraries, and no fixed place.
$(B)/tests/trace/nested.o: HOST_CFLAGS += -fno-omit-frame-pointer -fPIE
ifeq ($(FLAVOUR),release)
tests: $(B)/tests/trace/nested_pie
endif
$(B)/tests/trace/nested_pie: $(B)/tests/trace/nested.o
	$(call msg,LINK,$@)
	$(Q)$(CC) $(OPT) -pie -o $@ $^

# What of the collector needs no kernel.
TRACE_UNIT_SRC := $(call sources,tests/trace/test_*.c)
TRACE_UNIT_BIN := $(patsubst %.c,$(B)/%,$(TRACE_UNIT_SRC))
$(call objects,$(TRACE_UNIT_SRC)): HOST_CFLAGS += -Itrace/probes
ALL_OBJ += $(call objects,$(TRACE_UNIT_SRC))
TEST_BIN += $(TRACE_UNIT_BIN)
tests: $(TRACE_UNIT_BIN)
$(B)/tests/trace/test_gfp_name: $(B)/trace/probes/gfp_name.o
$(B)/tests/trace/test_outlet: $(B)/trace/probes/outlet.o
$(B)/tests/trace/test_account: $(B)/trace/probes/account.o
$(B)/tests/trace/test_frames: $(B)/trace/probes/frames.o
$(B)/tests/trace/test_numbers: $(B)/trace/probes/numbers.o
$(B)/tests/trace/test_phases: $(addprefix $(B)/,$(addprefix trace/probes/,phases.o blocks.o say.o) \
	analysis/trace_cost.o analysis/statistics.o)
$(TRACE_UNIT_BIN): $(B)/%: $(B)/%.o
	$(call msg,LINK,$@)
	$(Q)$(CC) $(OPT) -o $@ $^ -lcmocka -ljansson -lelf -lgsl -lgslcblas -lm
