/* SPDX-License-Identifier: GPL-2.0-only */
/* clock.c - the time stamp counter: Linux has calibrated it and watches it. */
#include "clock.h"

#include <asm/cpufeature.h>
#include <asm/processor.h>
#include <asm/tsc.h>
#include <linux/string.h>

#define CPUID_HYPERVISOR 0x40000000

/* QEMU, target/i386/cpu.c: how its translator, TCG, names itself. */
static bool emulated(void)
{
	unsigned int highest, vendor[3];

	if (!boot_cpu_has(X86_FEATURE_HYPERVISOR))
		return false;
	cpuid(CPUID_HYPERVISOR, &highest, &vendor[0], &vendor[1], &vendor[2]);
	return !memcmp(vendor, "TCGTCGTCGTCG", sizeof(vendor));
}

uint64_t clock_hz(void)
{
	return tsc_khz * 1000ULL;
}

const char *clock_timebase(void)
{
	if (emulated())
		return "tsc-tcg";
	if (check_tsc_unstable() || !boot_cpu_has(X86_FEATURE_CONSTANT_TSC))
		return "tsc-unstable";
	return "tsc-hw";
}

bool clock_is_real(void)
{
	return !strcmp(clock_timebase(), "tsc-hw");
}
