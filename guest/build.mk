# SPDX-License-Identifier: GPL-2.0-only
# The agent, which is the first program of a Linux guest, and as trimm-module runs cases on this
# machine's own kernel; and what a guest boots (guest/prepare), for each kernel, made when it is
# first used or by `make module`.

GUEST_SRC := $(call sources,guest/*.c)
GUEST_OBJ := $(call objects,$(GUEST_SRC))
ALL_OBJ += $(GUEST_OBJ)
# Static programs and sanitizers, which are libraries, do not go together.
ifeq ($(FLAVOUR),release)
build: $(B)/trimm-module
PROGRAMS += trimm-module
endif
$(B)/trimm-module: $(GUEST_OBJ)
	$(call msg,LINK,$@)
	$(Q)$(CC) $(OPT) -static -o $@ $^

GUEST_KERNELS := 6.1 6.12
## Unpack both Linux kernels and build the module for each, without root (4 minutes, 90 MB)
.PHONY: module
module: deps
	@$(MAKE) $(PARALLEL) --no-print-directory build
	$(Q)for kernel in $(GUEST_KERNELS); do \
		guest/prepare $$kernel build/guest/$$kernel || exit; done

# Where no kernel can be had, which the line above says why, tests of the module are skipped; where
# one can, the module must build.
.PHONY: module-for-tests
module-for-tests:
	@command -v qemu-system-x86_64 >/dev/null || exit 0; \
	for kernel in $(GUEST_KERNELS); do \
		if guest/prepare --kernel-only $$kernel build/guest/$$kernel; then \
			guest/prepare $$kernel build/guest/$$kernel || exit; \
		else \
			echo "  GUEST   $$kernel: tests of the module are skipped"; \
		fi; \
	done
