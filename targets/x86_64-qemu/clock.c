/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * clock.c - the time stamp counter against the interval timer (Intel 8254), whose channel 0
 * every machine of QEMU's has; its interrupt is masked.
 */
#include "clock.h"

#include "channel.h"
#include "cpu.h"
#include "machine.h"
#include "port.h"
#include "start.h"

#define PIT_HZ	    1193182UL
#define PIT_CHANNEL 0x40
#define PIT_COMMAND 0x43
#define PIT_LATCH   0x00
#define PIT_ONCE    0x30 /* channel 0, low then high byte, mode 0 */
#define PIT_RATE    0x34 /* the same, mode 2 */

#define CALIBRATION (PIT_HZ / 200)
/* Two in a row agree within a part of so many; else there are so many more. */
#define AGREEMENT 100
#define ATTEMPTS  50
#define TRIES	  5
#define ICOUNT_HZ 1000000000UL

#define CPUID_HYPERVISOR 0x40000000
#define CPUID_TSC_KHZ	 0x40000010

static uint64_t tick_hz;

uint64_t machine_tick_hz(void)
{
	return tick_hz;
}

static void pit_set(uint8_t mode, unsigned int count)
{
	port_out8(PIT_COMMAND, mode);
	port_out8(PIT_CHANNEL, count);
	port_out8(PIT_CHANNEL, count >> 8);
}

static unsigned int pit_read(void)
{
	unsigned int low;

	port_out8(PIT_COMMAND, PIT_LATCH);
	low = port_in8(PIT_CHANNEL);
	return port_in8(PIT_CHANNEL) << 8 | low;
}

/* The timer's count and the ticks at that moment: the closest of a few pairs. */
static unsigned int moment(uint64_t *ticks)
{
	uint64_t best = UINT64_MAX;
	unsigned int count = 0, i;

	for (i = 0; i < TRIES; i++) {
		uint64_t before = plat_ticks();
		unsigned int now = pit_read();
		uint64_t took = plat_ticks() - before;

		if (took < best) {
			best = took;
			count = now;
			*ticks = before + took / 2;
		}
	}
	return count;
}

/*
 * A few microseconds without the timer and without PAUSE: under icount each costs the host a
 * thousand times what it costs the guest.
 */
static void spin(void)
{
	unsigned int i;

	for (i = 0; i < 1000; i++)
		__asm__ volatile("");
}

static uint64_t calibrate_once(void)
{
	uint64_t from, to;
	unsigned int first, last;

	pit_set(PIT_RATE, 0);
	first = moment(&from);
	while ((uint16_t)(first - pit_read()) < CALIBRATION)
		spin();
	last = moment(&to);
	clock_timer(0);
	return (to - from) * PIT_HZ / (uint16_t)(first - last);
}

/*
 * The timer's count is of 16 bits: for a CPU that its host leaves standing for 55 ms or more a
 * round is missing, and the rate seems to be a multiple. That does not happen twice alike.
 */
static uint64_t calibrate(void)
{
	uint64_t last = calibrate_once(), now;
	unsigned int i;

	for (i = 0; i < ATTEMPTS; i++, last = now) {
		now = calibrate_once();
		if ((now > last ? now - last : last - now) <= now / AGREEMENT)
			return now;
	}
	start_fail("the timer and the time stamp counter do not agree: try again on a host that is "
		   "less busy");
}

/* What VMware began and KVM continues to report; 0: not there. */
static uint64_t reported_hz(void)
{
	uint32_t leaf[4];

	cpuid(1, leaf);
	if (!(leaf[CPUID_C] & 1U << 31))
		return 0;
	cpuid(CPUID_HYPERVISOR, leaf);
	if (leaf[CPUID_A] < CPUID_TSC_KHZ)
		return 0;
	cpuid(CPUID_TSC_KHZ, leaf);
	return leaf[CPUID_A] * 1000UL;
}

void clock_init(void)
{
	const struct channel *channel = machine_channel();

	if (channel && channel->icount) {
		tick_hz = ICOUNT_HZ;
		return;
	}
	tick_hz = reported_hz();
	if (!tick_hz)
		tick_hz = calibrate();
}

/* Mode 0's last event comes soon: a timer of the host's less. */
void clock_timer(unsigned int pit_count)
{
	if (pit_count)
		pit_set(PIT_RATE, pit_count);
	else
		pit_set(PIT_ONCE, 1);
}

void clock_set_quantum(unsigned int pit_count)
{
	const struct channel *channel = machine_channel();

	if (!channel || !channel->icount || cpu_count() < 2)
		return;
	clock_timer(pit_count);
}
