/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tlb.c - flushes: INVLPG or the move to CR4 here, then the same on every other CPU, in an
 * interrupt, and wait for all. As Linux's flush_tlb_kernel_range() (arch/x86/mm/tlb.c) it
 * interrupts idle CPUs, too: they hold kernel translations as others do.
 *
 * CPUs that flush at the same time wait with interrupts on and so serve each other.
 */
#include "tlb.h"

#include "channel.h"
#include "flush_class.h"
#include "histogram.h"
#include "host.h"
#include "ipi.h"
#include "machine.h"
#include "paging.h"
#include "params.h"

struct tlb_work tlb_work[TRI_MAX_CPUS];

/* One set for all CPUs, 211 KiB: beside interrupting the others its lock is nothing. */
static struct histogram took[HOST_FLUSH_CLASSES];
static plat_spinlock_t took_lock;

struct range {
	uintptr_t start, end;
};

/* Drop the translations of a range on this CPU; an empty one: all. */
static void flush_here(const struct range *range)
{
	if (range->start == range->end)
		paging_flush_all();
	for (uintptr_t at = range->start; at < range->end; at += TRI_PAGE_SIZE)
		paging_invlpg(at);
}

/* Only the CPU itself writes, or a lost count does no harm; atomic for the reader's sake. */
static void add(uint64_t *to, uint64_t more)
{
	__atomic_store_n(to, *to + more, __ATOMIC_RELAXED);
}

static void serve(void *arg)
{
	flush_here(arg);
	add(&tlb_work[plat_cpu()].served, 1);
}

static void account(uint64_t ticks, unsigned int interrupted)
{
	struct tlb_work *mine = &tlb_work[plat_cpu()];
	struct channel *channel = machine_channel();
	unsigned long saved;

	add(&mine->calls, 1);
	add(&mine->ticks, ticks);
	/* How many instructions this takes depends on the time: not where they are counted. */
	if (channel && channel->modelled)
		return;
	/* On a busy host an answer takes milliseconds, and a slice of them more than a minute. */
	if (channel)
		add(&channel->heartbeat, 1);
	saved = plat_pin();
	plat_spin_lock(&took_lock);
	histogram_add(&took[flush_class(interrupted)], ticks);
	plat_spin_unlock(&took_lock);
	plat_unpin(saved);
}

static unsigned int flush(struct range range)
{
	uint64_t begin;
	unsigned int interrupted;

	plat_might_sleep();
	begin = plat_ticks();
	flush_here(&range);
	interrupted = ipi_call_others(serve, &range, true);
	account(plat_ticks() - begin, interrupted);
	return interrupted;
}

unsigned int plat_tlb_flush_range(uintptr_t start, uintptr_t end)
{
	struct range all = {0, 0}, range = {start, end};

	return flush((end - start) >> TRI_PAGE_SHIFT > params_invlpg_max() ? all : range);
}

/* Windows have no identifiers of their own in a TLB: one window's flush is everybody's. */
unsigned int plat_tlb_flush_all(uintptr_t window_of)
{
	struct range all = {0, 0};

	(void)window_of;
	return flush(all);
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
