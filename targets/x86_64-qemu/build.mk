# SPDX-License-Identifier: GPL-2.0-only
# build.mk - the kernel: $(B)/trimm-kernel for QEMU, $(B)/trimm-kernel.sym the same with symbols,
# for debuggers. mmcore and bench are compiled again, with a kernel's flags.

K := targets/x86_64-qemu
KERNEL_SRC := $(call sources,$(K)/*.c)
KERNEL_ASM := $(call sources,$(K)/*.S)
KERNEL_CORE_OBJ := $(CORE_SRC:%.c=$(B)/kernel/%.o)
KERNEL_OBJ := $(call objects,$(KERNEL_SRC)) $(KERNEL_ASM:%.S=$(B)/%.o)
ALL_OBJ += $(KERNEL_CORE_OBJ) $(KERNEL_OBJ)

# mmcore is compiled as for the user target, but that functions and jumps are not aligned: that is 44
# KiB, and NOPs at jumps that would be counted. The target is without alignment and with all frames, for backtraces; what
# only prepares, checks and reports, and all of bench/, whose loops call what is measured, is for size:
# the image's bound is 300 KiB. Sanitizers need a system below them: the other flavours only check.
KERNEL_OPT_release := $(OPT_release)
KERNEL_OPT := $(or $(KERNEL_OPT_$(FLAVOUR)),-O1 -fno-omit-frame-pointer -DTRI_CHECK_LEVEL=2)
KERNEL_OPT_MEASURED := -falign-loops=% -momit-leaf-frame-pointer
KERNEL_COLD_SRC := $(call sources,bench/*.c bench/workloads/*.c mmcore/check*.c mmcore/config.c \
	mmcore/core.c mmcore/events.c mmcore/rbtree_check.c mmcore/show*.c mmcore/slab_debug.c mmcore/text.c \
	$(K)/host.c $(K)/memory.c $(K)/params.c $(K)/selftest*.c $(K)/words.c)
KERNEL_MEASURED_SRC := $(filter-out $(KERNEL_COLD_SRC),$(filter mmcore/%,$(CORE_SRC)))
# The top 2 GiB; interrupts on any stack, so no red zone; no register that interrupts don't save.
KERNEL_CFLAGS := -std=gnu11 -g $(filter-out $(KERNEL_OPT_MEASURED) -falign-functions=% -falign-jumps=%,$(KERNEL_OPT)) $(WARNINGS) -MMD -MP \
	-ffreestanding -ffunction-sections -mcmodel=kernel \
	-mno-red-zone -mgeneral-regs-only -mcx16 -fno-pic -fno-stack-protector -fcf-protection=none \
	-fno-asynchronous-unwind-tables -Immcore -Ibench -I$(K) -I$(K)/include -Itargets/include
KERNEL_LDFLAGS := -nostdlib -static -no-pie -Wl,--build-id=none -Wl,-z,noexecstack \
	-Wl,-z,max-page-size=4096 -Wl,--gc-sections -Wl,--fatal-warnings

build: $(B)/trimm-kernel
PROGRAMS += trimm-kernel

$(B)/kernel/bench/workloads/%.o: bench/workloads/%.c $(MEASURED) Makefile $(K)/build.mk
	$(call msg,CC,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(KERNEL_CFLAGS) \
		-DWORKLOAD_VERSION='"$(call workload_version,.,$<)"' -c -o $@ $<
$(B)/kernel/%.o: %.c Makefile $(K)/build.mk
	$(call msg,CC,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(KERNEL_CFLAGS) -c -o $@ $<
$(KERNEL_COLD_SRC:%.c=$(B)/kernel/%.o) $(patsubst %.c,$(B)/%.o,$(filter $(K)/%,$(KERNEL_COLD_SRC))): KERNEL_CFLAGS += $(if $(filter release,$(FLAVOUR)),-Os)
$(KERNEL_MEASURED_SRC:%.c=$(B)/kernel/%.o): KERNEL_CFLAGS += $(filter $(KERNEL_OPT_MEASURED),$(KERNEL_OPT))
# The compiler must not make a call of memset() out of memset()'s loop.
$(B)/$(K)/string.o: KERNEL_CFLAGS += -fno-tree-loop-distribute-patterns
$(B)/$(K)/%.o: $(K)/%.c Makefile $(K)/build.mk
	$(call msg,CC,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(KERNEL_CFLAGS) -c -o $@ $<
$(B)/$(K)/%.o: $(K)/%.S Makefile $(K)/build.mk
	$(call msg,AS,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(KERNEL_CFLAGS) -c -o $@ $<

# Linked twice: the first time for the addresses that the table of symbols of the second has.
# Text comes before the table, so it does not move.
$(B)/$(K)/kernel.lds: $(K)/kernel.ld $(K)/layout.h
	@mkdir -p $(@D)
	$(Q)$(CC) -E -P -x c -I$(K) -o $@ $<
$(B)/$(K)/symbols.none.S: $(K)/symbols.awk
	@mkdir -p $(@D)
	$(Q)awk -f $< </dev/null >$@
$(B)/$(K)/symbols.S: $(B)/$(K)/kernel.first $(K)/symbols.awk
	$(Q)nm -n $< >$@.nm
	$(Q)awk -v base=0x$$(awk '$$3 == "image_text" { print $$1 }' $@.nm) -f $(K)/symbols.awk $@.nm >$@
KERNEL_LINK = $(CC) $(KERNEL_LDFLAGS) -Wl,-T,$(B)/$(K)/kernel.lds -o $@ \
	$(filter %.o,$^) -x assembler $(filter %.S,$^)
$(B)/$(K)/kernel.first: $(KERNEL_OBJ) $(KERNEL_CORE_OBJ) $(B)/$(K)/symbols.none.S $(B)/$(K)/kernel.lds
	$(Q)$(KERNEL_LINK)
$(B)/trimm-kernel.sym: $(KERNEL_OBJ) $(KERNEL_CORE_OBJ) $(B)/$(K)/symbols.S $(B)/$(K)/kernel.lds
	$(call msg,LINK,$@)
	$(Q)$(KERNEL_LINK)
$(B)/trimm-kernel: $(B)/trimm-kernel.sym
	$(Q)strip -o $@ $<
