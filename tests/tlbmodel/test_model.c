/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_model.c - the TLB model against what can be worked out by hand, and against a simulator made
 * another way (simulator.c), on streams of events and over geometries at random.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "model.h"
#include "model_text.h"
#include "replay.h"
#include "simulator.h"
#include "trace.h"

#define PAGE 4096UL
#define BASE 0x200000000000UL

/* Every address is mapped like this. */
static struct tlb_mapping mapping;

static struct tlb_mapping walk_to(void *arg, uint64_t address)
{
	(void)arg;
	(void)address;
	return mapping;
}

static void map(enum tlb_size size, bool global)
{
	mapping = (struct tlb_mapping){4 - size, true, size, global};
}

static struct tlb *new_tlb(const char *text)
{
	struct tlb_shape shape;
	struct tlb *tlb;
	char why[256];

	map(TLB_4K, false);
	if (model_parse(text, &shape, why, sizeof(why)))
		fail_msg("%s", why);
	tlb = tlb_new(&shape, walk_to, NULL);
	assert_non_null(tlb);
	return tlb;
}

static void walk(struct tlb *tlb, unsigned long pages, unsigned long stride)
{
	for (unsigned long i = 0; i < pages; i++)
		tlb_access(tlb, BASE + i * stride);
}

/* @n neighbours walked again and again: the pages of sets with more than @ways miss each time. */
static unsigned long missed_each_round(unsigned long n, unsigned long entries, unsigned long ways)
{
	unsigned long sets = entries / ways, missed = 0;

	for (unsigned long set = 0; set < sets; set++) {
		unsigned long members = n / sets + (set < n % sets);

		missed += members > ways ? members : 0;
	}
	return missed;
}

static const struct {
	const char *text;
	unsigned int dtlb, dtlb_ways, stlb, stlb_ways;
} geometries[] = {
	{"skylake", 64, 4, 1536, 12},  {"zen3", 64, 64, 2048, 8},
	{"a72-like", 32, 32, 1024, 4}, {"dtlb=16x1/stlb=64x2", 16, 1, 64, 2},
	{"dtlb=1/stlb=2", 1, 1, 2, 2},
};
#define GEOMETRIES (sizeof(geometries) / sizeof(geometries[0]))
#define ROUNDS	   4

static void cyclic_walks(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < GEOMETRIES; i++) {
		unsigned int stlb = geometries[i].stlb, dtlb = geometries[i].dtlb;
		const unsigned int pages[] = {1,	dtlb - 1, dtlb,	    dtlb + 1, 2 * dtlb,
					      stlb - 1, stlb,	  stlb + 1, stlb + 7, 2 * stlb};

		for (unsigned int j = 0; j < sizeof(pages) / sizeof(pages[0]); j++) {
			struct tlb *tlb = new_tlb(geometries[i].text);
			const struct tlb_counts *counts = tlb_counts(tlb);
			unsigned long n = pages[j];

			for (unsigned int round = 0; round < ROUNDS; round++)
				walk(tlb, n, PAGE);
			assert_int_equal(
				counts->dtlb_misses,
				n + (ROUNDS - 1) * missed_each_round(n, dtlb,
								     geometries[i].dtlb_ways));
			assert_int_equal(
				counts->stlb_misses,
				n + (ROUNDS - 1) * missed_each_round(n, stlb,
								     geometries[i].stlb_ways));
			tlb_free(tlb);
		}
	}
}

/* LRU and no free way: a page more than ways, and none ever hits. */
static void pages_of_one_set(void **state)
{
	const struct {
		unsigned int pages;
		unsigned long stride;
		unsigned int dtlb, stlb; /* missed in each round but the first */
	} cases[] = {
		{4, 16 * PAGE, 0, 0},
		{5, 16 * PAGE, 5, 0},
		{12, 128 * PAGE, 12, 0},
		{13, 128 * PAGE, 13, 13},
	};

	(void)state;
	for (unsigned int i = 0; i < 4; i++) {
		struct tlb *tlb = new_tlb("skylake");

		for (unsigned int round = 0; round < ROUNDS; round++)
			walk(tlb, cases[i].pages, cases[i].stride);
		assert_int_equal(tlb_counts(tlb)->dtlb_misses,
				 cases[i].pages + (ROUNDS - 1) * cases[i].dtlb);
		assert_int_equal(tlb_counts(tlb)->stlb_misses,
				 cases[i].pages + (ROUNDS - 1) * cases[i].stlb);
		tlb_free(tlb);
	}
}

static void large_pages(void **state)
{
	struct tlb *tlb = new_tlb("skylake");

	(void)state;
	walk(tlb, 512, PAGE);
	assert_int_equal(tlb_counts(tlb)->stlb_misses, 512);
	assert_int_equal(tlb_counts(tlb)->walk_steps, 4 + 511);
	tlb_free(tlb);

	tlb = new_tlb("skylake");
	map(TLB_2M, false);
	walk(tlb, 512, PAGE);
	assert_int_equal(tlb_counts(tlb)->stlb_misses, 1);
	assert_int_equal(tlb_counts(tlb)->walk_steps, 3);
	/* 33 pages of 2 MiB: 5 in one set of the first level of 8 sets with 4 ways. */
	tlb_empty(tlb);
	for (unsigned int round = 0; round < ROUNDS; round++)
		walk(tlb, 33, 512 * PAGE);
	assert_int_equal(tlb_counts(tlb)->dtlb_misses, 1 + 33 + (ROUNDS - 1) * 5);
	assert_int_equal(tlb_counts(tlb)->stlb_misses, 1 + 33);
	tlb_free(tlb);

	tlb = new_tlb("skylake");
	map(TLB_1G, false);
	walk(tlb, 5, 512 * 512 * PAGE);
	walk(tlb, 5, 512 * 512 * PAGE);
	assert_int_equal(tlb_counts(tlb)->dtlb_misses, 10);
	assert_int_equal(tlb_counts(tlb)->stlb_misses, 5);
	assert_int_equal(tlb_counts(tlb)->walk_steps, 5 * 2);
	tlb_free(tlb);
}

/* 4 KiB pages live beside 2 MiB ones: in the STLB they share sets. */
static void sizes_share_the_second_level(void **state)
{
	struct tlb *tlb = new_tlb("dtlb=1/stlb=4");

	(void)state;
	walk(tlb, 3, PAGE);
	map(TLB_2M, false);
	tlb_access(tlb, BASE + (1UL << 30));
	assert_int_equal(tlb_live(tlb), 1 + 4);
	map(TLB_4K, false);
	walk(tlb, 3, PAGE);
	assert_int_equal(tlb_counts(tlb)->stlb_misses, 4);
	tlb_access(tlb, BASE + 3 * PAGE); /* takes the 2 MiB page's place */
	map(TLB_2M, false);
	tlb_access(tlb, BASE + (1UL << 30));
	assert_int_equal(tlb_counts(tlb)->stlb_misses, 6);
	tlb_free(tlb);
}

static void one_invlpg(void **state)
{
	struct tlb *tlb = new_tlb("skylake");
	const struct tlb_counts *counts = tlb_counts(tlb);

	(void)state;
	walk(tlb, 64, PAGE);
	tlb_drop_page(tlb, BASE + 7 * PAGE + 123);
	assert_int_equal(counts->dropped, 2);
	assert_int_equal(tlb_live(tlb), 2 * 63);
	walk(tlb, 64, PAGE);
	assert_int_equal(counts->dtlb_misses, 65);
	assert_int_equal(counts->stlb_misses, 65);
	/* Upper entries of the PCID went as well. */
	assert_int_equal(counts->walk_steps, 4 + 63 + 4);
	tlb_drop_page(tlb, BASE + 64 * PAGE);
	assert_int_equal(counts->dropped, 2);
	walk(tlb, 64, PAGE);
	assert_int_equal(counts->dtlb_misses, 65);
	tlb_free(tlb);
}

static void flushing_all(void **state)
{
	struct tlb *tlb = new_tlb("skylake");
	const struct tlb_counts *counts = tlb_counts(tlb);

	(void)state;
	map(TLB_4K, true);
	walk(tlb, 1000, PAGE);
	assert_int_equal(tlb_live(tlb), 64 + 1000);
	tlb_drop_all(tlb);
	assert_int_equal(counts->dropped, 64 + 1000);
	assert_int_equal(tlb_live(tlb), 0);
	walk(tlb, 1000, PAGE);
	assert_int_equal(counts->stlb_misses, 2000);
	tlb_empty(tlb);
	assert_int_equal(counts->dropped, 64 + 1000);
	assert_int_equal(tlb_live(tlb), 0);
	tlb_free(tlb);
}

static void flushing_ranges(void **state)
{
	struct tlb *tlb = new_tlb("skylake");
	const struct tlb_counts *counts = tlb_counts(tlb);

	(void)state;
	walk(tlb, 32, PAGE);
	tlb_drop_range(tlb, BASE + 8 * PAGE + 5, BASE + 16 * PAGE);
	assert_int_equal(counts->dropped, 2 * 8);
	tlb_drop_range(tlb, BASE + 16 * PAGE, BASE + 16 * PAGE + 1);
	assert_int_equal(counts->dropped, 2 * 9);
	tlb_drop_range(tlb, BASE + 17 * PAGE, BASE + 17 * PAGE);
	assert_int_equal(counts->dropped, 2 * 9);
	map(TLB_2M, true);
	tlb_access(tlb, BASE + (1UL << 30));
	tlb_drop_range(tlb, BASE + (1UL << 30) + 5 * PAGE, BASE + (1UL << 30) + 6 * PAGE);
	assert_int_equal(counts->dropped, 2 * 10);
	tlb_free(tlb);
}

static void global_and_pcid(void **state)
{
	struct tlb *tlb = new_tlb("skylake");
	const struct tlb_counts *counts = tlb_counts(tlb);

	(void)state;
	tlb_access(tlb, BASE);
	map(TLB_4K, true);
	tlb_access(tlb, BASE + PAGE);
	tlb_load_cr3(tlb, 0x1000);
	assert_int_equal(counts->dropped, 2);
	tlb_access(tlb, BASE + PAGE);
	assert_int_equal(counts->stlb_misses, 2);
	tlb_drop_page(tlb, BASE + PAGE);
	assert_int_equal(counts->dropped, 4);

	/* What PCID 1 has, 2 doesn't see; kept, it is there again. */
	map(TLB_4K, false);
	tlb_load_cr3(tlb, 1UL << 63 | 1);
	tlb_access(tlb, BASE);
	assert_int_equal(counts->stlb_misses, 3);
	tlb_load_cr3(tlb, 1UL << 63 | 2);
	tlb_access(tlb, BASE);
	assert_int_equal(counts->stlb_misses, 4);
	tlb_load_cr3(tlb, 1UL << 63 | 1);
	tlb_access(tlb, BASE);
	assert_int_equal(counts->dtlb_misses, 4);
	assert_int_equal(counts->dropped, 4);
	/* Without the bit what goes is the new PCID's. */
	tlb_load_cr3(tlb, 2);
	assert_int_equal(counts->dropped, 6);
	tlb_load_cr3(tlb, 1UL << 63 | 1);
	tlb_access(tlb, BASE);
	assert_int_equal(counts->dtlb_misses, 4);
	/* INVLPG leaves other PCIDs alone. */
	tlb_load_cr3(tlb, 1UL << 63 | 2);
	tlb_drop_page(tlb, BASE);
	assert_int_equal(counts->dropped, 6);
	tlb_free(tlb);
}

/* A second level of one entry: each access of a cycle walks. */
static uint64_t steps(const char *uppers, enum tlb_size size, unsigned int pages,
		      unsigned long stride, unsigned int rounds)
{
	char text[128] = "dtlb=1/stlb=1";
	struct tlb *tlb;
	uint64_t n;

	tlb = new_tlb(strcat(text, uppers));
	map(size, false);
	for (unsigned int i = 0; i < rounds; i++)
		walk(tlb, pages, stride);
	assert_int_equal(tlb_counts(tlb)->stlb_misses, pages * rounds);
	n = tlb_counts(tlb)->walk_steps;
	tlb_free(tlb);
	return n;
}

static void steps_of_walks(void **state)
{
	const unsigned long table = 512 * PAGE, directory = 512 * table, pointers = 512 * directory;

	(void)state;
	assert_int_equal(steps("", TLB_4K, 10, PAGE, 3), 30 * 4);
	assert_int_equal(steps("", TLB_2M, 10, table, 3), 30 * 3);
	assert_int_equal(steps("", TLB_1G, 10, directory, 3), 30 * 2);
	/* One table: the first walk reads 4 entries, the others 1. Two tables in turn the same. */
	assert_int_equal(steps("/pde=2", TLB_4K, 10, PAGE, 3), 4 + 29);
	assert_int_equal(steps("/pde=2", TLB_4K, 2, table, 3), 2 * 4 + 4);
	/* Three tables in two entries: LRU never helps. Upper caches then do. */
	assert_int_equal(steps("/pde=2", TLB_4K, 3, table, 3), 9 * 4);
	assert_int_equal(steps("/pde=2/pdpte=1", TLB_4K, 3, table, 3), 4 + 8 * 2);
	assert_int_equal(steps("/pde=2/pdpte=1/pml4e=1", TLB_4K, 3, directory, 3), 4 + 8 * 3);
	assert_int_equal(steps("/pde=2/pdpte=1/pml4e=1", TLB_4K, 3, pointers, 3), 9 * 4);
	/* 2 MiB pages have no use for PDE caches. */
	assert_int_equal(steps("/pde=8", TLB_2M, 3, table, 3), 9 * 3);
	assert_int_equal(steps("/pdpte=1", TLB_2M, 3, table, 3), 3 + 8);
	assert_int_equal(steps("/pml4e=1", TLB_1G, 3, directory, 3), 2 + 8);
}

/* A walk that ends early costs its reads, each time. */
static void what_is_unmapped(void **state)
{
	struct tlb *tlb = new_tlb("skylake/pml4e=2");

	(void)state;
	mapping = (struct tlb_mapping){3, false, TLB_4K, false};
	tlb_access(tlb, BASE);
	tlb_access(tlb, BASE);
	assert_int_equal(tlb_counts(tlb)->stlb_misses, 2);
	assert_int_equal(tlb_counts(tlb)->walk_steps, 3 + 1);
	assert_int_equal(tlb_live(tlb), 0);
	tlb_free(tlb);
}

static uint64_t seed;

static uint64_t next(uint64_t below)
{
	seed = seed * 6364136223846793005UL + 1442695040888963407UL;
	return (seed >> 33) % below;
}

/* What is mapped where never changes: every seventh 2 MiB is one page, every ninth 1 GiB too. */
static uint64_t access_event(uint64_t page)
{
	uint64_t address = (page << 12) + BASE;
	unsigned int size = (page >> 18) % 9 == 1 ? TLB_1G : (page >> 9) % 7 == 1 ? TLB_2M : TLB_4K;

	if (page % 1021 == 1)
		return trace_word(TRACE_UNMAPPED, 0, page % 4, address);
	return trace_word(TRACE_ACCESS, 0, size | ((page >> 9 * size) % 5 == 2 ? 4 : 0), address);
}

/* Mixed locality: any of the last pages again, a step on, or anywhere within some power of two. */
static size_t make_events(uint64_t *events, size_t n, unsigned int reach)
{
	uint64_t last[16] = {0};
	size_t i = 0;

	while (i + 2 <= n) {
		unsigned int kind = next(2000);
		uint64_t *page = &last[next(16)], address = (*page << 12) + BASE;

		if (kind == 0) {
			events[i++] = trace_word(TRACE_DROP_RANGE, 0, 0, address);
			events[i++] =
				trace_word(TRACE_DROP_RANGE, 0, 0, address + next(600) * PAGE);
		} else if (kind < 5) {
			events[i++] = trace_word(TRACE_DROP_PAGE, 0, 0, address);
		} else if (kind < 8) {
			events[i++] = trace_word(TRACE_CR3, 0, 0,
						 next(3) << 12 | (uint64_t)(next(4) > 0) << 63);
		} else if (kind == 8) {
			events[i++] = trace_word(next(8) ? TRACE_DROP_ALL : TRACE_EMPTY, 0, 0, 0);
		} else {
			if (next(4) == 0)
				*page = next(1UL << (1 + next(reach)));
			else if (next(2))
				++*page;
			events[i++] = access_event(*page);
		}
	}
	return i;
}

static void compare(const struct tlb_shape *shape, const uint64_t *events, size_t n)
{
	struct tlb_counts expected = simulate(shape, events, n), got = replay(shape, events, n);

	expect_counts(&got, &expected);
}

static void a_million_events_by_preset(void **state)
{
	const size_t room = 1100000;
	uint64_t *events = malloc(room * sizeof(*events));
	const char *const names[] = {"skylake", "zen3", "a72-like"};

	(void)state;
	for (unsigned int i = 0; i < 3; i++) {
		struct tlb_counts counts;
		struct tlb_shape shape;
		char why[256];
		size_t n;

		seed = i + 1;
		n = make_events(events, room, 21);
		assert_int_equal(model_parse(names[i], &shape, why, sizeof(why)), 0);
		compare(&shape, events, n);
		/* The stream has something of everything. */
		counts = replay(&shape, events, n);
		assert_true(counts.stlb_misses > 10000 && counts.dropped > 10000);
		assert_true(counts.dtlb_misses > counts.stlb_misses + 10000);
		assert_true(counts.walk_steps > counts.stlb_misses);
	}
	free(events);
}

static struct tlb_geometry random_geometry(unsigned int most)
{
	unsigned int ways = 1 + (unsigned int)next(9), sets = 1U << next(5);

	if (ways * sets > most)
		sets = 1;
	return (struct tlb_geometry){ways * sets, ways};
}

static void random_geometries(void **state)
{
	const size_t room = 20000;
	uint64_t *events = malloc(room * sizeof(*events));

	(void)state;
	for (unsigned int i = 0; i < 200; i++) {
		struct tlb_shape shape = {0};

		seed = 1000 + i;
		for (unsigned int cache = 0; cache < TLB_CACHES; cache++)
			if (cache == TLB_DTLB || next(3))
				shape.cache[cache] = random_geometry(cache < TLB_PDE ? 128 : 16);
		compare(&shape, events, make_events(events, room, 2 + (unsigned int)next(18)));
	}
	free(events);
}

static void expect_text(const char *text, const char *expected)
{
	struct tlb_shape shape;
	char words[256];

	if (model_parse(text, &shape, words, sizeof(words)) == 0)
		model_words(&shape, words, sizeof(words));
	assert_string_equal(words, expected);
}

static void text_of_a_model(void **state)
{
	struct tlb_shape shape;
	char small[24];

	(void)state;
	expect_text("skylake", "dTLB 4K 64x4, dTLB 2M 32x4, dTLB 1G 4x4, STLB 4K 1536x12, "
			       "STLB 1G 16x4, PDE 32x32, PDPTE 4x4, true LRU");
	expect_text("zen3/stlb=0:dtlb=16x2",
		    "dTLB 4K 16x2, PDE 64x64, PDPTE 64x64, PML4E 64x64, true LRU");
	expect_text("dtlb=3", "dTLB 4K 3x3, true LRU");
	expect_text("haswell", "model: \"haswell\" is no model; it must begin with one of: "
			       "skylake zen3 a72-like");
	expect_text("",
		    "model: \"\" is no model; it must begin with one of: skylake zen3 a72-like");
	expect_text("skylake/tlb=4", "model: \"tlb=4\": it must be CACHE=ENTRIES[xWAYS] with a "
				     "cache of dtlb dtlb2m dtlb1g stlb stlb2m stlb1g pde pdpte "
				     "pml4e");
	expect_text("skylake/stlb=1536x5", "model: \"stlb=1536x5\": the ways must divide the "
					   "entries");
	expect_text("skylake/stlb=96x2", "model: \"stlb=96x2\": entries / ways, the sets, must be "
					 "a power of two");
	expect_text("skylake/stlb=64x0", "model: \"stlb=64x0\": the ways must divide the entries");
	expect_text("skylake/stlb=64x", "model: \"stlb=64x\": the ways must be a number");
	expect_text("skylake/stlb=65537", "model: \"stlb=65537\": the entries must be a number, "
					  "at most 65536");
	expect_text("skylake/stlb=64,4", "model: \"stlb=64,4\": it must be ENTRIES or "
					 "ENTRIESxWAYS");
	expect_text("stlb=64", "model: \"stlb=64\": dtlb must have at least one entry");
	assert_int_equal(model_parse("zen3", &shape, small, sizeof(small)), 0);
	model_words(&shape, small, sizeof(small));
	assert_string_equal(small, "dTLB 4K 64x64, STLB 4K ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cyclic_walks),
		cmocka_unit_test(pages_of_one_set),
		cmocka_unit_test(large_pages),
		cmocka_unit_test(sizes_share_the_second_level),
		cmocka_unit_test(one_invlpg),
		cmocka_unit_test(flushing_all),
		cmocka_unit_test(flushing_ranges),
		cmocka_unit_test(global_and_pcid),
		cmocka_unit_test(steps_of_walks),
		cmocka_unit_test(what_is_unmapped),
		cmocka_unit_test(a_million_events_by_preset),
		cmocka_unit_test(random_geometries),
		cmocka_unit_test(text_of_a_model),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
