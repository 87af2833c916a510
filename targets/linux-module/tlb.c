/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tlb.c - flushes: INVLPG for each page, or all translations at once, on every CPU that is online,
 * in an interrupt, and wait for all. As Linux's flush_tlb_kernel_range() (arch/x86/mm/tlb.c; not
 * exported) it interrupts idle CPUs, too: they hold kernel translations as others do.
 *
 * mmcore's entries are global, so INVLPG drops them whatever PCID they were cached under.
 */
#include "tlb.h"

#include <asm/tlbflush.h>
#include <linux/smp.h>

#include "flush_class.h"
#include "histogram.h"
#include "host.h"
#include "params.h"

DEFINE_PER_CPU(struct tlb_work, tlb_work);

/* One set for all CPUs, 211 KiB: beside interrupting the others its lock is nothing. */
static struct histogram took[HOST_FLUSH_CLASSES];
static plat_spinlock_t took_lock;

/*
 * A level-1 table's pages: who flushes them may want to free the table, and a pointer to it that
 * was cached under another PCID outlives INVLPG (Intel SDM 3A, 4.10.4.1). So all is dropped.
 */
#define TABLE_PAGES 512

/* An empty one: everything. */
struct flush_work {
	uintptr_t start, end;
	unsigned int asked; /* the CPU that wants it */
};

/* On each CPU, interrupts off. __flush_tlb_all(): INVPCID, or without it CR4.PGE off and on. */
static void serve(void *arg)
{
	const struct flush_work *work = arg;

	if (work->start == work->end)
		__flush_tlb_all();
	for (uintptr_t at = work->start; at < work->end; at += TRI_PAGE_SIZE)
		host_invlpg(at);
	if (smp_processor_id() != work->asked)
		this_cpu_inc(tlb_work.served);
}

static void account(uint64_t ticks, unsigned int interrupted)
{
	unsigned long saved = plat_pin();

	this_cpu_inc(tlb_work.calls);
	this_cpu_add(tlb_work.ticks, ticks);
	/* Times are no part of counts, and a histogram's first value takes another path. */
	if (!params_counted()) {
		plat_spin_lock(&took_lock);
		histogram_add(&took[flush_class(interrupted)], ticks);
		plat_spin_unlock(&took_lock);
	}
	plat_unpin(saved);
}

/* Preemption is off from the count to the last answer, so no CPU comes or goes between. */
static unsigned int flush(uintptr_t start, uintptr_t end)
{
	struct flush_work work = {.start = start, .end = end};
	uint64_t begin;
	unsigned int interrupted;

	plat_might_sleep();
	begin = plat_ticks();
	work.asked = get_cpu();
	interrupted = num_online_cpus() - 1;
	on_each_cpu(serve, &work, 1);
	put_cpu();
	account(plat_ticks() - begin, interrupted);
	return interrupted;
}

unsigned int plat_tlb_flush_range(uintptr_t start, uintptr_t end)
{
	unsigned long pages = (end - start) >> TRI_PAGE_SHIFT;

	if (pages > params_invlpg_max() || pages >= TABLE_PAGES)
		return flush(0, 0);
	return flush(start, end);
}

/* Windows have no identifiers of their own in a TLB: one window's flush is everybody's. */
unsigned int plat_tlb_flush_all(uintptr_t window_of)
{
	(void)window_of;
	return flush(0, 0);
}

static void forget(void *arg)
{
	(void)arg;
	__flush_tlb_all();
}

void tlb_forget(void)
{
	on_each_cpu(forget, NULL, 1);
}

void host_flush_times_take(struct histogram *to)
{
	for (unsigned int i = 0; i < HOST_FLUSH_CLASSES; i++) {
		if (!took[i].n)
			continue;
		histogram_merge(&to[i], &took[i]);
		histogram_reset(&took[i]);
	}
}
