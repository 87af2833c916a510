/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * counters.c - what Linux counts and lets a module read, and our own flushes (tlb.c).
 *
 * A shootdown of the kernel's own addresses is a function call interrupt to Linux, whoever asks
 * for it: "CAL" in /proc/interrupts; "TLB" counts those of processes' addresses, once more. So
 * that one number is true of mmcore and of Linux's vmalloc alike; what else is called on other
 * CPUs during a case, a fence (platform.h) for one, is in it.
 */
#include <linux/hardirq.h>
#include <linux/math64.h>
#include <linux/percpu.h>
#include <linux/time64.h>

#include "clock.h"
#include "host.h"
#include "tlb.h"
#include "workers.h"

const char *host_counter_avail(enum host_counter which, const char **why)
{
	*why = NULL;
	switch (which) {
	case HOST_COUNTER_host_tlb_shootdowns:
	case HOST_COUNTER_host_switches:
	case HOST_COUNTER_host_flush_calls:
	case HOST_COUNTER_host_flush_ns:
	case HOST_COUNTER_host_lock_waits:
		return "ok";
	case HOST_COUNTER_host_minor_faults:
		*why = "the kernel's memory is mapped before it is used: its threads take no "
		       "faults";
		break;
	case HOST_COUNTER_host_steal_ns:
		*why = "Linux does not tell a module whether its hypervisor says when it was not "
		       "run";
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
	for (unsigned int i = 0; i < workers_cpus(); i++) {
		int cpu = workers_cpu(i);
		const struct tlb_work *work = &per_cpu(tlb_work, cpu);

		out->tlb_by_cpu[i] = READ_ONCE(per_cpu(irq_stat, cpu).irq_call_count);
		out->value[HOST_COUNTER_host_tlb_shootdowns] += out->tlb_by_cpu[i];
		out->value[HOST_COUNTER_host_flush_calls] += READ_ONCE(work->calls);
		ticks += READ_ONCE(work->ticks);
	}
	out->value[HOST_COUNTER_host_lock_waits] =
		__atomic_load_n(&plat_spin_waits, __ATOMIC_RELAXED);
	out->value[HOST_COUNTER_host_switches] = workers_switches();
	out->value[HOST_COUNTER_host_flush_ns] =
		mul_u64_u64_div_u64(ticks, NSEC_PER_SEC, clock_hz());
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
