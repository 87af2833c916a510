/* SPDX-License-Identifier: GPL-2.0-only */
/* machine_start.h - between boot.S and machine.c. */
#ifndef X86_64_QEMU_MACHINE_START_H
#define X86_64_QEMU_MACHINE_START_H

#include <stdint.h>

/* In 64-bit mode, on the boot tables, interrupts off; @start_info is a physical address. */
void machine_start(uint32_t start_info);
/* Go on in @fn on the stack that ends at @top. */
void boot_switch_stack(uintptr_t top, void (*fn)(void)) __attribute__((noreturn));

#endif /* X86_64_QEMU_MACHINE_START_H */
