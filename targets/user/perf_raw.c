/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * perf_raw.c - see perf_raw.h. Numbers are Intel's, as in Linux 6.12, tools/perf/pmu-events/arch/
 * x86/: mapfile.csv has the models, virtual-memory.json of each the events DTLB_LOAD_MISSES and
 * DTLB_STORE_MISSES .WALK_DURATION (Haswell, Broadwell) or .WALK_ACTIVE. AMD counts walks (its
 * misses of the second level, which are Linux's dtlb_load_misses) and not the cycles they take.
 * CPUs of two kinds of cores (Alder Lake and after) are left out: a number means another event
 * on each kind.
 */
#include "perf_raw.h"

#include <cpuid.h>
#include <stddef.h>
#include <string.h>

/* Event, unit mask, and the counter mask: cycles with at least one walk, not walks a cycle. */
#define CODE(event, umask, cmask) ((event) | (umask) << 8 | (uint64_t)(cmask) << 24)

struct walks {
	uint64_t load, store;
	unsigned char model[12]; /* ended by 0 */
};

static const struct walks walks[] = {
	/* Haswell, Broadwell */
	{CODE(0x08, 0x10, 0),
	 CODE(0x49, 0x10, 0),
	 {0x3c, 0x3f, 0x45, 0x46, 0x3d, 0x47, 0x4f, 0x56}},
	/* Skylake to Comet Lake, servers included */
	{CODE(0x08, 0x10, 1), CODE(0x49, 0x10, 1), {0x4e, 0x5e, 0x55, 0x8e, 0x9e, 0xa5, 0xa6}},
	/* Ice Lake, Tiger Lake, Rocket Lake */
	{CODE(0x08, 0x10, 1), CODE(0x49, 0x10, 1), {0x7d, 0x7e, 0x6a, 0x6c, 0x8c, 0x8d, 0xa7}},
	/* Sapphire Rapids, Emerald Rapids, Granite Rapids */
	{CODE(0x12, 0x10, 1), CODE(0x13, 0x10, 1), {0x8f, 0xcf, 0xad, 0xae}},
};

void perf_raw_cpu(struct perf_cpu_id *cpu)
{
	unsigned int eax = 0, ebx = 0, ecx = 0, edx = 0;

	*cpu = (struct perf_cpu_id){.intel = false};
	if (!__get_cpuid(0, &eax, &ebx, &ecx, &edx))
		return;
	cpu->intel = ebx == signature_INTEL_ebx && ecx == signature_INTEL_ecx;
	if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx))
		return;
	cpu->family = eax >> 8 & 15;
	cpu->model = eax >> 4 & 15;
	/* Intel's and AMD's manuals of CPUID alike; the upper half of the model from family 6 on.
	 */
	if (cpu->family >= 6)
		cpu->model |= eax >> 12 & 0xf0;
	if (cpu->family == 15)
		cpu->family += eax >> 20 & 255;
}

bool perf_raw_config(enum perf_raw which, const struct perf_cpu_id *cpu, uint64_t *config)
{
	if (!cpu->intel || cpu->family != 6 || !cpu->model || cpu->model > 255)
		return false;
	for (size_t i = 0; i < sizeof(walks) / sizeof(walks[0]); i++) {
		if (!memchr(walks[i].model, (int)cpu->model, sizeof(walks[i].model)))
			continue;
		*config = which == PERF_RAW_LOAD_WALKS ? walks[i].load : walks[i].store;
		return true;
	}
	return false;
}
