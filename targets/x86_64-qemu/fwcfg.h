/* SPDX-License-Identifier: GPL-2.0-only */
/* fwcfg.h - what QEMU tells its firmware (QEMU docs/specs/fw_cfg). */
#ifndef X86_64_QEMU_FWCFG_H
#define X86_64_QEMU_FWCFG_H

/* How many CPUs the machine has; 1 if there is nobody to ask. */
unsigned int fwcfg_cpus(void);

#endif /* X86_64_QEMU_FWCFG_H */
