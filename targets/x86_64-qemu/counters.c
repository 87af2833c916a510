/* SPDX-License-Identifier: GPL-2.0-only */
/* counters.c - what this target counts beside mmcore: flushes, by its own hand. */
#include "cpu.h"
#include "host.h"
#include "machine.h"
#include "tlb.h"

const char *host_counter_avail(enum host_counter which, const char **why)
{
	switch (which) {
	case HOST_COUNTER_host_tlb_shootdowns:
	case HOST_COUNTER_host_flush_calls:
	case HOST_COUNTER_host_flush_ns:
	case HOST_COUNTER_host_lock_waits:
		*why = NULL;
		return "ok";
	case HOST_COUNTER_host_minor_faults:
		*why = "the kernel maps all memory at its start; a fault ends the run";
		break;
	case HOST_COUNTER_host_switches:
		*why = "the kernel has no scheduler: a worker is a CPU";
		break;
	case HOST_COUNTER_host_steal_ns:
		*why = "QEMU does not tell its guest when it was not run";
		break;
	case HOST_COUNTER_COUNT:
		*why = "there is no such counter";
		break;
	}
	return "unsupported";
}

void host_counts_read(struct host_counts *out)
{
	uint64_t ticks = 0;

	*out = (struct host_counts){.value = {0}};
	for (unsigned int i = 0; i < cpu_count(); i++) {
		const struct tlb_work *work = &tlb_work[i];

		out->tlb_by_cpu[i] = __atomic_load_n(&work->served, __ATOMIC_RELAXED);
		out->value[HOST_COUNTER_host_tlb_shootdowns] += out->tlb_by_cpu[i];
		out->value[HOST_COUNTER_host_flush_calls] +=
			__atomic_load_n(&work->calls, __ATOMIC_RELAXED);
		ticks += __atomic_load_n(&work->ticks, __ATOMIC_RELAXED);
	}
	out->value[HOST_COUNTER_host_lock_waits] =
		__atomic_load_n(&plat_spin_waits, __ATOMIC_RELAXED);
	/* Seconds and the rest apart: the product fits. */
	out->value[HOST_COUNTER_host_flush_ns] =
		ticks / machine_tick_hz() * 1000000000UL +
		ticks % machine_tick_hz() * 1000000000UL / machine_tick_hz();
}

/* There are no others. */
unsigned int host_extras(const struct host_extra **table)
{
	*table = NULL;
	return 0;
}

void host_extras_begin(void)
{
}

void host_extras_end(struct host_extra_count *to)
{
	(void)to;
}

const char *host_extras_remark(void)
{
	return NULL;
}
