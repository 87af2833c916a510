/* SPDX-License-Identifier: GPL-2.0-only */
/* clock.h - what the ticks of plat_ticks() are worth. */
#ifndef LINUX_MODULE_CLOCK_H
#define LINUX_MODULE_CLOCK_H

#include <linux/types.h>

/* Ticks per second, as Linux found out when it booted. */
uint64_t clock_hz(void);
/* "tsc-hw"; "tsc-tcg": an emulator's; "tsc-unstable": not one rate, or not alike on all CPUs. */
const char *clock_timebase(void);
/* The timebase is the hardware's. */
bool clock_is_real(void);

#endif /* LINUX_MODULE_CLOCK_H */
