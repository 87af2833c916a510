/* SPDX-License-Identifier: GPL-2.0-only */
/* record_probes.h - what probes would say of an arm: ipi, stalls, vmalloc's purges, stacks. */
#ifndef TESTS_RECORD_PROBES_H
#define TESTS_RECORD_PROBES_H

#include <stdbool.h>
#include <stdio.h>

struct record_probes {
	FILE *out;
	int bench;
	bool lazy; /* few interrupts, but purges */
	unsigned int cpus;
	unsigned long ops;
};

void record_probes(const struct record_probes *arm);

#endif /* TESTS_RECORD_PROBES_H */
