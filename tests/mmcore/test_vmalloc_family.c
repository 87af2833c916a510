/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_vmalloc_family.c - streams of calls over all of the vmalloc family against a model that
 * knows what every byte must be, under every combination of answers; and out of memory at each
 * allocation in turn.
 */
#include <string.h>

#include "fault.h"
#include "model_platform.h"

#define MIB   (1UL << 20)
#define SLOTS 24
#define PFNS  80

enum kind { VMALLOC, HUGE, VMAP, RAM, KINDS };

/* One live allocation. Each byte is told by its place and the stamp; zero where not written. */
struct item {
	char *at;
	enum kind kind;
	unsigned long size;    /* bytes; of a map: pages, whole */
	unsigned long written; /* bytes [0, written) have the stamp; the rest, if zeroed, is 0 */
	bool zeroed;
	uint8_t stamp;
	unsigned long pfn[PFNS];
};

struct stream {
	struct tri_core *core;
	uint64_t random;
	struct item item[SLOTS];
	unsigned long pfn[PFNS]; /* frames of the test's own, which the maps share */
	unsigned long failed;
};

static uint8_t byte_at(const struct item *item, unsigned long i)
{
	return (uint8_t)(item->stamp + i / TRI_PAGE_SIZE * 7 + i % 251);
}

/* The places that tell most: both ends of each page, the ends, and one at random. */
static unsigned long places(struct stream *stream, const struct item *item, unsigned long *place)
{
	unsigned long n = 0, page = test_below(&stream->random, item->size) & ~(TRI_PAGE_SIZE - 1);

	place[n++] = 0;
	place[n++] = item->size - 1;
	place[n++] = test_below(&stream->random, item->size);
	place[n++] = page;
	place[n++] = page + TRI_PAGE_SIZE - 1;
	if (item->written)
		place[n++] = item->written - 1;
	place[n++] = item->written;
	return n;
}

static void verify(struct stream *stream, const struct item *item)
{
	unsigned long place[8], n = places(stream, item, place);

	for (unsigned long i = 0; i < n; i++) {
		if (place[i] >= item->size)
			continue;
		if (place[i] < item->written)
			assert_int_equal(shadowed_read8(item->at + place[i]),
					 byte_at(item, place[i]));
		else if (item->zeroed)
			assert_int_equal(shadowed_read8(item->at + place[i]), 0);
	}
	assert_true(shadow_open(item->at, item->size));
	/* Where a guard or the tail begins, the user's bytes end. */
	if (TRI_CHECK_LEVEL >= 2)
		assert_false(shadow_open(item->at, item->size + 1));
}

/* Write everything; large areas cost a fault a page, so not always. */
static void stamp(struct stream *stream, struct item *item)
{
	item->stamp = (uint8_t)test_random(&stream->random);
	for (unsigned long i = 0; i < item->size; i++)
		item->at[i] = (char)byte_at(item, i);
	assert_true(shadow_open(item->at, item->size));
	item->written = item->size;
}

static unsigned long random_size(struct stream *stream)
{
	unsigned long pages = 1 + test_below(&stream->random, 6);

	if (test_below(&stream->random, 24) == 0)
		pages = 500 + test_below(&stream->random, 700);
	return pages * TRI_PAGE_SIZE -
	       test_below(&stream->random, 2) * test_below(&stream->random, 4090);
}

/* A map shows what the frames hold, wherever else they are mapped. */
static void verify_map(struct stream *stream, const struct item *item)
{
	for (unsigned long i = 0; i < item->size; i++) {
		char *at = item->at + i * TRI_PAGE_SIZE;
		uint8_t *frame = plat_pfn_to_ptr(item->pfn[i]);

		assert_int_equal(tri_vmalloc_to_pfn(at), item->pfn[i]);
		if (i && test_below(&stream->random, 8))
			continue;
		shadowed_write8(at + 5, (uint8_t)(i + 1));
		assert_int_equal(frame[5], i + 1);
	}
}

static void map(struct stream *stream, struct item *item)
{
	item->size = 1 + test_below(&stream->random, test_below(&stream->random, 4) ? 9 : PFNS);
	for (unsigned long i = 0; i < item->size; i++)
		item->pfn[i] = stream->pfn[test_below(&stream->random, PFNS)];
	item->at = item->kind == VMAP ? tri_vmap(item->pfn, item->size)
				      : tri_vm_map_ram(item->pfn, item->size);
	if (item->at)
		verify_map(stream, item);
}

static void allocate(struct stream *stream, struct item *item)
{
	memset(item, 0, sizeof(*item));
	item->kind = test_below(&stream->random, KINDS);
	if (item->kind == HUGE && test_below(&stream->random, 4))
		item->kind = VMALLOC;
	if (item->kind >= VMAP) {
		map(stream, item);
	} else {
		item->zeroed = test_below(&stream->random, 2);
		item->size = random_size(stream);
		if (item->kind == HUGE)
			item->size += 2 * MIB;
		if (item->kind == HUGE)
			item->at = tri_vmalloc_huge(item->size, item->zeroed ? TRI_GFP_ZERO : 0);
		else
			item->at = item->zeroed ? tri_vzalloc(item->size) : tri_vmalloc(item->size);
		if (item->at)
			verify(stream, item);
		if (item->at && item->size < 8 * TRI_PAGE_SIZE)
			stamp(stream, item);
	}
	stream->failed += !item->at;
}

static void release(struct item *item)
{
	if (item->kind == VMAP)
		tri_vunmap(item->at);
	else if (item->kind == RAM)
		tri_vm_unmap_ram(item->at, item->size);
	else
		tri_vfree(item->at);
	item->at = NULL;
}

/* With TRI_GFP_ZERO what is new is zero, whatever was there before a shrink. */
static void resize(struct stream *stream, struct item *item)
{
	unsigned long size = random_size(stream), old = item->size;
	bool zero = test_below(&stream->random, 2);
	char *to = tri_vrealloc(item->at, size, zero ? TRI_GFP_ZERO : 0);

	if (!to) {
		stream->failed++;
		verify(stream, item);
		return;
	}
	item->at = to;
	item->size = size;
	if (size < old) {
		if (item->written > size)
			item->written = size;
	} else if (item->written == old) {
		item->zeroed = zero;
	} else {
		item->zeroed = item->zeroed && zero;
	}
	verify(stream, item);
	if (size < 8 * TRI_PAGE_SIZE)
		stamp(stream, item);
}

static void step(struct stream *stream)
{
	struct item *item = &stream->item[test_below(&stream->random, SLOTS)];

	if (!item->at) {
		allocate(stream, item);
	} else if (item->kind >= VMAP) {
		verify_map(stream, item);
		release(item);
	} else if (test_below(&stream->random, 3)) {
		resize(stream, item);
	} else {
		verify(stream, item);
		release(item);
	}
	if (test_below(&stream->random, 200) == 0)
		tri_vmalloc_purge();
	if (test_below(&stream->random, 200) == 0)
		tri_vm_unmap_aliases();
}

static void begin(struct stream *stream, const struct tri_config *config)
{
	memset(stream, 0, sizeof(*stream));
	stream->random = test_seed();
	stream->core = model_start(config);
	for (unsigned long i = 0; i < PFNS; i++) {
		stream->pfn[i] = tri_alloc_pages(TRI_GFP_KERNEL, 0);
		shadow_set_pfn(stream->core, stream->pfn[i], 1, SHADOW_OPEN);
	}
}

static void end(struct stream *stream)
{
	for (int slot = 0; slot < SLOTS; slot++) {
		if (stream->item[slot].at)
			release(&stream->item[slot]);
	}
	for (unsigned long i = 0; i < PFNS; i++)
		tri_free_pages(stream->pfn[i], 0);
	model_stop(stream->core);
}

static void run_stream(const struct tri_config *config, int steps)
{
	struct stream stream;

	begin(&stream, config);
	for (int i = 0; i < steps; i++) {
		step(&stream);
		if (i % 16 == 0)
			assert_sound(stream.core);
	}
	/* It hits the walls, but does not live there. */
	assert_in_range(stream.failed, 0, (unsigned long)steps / 3);
	end(&stream);
}

static void set(struct tri_config *config, const char *name, const char *value)
{
	assert_int_equal(tri_config_set(config, name, value), 0);
}

/* Every answer of every question the family asks or rests on, with the others' defaults... */
static void each_answer(void **state)
{
	static const char *const questions[] = {"areas", "flush",	"huge",
						"pages", "vmap_blocks", "vrealloc"};
	struct tri_config config;

	(void)state;
	for (unsigned int i = 0; i < TRI_POLICY_COUNT; i++) {
		const struct tri_policy_info *info = &tri_policy_info[i];

		for (unsigned int q = 0; q < sizeof(questions) / sizeof(questions[0]); q++) {
			if (strcmp(info->question, questions[q]))
				continue;
			model_config(&config, 2, 8192, 32 * MIB);
			set(&config, info->question, info->answer);
			set(&config, "lazy_max_pages", "3000");
			run_stream(&config, 400);
		}
	}
}

/* ... the answers that Linux gave together ... */
static void each_era(void **state)
{
	static const char *const eras[] = {
#define ERA(name, ...) name,
#include "eras.def"
#undef ERA
	};
	struct tri_config config;

	(void)state;
	for (unsigned int i = 0; i < sizeof(eras) / sizeof(eras[0]); i++) {
		model_config(&config, 2, 8192, 32 * MIB);
		set(&config, "era", eras[i]);
		set(&config, "lazy_max_pages", "3000");
		run_stream(&config, 300);
	}
}

/* ... and the flush policies with few frames, with few addresses, and what came before. */
static void each_flush_in_need(void **state)
{
	struct tri_config config;

	(void)state;
	for (unsigned int i = 0; i < TRI_POLICY_COUNT; i++) {
		if (strcmp(tri_policy_info[i].question, "flush"))
			continue;
		for (int narrow = 0; narrow < 3; narrow++) {
			model_config(&config, 1, narrow == 1 ? 1800 : 8192,
				     narrow == 2 ? 12 * MIB : 32 * MIB);
			set(&config, "flush", tri_policy_info[i].answer);
			set(&config, "lazy_max_pages", "500");
			if (narrow == 0) {
				set(&config, "vmap_blocks", "none");
				set(&config, "huge", "off");
				set(&config, "vrealloc", "copy");
			}
			run_stream(&config, 400);
		}
	}
}

/* --- Out of memory at each allocation in turn --- */

/* Frames that only caches may hold, and that no call has to give back. */
static unsigned long frames_available(struct tri_core *core)
{
	struct tri_status status;

	tri_status_read(core, &status);
	return status.frames_free + status.tables + status.pool_frames;
}

static unsigned long own_pfns[PFNS];
static char *resized;

static void *call_vmalloc(void)
{
	return tri_vmalloc(700 * TRI_PAGE_SIZE);
}
static void *call_vzalloc(void)
{
	return tri_vzalloc(3 * TRI_PAGE_SIZE);
}
static void *call_huge(void)
{
	return tri_vmalloc_huge(2 * MIB + 5 * TRI_PAGE_SIZE, TRI_GFP_ZERO);
}
static void *call_vmap(void)
{
	return tri_vmap(own_pfns, 40);
}
static void *call_ram(void)
{
	return tri_vm_map_ram(own_pfns, 5);
}
static void *call_large_ram(void)
{
	return tri_vm_map_ram(own_pfns, PFNS);
}
static void *call_vrealloc(void)
{
	char *to = tri_vrealloc(resized, 300 * TRI_PAGE_SIZE, TRI_GFP_ZERO);

	if (to)
		resized = to;
	assert_int_equal(resized[4095], 77);
	return to;
}

static void undo_ram(const void *at)
{
	tri_vm_unmap_ram(at, 5);
}
static void undo_large_ram(const void *at)
{
	tri_vm_unmap_ram(at, PFNS);
}
static void undo_vrealloc(const void *at)
{
	resized = tri_vrealloc(at, TRI_PAGE_SIZE, 0);
}

static const struct {
	void *(*make)(void);
	void (*undo)(const void *at);
} calls[] = {
	{call_vmalloc, tri_vfree},	{call_vzalloc, tri_vfree}, {call_huge, tri_vfree},
	{call_vmap, tri_vunmap},	{call_ram, undo_ram},	   {call_large_ram, undo_large_ram},
	{call_vrealloc, undo_vrealloc},
};

/* All the frames but @left, in blocks of one. */
static unsigned long hoard(unsigned long *pfns, unsigned long max)
{
	unsigned long n = 0;

	while (n < max && (pfns[n] = tri_alloc_pages(TRI_GFP_NOWARN, 0)) != TRI_PFN_NONE)
		n++;
	return n;
}

/* With each number of free frames from none to enough: whole success or no trace. */
static void out_of_frames(const char *flush, const char *vrealloc, unsigned int which)
{
	static unsigned long hoarded[4096];
	struct tri_config config;
	struct tri_core *core;
	unsigned long n, before;
	void *at = NULL;

	model_config(&config, 1, 2600, 16 * MIB);
	set(&config, "flush", flush);
	set(&config, "vrealloc", vrealloc);
	core = model_start(&config);
	for (unsigned long i = 0; i < PFNS; i++)
		own_pfns[i] = tri_alloc_pages(TRI_GFP_KERNEL, 0);
	resized = tri_vmalloc(TRI_PAGE_SIZE);
	memset(resized, 77, TRI_PAGE_SIZE);
	n = hoard(hoarded, 4096);
	before = frames_available(core);
	while (!at) {
		at = calls[which].make();
		assert_sound(core);
		if (at)
			break;
		assert_int_equal(frames_available(core), before);
		tri_vmalloc_purge();
		assert_true(n > 0);
		tri_free_pages(hoarded[--n], 0);
		before = frames_available(core);
	}
	calls[which].undo(at);
	while (n)
		tri_free_pages(hoarded[--n], 0);
	for (unsigned long i = 0; i < PFNS; i++)
		tri_free_pages(own_pfns[i], 0);
	tri_vfree(resized);
	model_stop(core);
}

static void no_frame_at_each_site(void **state)
{
	(void)state;
	for (unsigned int which = 0; which < sizeof(calls) / sizeof(calls[0]); which++) {
		out_of_frames("lazy", "inplace", which);
		out_of_frames("eager", "copy", which);
	}
}

#if TRI_CHECK_LEVEL >= 1
/* Each allocation of pages, or of addresses, fails once; what can do without it, does. */
static void fault_at_each_site(enum tri_fault_site site, const char *flush, unsigned int which)
{
	struct tri_config config;
	struct tri_core *core;
	unsigned long n = 0;

	model_config(&config, 1, 4096, 16 * MIB);
	set(&config, "flush", flush);
	core = model_start(&config);
	for (unsigned long i = 0; i < PFNS; i++)
		own_pfns[i] = tri_alloc_pages(TRI_GFP_KERNEL, 0);
	resized = tri_vmalloc(TRI_PAGE_SIZE);
	memset(resized, 77, TRI_PAGE_SIZE);
	model.quiet = true;
	do {
		const struct tri_fault fault = {.after = n++, .interval = 1, .times = 1};
		unsigned long before = frames_available(core);
		void *at;

		tri_fault_set(core, site, &fault);
		at = calls[which].make();
		assert_sound(core);
		if (at)
			calls[which].undo(at);
		else
			assert_int_equal(frames_available(core), before);
		tri_vmalloc_purge();
		assert_sound(core);
	} while (tri_fault_failures(core, site));
	assert_true(site != TRI_FAULT_AREA || n <= 2);
	model.quiet = false;
	for (unsigned long i = 0; i < PFNS; i++)
		tri_free_pages(own_pfns[i], 0);
	tri_vfree(resized);
	model_stop(core);
}

static void each_allocation_fails_once(void **state)
{
	(void)state;
	for (unsigned int which = 0; which < sizeof(calls) / sizeof(calls[0]); which++) {
		fault_at_each_site(TRI_FAULT_PAGES, "lazy", which);
		fault_at_each_site(TRI_FAULT_PAGES, "eager", which);
		fault_at_each_site(TRI_FAULT_AREA, "lazy", which);
	}
}

/* Whatever may sleep says so when it is called pinned. */
static void sleeping_while_pinned_panics(void **state)
{
	(void)state;
	for (volatile unsigned int call = 0; call < 10; call++) {
		struct tri_config config;
		struct tri_core *core;
		char *own, *map, *ram;

		model_config(&config, 1, 4096, 16 * MIB);
		core = model_start(&config);
		for (unsigned long i = 0; i < PFNS; i++)
			own_pfns[i] = tri_alloc_pages(TRI_GFP_KERNEL, 0);
		own = tri_vmalloc(1);
		map = tri_vmap(own_pfns, 1);
		ram = tri_vm_map_ram(own_pfns, 1);
		plat_pin();
		assert_panics({
			switch (call) {
			case 0:
				tri_vmalloc(1);
				break;
			case 1:
				tri_vmalloc_huge(2 * MIB, 0);
				break;
			case 2:
				tri_vfree(own);
				break;
			case 3:
				tri_vrealloc(own, 2, 0);
				break;
			case 4:
				tri_vmap(own_pfns, 1);
				break;
			case 5:
				tri_vunmap(map);
				break;
			case 6:
				tri_vm_map_ram(own_pfns, 1);
				break;
			case 7:
				tri_vm_unmap_ram(ram, 1);
				break;
			case 8:
				tri_vm_unmap_aliases();
				break;
			default:
				tri_alloc_pages(TRI_GFP_KERNEL, 0);
			}
		});
		model_abandon(core);
	}
}
#endif

/* The same for the platform's: each store in turn cannot be made real. */
static void store_fails_at_each_site(void **state)
{
	struct tri_config config;
	struct tri_core *core;
	unsigned long before;
	void *at;

	(void)state;
	for (unsigned int which = 0; which < 2 * sizeof(calls) / sizeof(calls[0]); which++) {
		model_config(&config, 1, 4096, 16 * MIB);
		set(&config, "flush", which % 2 ? "lazy" : "eager");
		core = model_start(&config);
		for (unsigned long i = 0; i < PFNS; i++)
			own_pfns[i] = tri_alloc_pages(TRI_GFP_KERNEL, 0);
		resized = tri_vmalloc(TRI_PAGE_SIZE);
		memset(resized, 77, TRI_PAGE_SIZE);
		for (unsigned long site = 1;; site++) {
			before = frames_available(core);
			model.fail_store = site;
			at = calls[which / 2].make();
			assert_sound(core);
			if (at)
				break;
			assert_int_equal(frames_available(core), before);
			/* What came half-way must be flushed before its reuse: the model sees. */
		}
		model.fail_store = 0;
		calls[which / 2].undo(at);
		for (unsigned long i = 0; i < PFNS; i++)
			tri_free_pages(own_pfns[i], 0);
		tri_vfree(resized);
		model_stop(core);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_answer),
		cmocka_unit_test(each_era),
		cmocka_unit_test(each_flush_in_need),
		cmocka_unit_test(no_frame_at_each_site),
		cmocka_unit_test(store_fails_at_each_site),
#if TRI_CHECK_LEVEL >= 1
		cmocka_unit_test(each_allocation_fails_once),
		cmocka_unit_test(sleeping_while_pinned_panics),
#endif
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
