/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * selftest_flush.c - after a flush no CPU uses an old translation. Each CPU reads pages of an area,
 * and so caches where they are; then their entries change behind mmcore's back. What is read now
 * may be old: that it was, for each page and CPU at least once, shows that there was something to
 * flush. After the flush, which the CPUs ask for in turn, nothing may be.
 *
 * An INVLPG too few shows where others drop no more than their page. QEMU's TCG drops all if pages
 * of 2 MiB were used on both sides of it (accel/tcg/cputlb.c, tlb_flush_page_locked()), and Linux's
 * own lie so. There the flush of one page shows that neither end is left out, and those of more
 * pages what they do on each CPU, not to each page.
 *
 * CPUs of odd numbers have interrupts off for a while when the flush is asked for: it must not
 * return before they have answered.
 */
#include "selftest_flush.h"

#include <linux/bitops.h>
#include <linux/processor.h>

#include "clock.h"
#include "core_calls.h"
#include "host.h"
#include "pagetable.h"
#include "team.h"

#define AREA_ORDER HUGE_ORDER
#define AREA_PAGES HUGE_PAGES
/* Of a range's pages so many are read, evenly spread: all, unless it has more. */
#define PLACES 34U
/*
 * Of each kind of flush. What Linux runs between two reads may drop what was cached; more often
 * than this in a row it does not.
 */
#define ROUNDS 24U
/* Of a second: how long some do not answer. */
#define SILENT_PART 5000

struct scenario {
	const char *name;
	unsigned int pages; /* the range */
	const char *invlpg_max;
	bool all; /* not the range alone */
};

static const struct scenario scenarios[] = {
	{"a page", 1, "33", false},
	{"33 pages", 33, "33", false},
	{"34 pages, all at once", 34, "33", false},
	{"511 pages, one by one", 511, "512", false},
	{"512 pages", 512, "512", false},
	{"everything", 34, "33", true},
};
#define SCENARIOS (sizeof(scenarios) / sizeof(scenarios[0]))

static struct team team;
static struct tri_core *core;
/* Two blocks, of which the area maps the one or the other; each page holds its own pfn. */
static unsigned long block[2];
static uintptr_t area;

/* Of one scenario, all CPUs together but for the first. */
static uint64_t old_at[TRI_MAX_CPUS]; /* places at which this CPU read an old page, as bits */
static unsigned int nr_before;	      /* old pages read once the entries had changed */
static unsigned int nr_wrong;	      /* pages read that were not mapped, no entry just changed */
static unsigned int nr_early;	      /* CPUs a flush did not wait for */
static unsigned int silent, flushes;  /* that began not to answer; that returned */

static_assert(PLACES <= 64, "a bit each");

static void add(unsigned int *to, unsigned int more)
{
	__atomic_fetch_add(to, more, __ATOMIC_RELEASE);
}

static unsigned int places(const struct scenario *scenario)
{
	return scenario->pages < PLACES ? scenario->pages : PLACES;
}

/* The first page's place is 0, the last page's the last. */
static unsigned int page_at(const struct scenario *scenario, unsigned int place)
{
	return place ? place * (scenario->pages - 1) / (places(scenario) - 1) : 0;
}

/* The places at which another page is read than @content has there. */
static uint64_t read_others(const struct scenario *scenario, unsigned int content)
{
	uint64_t others = 0;

	for (unsigned int i = 0; i < places(scenario); i++) {
		unsigned int page = page_at(scenario, i);
		uintptr_t at = area + page * TRI_PAGE_SIZE;

		if (*(const volatile unsigned long *)at != block[content] + page)
			others |= 1UL << i;
	}
	return others;
}

static void change(unsigned int pages, unsigned int content)
{
	for (unsigned int i = 0; i < pages; i++)
		WRITE_ONCE(*pagetable_entries(core, area + i * TRI_PAGE_SIZE),
			   pagetable_leaf(block[content] + i));
}

static void flush(const struct scenario *scenario, unsigned int silent_before)
{
	team_wait_until(&silent, silent_before);
	if (scenario->all)
		plat_tlb_flush_all(area);
	else
		plat_tlb_flush_range(area, area + scenario->pages * TRI_PAGE_SIZE);
	add(&flushes, 1);
}

/* While another CPU flushes, for the @number-th time. */
static void stand_by(unsigned int slot, unsigned int number)
{
	unsigned long saved;
	uint64_t end;
	bool early = false;

	if (!(slot & 1))
		return;
	saved = plat_pin();
	end = plat_ticks() + clock_hz() / SILENT_PART;
	add(&silent, 1);
	for (; plat_ticks() < end; cpu_relax())
		early |= __atomic_load_n(&flushes, __ATOMIC_RELAXED) > number;
	plat_unpin(saved);
	add(&nr_early, early);
}

static void work(void *arg, unsigned int slot)
{
	const struct scenario *scenario = arg;
	unsigned int silent_so_far = 0;

	for (unsigned int round = 0; round < ROUNDS; round++) {
		unsigned int asks = round % team.size, now = round & 1;
		uint64_t others;

		silent_so_far += team.size / 2 - (asks & 1);
		add(&nr_wrong, hweight64(read_others(scenario, now)));
		team_meet(&team);
		if (slot == asks)
			change(scenario->pages, !now);
		team_meet(&team);
		others = read_others(scenario, !now);
		old_at[slot] |= others;
		add(&nr_before, hweight64(others));
		team_meet(&team);
		if (slot == asks)
			flush(scenario, silent_so_far);
		else
			stand_by(slot, round);
		team_meet(&team);
		add(&nr_wrong, hweight64(read_others(scenario, !now)));
	}
}

/* Places that no old page was ever read at, of all CPUs. */
static unsigned int never_old(const struct scenario *scenario)
{
	unsigned int sum = 0;

	for (unsigned int i = 0; i < team.size; i++)
		sum += places(scenario) - hweight64(old_at[i]);
	return sum;
}

/* Is all as it should be? */
static bool try(const struct scenario *scenario)
{
	memset(old_at, 0, sizeof(old_at));
	nr_before = nr_wrong = nr_early = silent = flushes = 0;
	host_param_set("invlpg_max", scenario->invlpg_max);
	if (host_run(team.size, work, (void *)scenario))
		return false;
	host_error("flush of %s: %u CPUs read %u pages %u times: %u old when changed, %u never; "
		   "%u wrong when flushed; %u CPUs not waited for",
		   scenario->name, team.size, places(scenario), ROUNDS, nr_before,
		   never_old(scenario), nr_wrong, nr_early);
	return !never_old(scenario) && !nr_wrong && !nr_early;
}

/* The area, first of the block that an even number of changes leaves it to. */
static bool prepare(void)
{
	unsigned long *pfns = host_scratch_alloc(AREA_PAGES * sizeof(*pfns));

	if (!pfns)
		return false;
	for (unsigned int i = 0; i < 2; i++) {
		block[i] = tri_alloc_pages(TRI_GFP_KERNEL, AREA_ORDER);
		for (unsigned int k = 0; block[i] != TRI_PFN_NONE && k < AREA_PAGES; k++)
			*(unsigned long *)plat_pfn_to_ptr(block[i] + k) = block[i] + k;
	}
	for (unsigned int k = 0; k < AREA_PAGES; k++)
		pfns[k] = block[0] + k;
	area = block[0] != TRI_PFN_NONE && block[1] != TRI_PFN_NONE
		       ? (uintptr_t)tri_vmap(pfns, AREA_PAGES)
		       : 0;
	host_scratch_free(pfns, AREA_PAGES * sizeof(*pfns));
	return area;
}

static void give_back(void)
{
	if (area)
		tri_vunmap((void *)area);
	for (unsigned int i = 0; i < 2; i++)
		if (block[i] != TRI_PFN_NONE)
			tri_free_pages(block[i], AREA_ORDER);
}

static_assert(ROUNDS % 2 == 0, "the area maps what it did, then");

int selftest_flush(void)
{
	struct tri_config config;
	struct host_info info;
	bool right = true;

	host_info_read(&info);
	team = (struct team){.size = info.cpus};
	tri_config_default(&config);
	config.cpus = info.cpus;
	host_param_set("memory", "16M");
	host_param_set("window", "64M");
	core = host_core_create(&core_calls_mmcore, &config);
	if (!core)
		return 1;
	plat_set_core(core);
	block[0] = block[1] = TRI_PFN_NONE;
	if (prepare()) {
		for (unsigned int i = 0; i < SCENARIOS; i++)
			right &= try(&scenarios[i]);
	} else {
		host_error("selftest flush: no memory");
		right = false;
	}
	give_back();
	return host_core_destroy(core) || !right;
}
