/* SPDX-License-Identifier: GPL-2.0-only */
/* clock.h - the rate of the time stamp counter, and how long a CPU's turn is under icount. */
#ifndef X86_64_QEMU_CLOCK_H
#define X86_64_QEMU_CLOCK_H

/* Find out the rate; 10 ms unless the machine says it. CPU 0, once. */
void clock_init(void);
/*
 * The timer's period, @pit_count clocks of 838 ns; 0: it stands. Nothing is delivered, but under
 * icount each event ends the turn of the CPU that runs.
 */
void clock_timer(unsigned int pit_count);
/*
 * Under icount with more than one CPU a turn ends with every period of the timer, @pit_count
 * clocks (12: 10,000 instructions); 0: turns as long as QEMU likes, 11 million
 * instructions have been seen. Ignored elsewhere. 2..65535, or 0.
 */
void clock_set_quantum(unsigned int pit_count);

#endif /* X86_64_QEMU_CLOCK_H */
