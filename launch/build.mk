# SPDX-License-Identifier: GPL-2.0-only
# trimm-qemu, which runs targets inside QEMU; and the user target as a static program, which is
# how qemu-x86_64 runs it.

LAUNCH_SRC := $(call sources,launch/*.c)
# A model is judged here by what the plugin will read it with.
LAUNCH_OBJ := $(call objects,$(LAUNCH_SRC)) $(addprefix $(B)/trace/,point_shown.o tlbmodel/model_text.o)
# To `trimm show` this program is the target: it listens as trimm-user does.
LAUNCH_LISTENS := $(B)/targets/user/questions.o
LAUNCH_CFLAGS := -Ilaunch -Itargets/x86_64-qemu -Itrace -Itrace/tlbmodel
ALL_OBJ += $(LAUNCH_OBJ)
build: $(B)/trimm-qemu
PROGRAMS += trimm-qemu

$(LAUNCH_OBJ): HOST_CFLAGS += $(LAUNCH_CFLAGS)
$(B)/trimm-qemu: $(LAUNCH_OBJ) $(LAUNCH_LISTENS)
	$(call msg,LINK,$@)
	$(Q)$(CC) $(OPT) -o $@ $^ -ljansson -pthread

# The same objects but for one file: a static program loads no libraries. Not with sanitizers,
# which are libraries.
STATIC_SRC := $(call sources,targets/user/static/*.c)
STATIC_OBJ := $(call objects,$(STATIC_SRC))
$(STATIC_OBJ): HOST_CFLAGS += -Itargets/user
ALL_OBJ += $(STATIC_OBJ)
$(B)/trimm-user-static: $(CORE_OBJ) $(filter-out $(STATIC_OBJ:$(B)/targets/user/static/%=$(B)/targets/user/%),$(USER_OBJ)) \
		$(STATIC_OBJ)
	$(call msg,LINK,$@)
	$(Q)$(CC) $(OPT) -static -o $@ $^ -pthread
ifeq ($(FLAVOUR),release)
build: $(B)/trimm-user-static
PROGRAMS += trimm-user-static
endif

# tests/launch sees this program's parts alone.
LAUNCH_TEST_SRC := $(call sources,tests/launch/*.c)
LAUNCH_TEST_BIN := $(call programs,tests/launch,$(LAUNCH_TEST_SRC))
ALL_OBJ += $(call objects,$(LAUNCH_TEST_SRC))
TEST_BIN += $(LAUNCH_TEST_BIN)
tests: $(LAUNCH_TEST_BIN)
$(call objects,$(LAUNCH_TEST_SRC)): HOST_CFLAGS += $(LAUNCH_CFLAGS)
$(LAUNCH_TEST_BIN): $(B)/%: $(B)/%.o $(filter-out %/main.o,$(LAUNCH_OBJ)) $(LAUNCH_LISTENS)
	$(call msg,LINK,$@)
	$(Q)$(CC) $(OPT) -o $@ $^ -lcmocka -ljansson -pthread
