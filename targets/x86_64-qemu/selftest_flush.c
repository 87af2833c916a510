/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * selftest_flush.c - after a flush no CPU uses an old translation. Each CPU reads some pages, and
 * so caches where they are; then their entries change. What is read now may be old: how often it
 * was shows that there was something to flush. After the flush, which the CPUs ask for in turn,
 * none may be. The tables are made here, beside those of cores: nothing else drops what is cached.
 *
 * CPUs of odd numbers wait for the flush with interrupts off, as those do that want a spinlock; for
 * a while they do not answer, and the flush must not return before they have.
 */
#include "selftest_flush.h"

#include "cpu.h"
#include "host.h"
#include "machine.h"
#include "pagetable.h"
#include "port.h"
#include "team.h"
#include "window.h"

#define ENTRIES HUGE_PAGES
/* An entry that points to a table: present, writable, accessed. */
#define TABLE 0x23UL

#define ENDS 20
/* Of a second: how long some do not answer. */
#define SILENT_PART 5000

enum { OLD, NEW, CONTENTS };

/* What is changed at once: 2 MiB of addresses each. */
struct scenario {
	const char *name;
	unsigned int pages; /* the range */
	const char *invlpg_max;
	void (*change)(unsigned int number);
	void (*flush)(uintptr_t start, uintptr_t end);
};

static struct team team;
static struct tri_run frames; /* a block: its halves are filled with OLD and NEW */
static uint64_t *level2[CONTENTS], *level1;

static uintptr_t base(void)
{
	return window_start(WINDOWS - 1);
}

static uint64_t *table_of(unsigned int number, unsigned int content)
{
	return level1 + (CONTENTS * number + content) * ENTRIES;
}

static uint64_t table_entry(const void *table)
{
	return memory_physical(table) | TABLE;
}

static unsigned long frame_of(unsigned int content)
{
	return frames.first + content * HUGE_PAGES;
}

static void change_pages(unsigned int number)
{
	memcpy(table_of(number, OLD), table_of(number, NEW), TRI_PAGE_SIZE);
}

static void change_table(unsigned int number)
{
	level2[OLD][number] = table_entry(table_of(number, NEW));
}

static void change_huge(unsigned int number)
{
	level2[OLD][number] = pagetable_huge_leaf(frame_of(NEW));
}

/* The flush does it all. */
static void change_nothing(unsigned int number)
{
	(void)number;
}

static void flush_range(uintptr_t start, uintptr_t end)
{
	plat_tlb_flush_range(start, end);
}

static void flush_all(uintptr_t start, uintptr_t end)
{
	(void)end;
	plat_tlb_flush_all(start);
}

static void resplice(uintptr_t start, uintptr_t end)
{
	(void)start;
	(void)end;
	paging_unsplice(base(), base() + 1);
	paging_splice(base(), plat_ptr_to_pfn(level2[NEW]));
}

static const struct scenario scenarios[] = {
	{"a page", 1, "33", change_pages, flush_range},
	{"33 pages", 33, "33", change_pages, flush_range},
	{"34 pages, all at once", 34, "33", change_pages, flush_range},
	{"512 pages, one by one", 512, "512", change_pages, flush_range},
	{"everything", 40, "33", change_pages, flush_all},
	{"a page of another table", 1, "33", change_table, flush_range},
	{"a table", 512, "33", change_table, flush_range},
	{"2 MiB", 512, "33", change_huge, flush_range},
	{"2 MiB, one by one", 512, "512", change_huge, flush_range},
	{"a window", 40, "33", change_nothing, resplice},
};
#define SCENARIOS (sizeof(scenarios) / sizeof(scenarios[0]))

static void entries_prepare(unsigned int number)
{
	bool huge = scenarios[number].change == change_huge;
	unsigned int content, i;

	for (content = 0; content < CONTENTS; content++) {
		for (i = 0; i < ENTRIES; i++)
			table_of(number, content)[i] = pagetable_leaf(frame_of(content) + i);
		level2[content][number] = huge ? pagetable_huge_leaf(frame_of(content))
					       : table_entry(table_of(number, content));
	}
}

/*
 * Of the range's pages these many are read, at both ends: as many as any TLB holds, that of QEMU's
 * TCG too, which grows by being emptied.
 */
static unsigned int pages_read(const struct scenario *scenario)
{
	return scenario->pages < 2 * ENDS ? scenario->pages : 2 * ENDS;
}

/* How many of them still are the old ones. */
static unsigned int read_pages(const struct scenario *scenario, uintptr_t start)
{
	unsigned int n = pages_read(scenario), old = 0, i;

	for (i = 0; i < n; i++) {
		unsigned int page = i < n / 2 ? i : scenario->pages - n + i;

		old += *(const volatile uint64_t *)(start + page * TRI_PAGE_SIZE) == OLD;
	}
	return old;
}

/* Of all flushes so far: CPUs that had begun not to answer; flushes that returned. */
static unsigned int silent, flushes;

static void flush(const struct scenario *scenario, uintptr_t start, unsigned int silent_before)
{
	team_wait_until(&silent, silent_before);
	host_param_set("invlpg_max", scenario->invlpg_max);
	scenario->flush(start, start + scenario->pages * TRI_PAGE_SIZE);
	__atomic_fetch_add(&flushes, 1, __ATOMIC_RELAXED);
}

/* Does flush @number return while this CPU does not answer? */
static bool stay_silent(unsigned int number)
{
	uint64_t end = plat_ticks() + machine_tick_hz() / SILENT_PART;
	bool early = false;

	__atomic_fetch_add(&silent, 1, __ATOMIC_RELEASE);
	for (; plat_ticks() < end; cpu_pause())
		early |= __atomic_load_n(&flushes, __ATOMIC_RELAXED) > number;
	return early;
}

/* Of all CPUs together. */
static struct {
	unsigned int first, before, after; /* old pages read: at first; changed; flushed */
	unsigned int early;		   /* CPUs the flush did not wait for */
} seen[SCENARIOS];

static void add(unsigned int *to, unsigned int more)
{
	__atomic_fetch_add(to, more, __ATOMIC_RELAXED);
}

/* Stand by while another CPU flushes. */
static void stand_by(unsigned int slot, unsigned int number)
{
	unsigned long saved;

	if (slot & 1) {
		saved = plat_pin();
		add(&seen[number].early, stay_silent(number));
		team_meet(&team);
		plat_unpin(saved);
	} else {
		team_meet(&team);
	}
}

static void work(void *unused, unsigned int slot)
{
	unsigned int number, silent_so_far = 0;

	(void)unused;
	for (number = 0; number < SCENARIOS; number++) {
		const struct scenario *scenario = &scenarios[number];
		uintptr_t start = base() + number * HUGE_BYTES;
		unsigned int asks = number % team.size;

		silent_so_far += team.size / 2 - (asks & 1);
		add(&seen[number].first, read_pages(scenario, start));
		team_meet(&team);
		if (slot == asks)
			scenario->change(number);
		team_meet(&team);
		add(&seen[number].before, read_pages(scenario, start));
		team_meet(&team);
		if (slot == asks) {
			flush(scenario, start, silent_so_far);
			team_meet(&team);
		} else {
			stand_by(slot, number);
		}
		add(&seen[number].after, read_pages(scenario, start));
		team_meet(&team);
	}
}

static bool prepare(void)
{
	unsigned int content, i;

	level2[OLD] = memory_alloc(CONTENTS * TRI_PAGE_SIZE);
	level1 = memory_alloc(CONTENTS * SCENARIOS * TRI_PAGE_SIZE);
	if (!level2[OLD] || !level1 || !memory_take_runs(CONTENTS * HUGE_PAGES, &frames, 1))
		return false;
	level2[NEW] = level2[OLD] + ENTRIES;
	for (content = 0; content < CONTENTS; content++)
		for (i = 0; i < HUGE_PAGES; i++)
			*(uint64_t *)plat_pfn_to_ptr(frame_of(content) + i) = content;
	for (i = 0; i < SCENARIOS; i++)
		entries_prepare(i);
	team.size = cpu_count();
	return true;
}

int selftest_flush(void)
{
	unsigned int wrong = 0, i;

	if (!prepare()) {
		words_printf("selftest flush: no memory");
		return 1;
	}
	paging_splice(base(), plat_ptr_to_pfn(level2[OLD]));
	cpus_run(team.size, work, NULL);
	paging_unsplice(base(), base() + 1);
	for (i = 0; i < SCENARIOS; i++) {
		unsigned int all = team.size * pages_read(&scenarios[i]);

		words_printf("flush of %s: %u CPUs read %u pages: %u old at first, %u changed, "
			     "%u flushed; %u CPUs not waited for",
			     scenarios[i].name, team.size, all, seen[i].first, seen[i].before,
			     seen[i].after, seen[i].early);
		wrong += all - seen[i].first + seen[i].after + seen[i].early;
	}
	memory_return_runs(&frames, 1);
	memory_free(level1, CONTENTS * SCENARIOS * TRI_PAGE_SIZE);
	memory_free(level2[OLD], CONTENTS * TRI_PAGE_SIZE);
	return wrong ? 1 : 0;
}
