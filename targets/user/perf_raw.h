/* SPDX-License-Identifier: GPL-2.0-only */
/* perf_raw.h - events that Linux has no name of its own for: what each CPU calls them. */
#ifndef USER_PERF_RAW_H
#define USER_PERF_RAW_H

#include <stdbool.h>
#include <stdint.h>

enum perf_raw { PERF_RAW_LOAD_WALKS, PERF_RAW_STORE_WALKS };

struct perf_cpu_id {
	bool intel;
	unsigned int family, model;
};

/* What CPUID says of this CPU; a hypervisor may make it up. */
void perf_raw_cpu(struct perf_cpu_id *cpu);
/* perf_event_attr.config on @cpu; false: it has no such event, or none that is known here. */
bool perf_raw_config(enum perf_raw which, const struct perf_cpu_id *cpu, uint64_t *config);

#endif /* USER_PERF_RAW_H */
