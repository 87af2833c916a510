/* SPDX-License-Identifier: GPL-2.0-only */
/* clock.h - what a tick of plat_ticks() is worth. */
#ifndef USER_CLOCK_H
#define USER_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/* Ticks per second; the first call takes 20 ms to measure them. */
uint64_t clock_hz(void);
uint64_t clock_ticks_to_ns(uint64_t ticks);

/* "tsc-hw"; "tsc-unstable" if the CPU does not promise a constant rate; "tsc-tcg" emulated. */
const char *clock_timebase(void);
/* QEMU TCG executes us: its time is not hardware's, and it has no TLB but its own. */
bool clock_emulated(void);

#endif /* USER_CLOCK_H */
