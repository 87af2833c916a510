/* SPDX-License-Identifier: GPL-2.0-only */
/* clock.c - the time stamp counter's rate, measured once against CLOCK_MONOTONIC_RAW. */
#include "clock.h"

#include <cpuid.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "platform.h"

#define NS_PER_SECOND 1000000000ULL

/*
 * More: a start-up that can be felt; less: the error of the two clock readings, some 50 ns
 * each, weighs more (here 5 ppm). NTP does not slew the RAW clock.
 */
#define CLOCK_CALIBRATE_NS 20000000ULL

/* More: less chance that every reading was interrupted; less: a faster start. */
#define CLOCK_READINGS 5

#define CPUID_APM	  0x80000007U
#define CPUID_HYPERVISOR  0x40000000U
#define INVARIANT_TSC_BIT (1U << 8)
#define HYPERVISOR_BIT	  (1U << 31)

struct reading {
	uint64_t ns, ticks;
};

/* Of several, the one least disturbed between its two clocks. */
static struct reading read_both(void)
{
	struct reading best = {0};
	uint64_t shortest = UINT64_MAX;

	for (int i = 0; i < CLOCK_READINGS; i++) {
		struct timespec now;
		uint64_t before = plat_ticks(), after;

		clock_gettime(CLOCK_MONOTONIC_RAW, &now);
		after = plat_ticks();
		if (after - before >= shortest)
			continue;
		shortest = after - before;
		best.ns = (uint64_t)now.tv_sec * NS_PER_SECOND + (uint64_t)now.tv_nsec;
		best.ticks = before + shortest / 2;
	}
	return best;
}

static uint64_t measured_hz;

static void measure(void)
{
	struct timespec nap = {.tv_nsec = CLOCK_CALIBRATE_NS};
	struct reading first = read_both(), last;

	do {
		nanosleep(&nap, NULL);
		last = read_both();
	} while (last.ns - first.ns < CLOCK_CALIBRATE_NS);
	measured_hz = (uint64_t)((unsigned __int128)(last.ticks - first.ticks) * NS_PER_SECOND /
				 (last.ns - first.ns));
}

uint64_t clock_hz(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, measure);
	return measured_hz;
}

uint64_t clock_ticks_to_ns(uint64_t ticks)
{
	return (uint64_t)((unsigned __int128)ticks * NS_PER_SECOND / clock_hz());
}

bool clock_emulated(void)
{
	unsigned int a, b, c, d;
	char vendor[12];

	if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & HYPERVISOR_BIT))
		return false;
	__cpuid(CPUID_HYPERVISOR, a, b, c, d);
	memcpy(vendor, &b, 4);
	memcpy(vendor + 4, &c, 4);
	memcpy(vendor + 8, &d, 4);
	return !memcmp(vendor, "TCGTCGTCGTCG", sizeof(vendor));
}

const char *clock_timebase(void)
{
	unsigned int a, b, c, d;

	if (clock_emulated())
		return "tsc-tcg";
	if (!__get_cpuid(CPUID_APM, &a, &b, &c, &d) || !(d & INVARIANT_TSC_BIT))
		return "tsc-unstable";
	return "tsc-hw";
}
