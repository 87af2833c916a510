/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_areas_streams.c - vmalloc under every answer of areas= with every answer of flush=:
 * no translation is reused before its flush, nothing is lost, all of tri_check() holds.
 */
#include "answers.h"
#include "model_platform.h"

#define MIB   (1UL << 20)
#define CPUS  4
#define SLOTS 64
#define STEPS 2000

struct stream {
	struct tri_core *core;
	uint64_t random;
	struct area *area[SLOTS];
	unsigned long failed;
};

static void start(struct stream *stream, enum tri_policy_value areas, enum tri_policy_value flush,
		  unsigned long frames)
{
	struct tri_config config;

	model_config(&config, CPUS, frames, 8 * MIB);
	config.policy[TRI_QUESTION_areas] = areas;
	config.policy[TRI_QUESTION_flush] = flush;
	/* Low, so that purges are many; and for the lists of each CPU, too. */
	config.tunable[TRI_TUNABLE_lazy_max_pages] = 400;
	config.tunable[TRI_TUNABLE_pcp_high] = 90;
	*stream = (struct stream){.core = model_start(&config), .random = test_seed()};
}

/* A live area is where its mapping says, guard and what follows not. */
static void assert_mapped(const struct area *area)
{
	unsigned long first = (area_start(area) - MODEL_WINDOW) / TRI_PAGE_SIZE;

	for (unsigned long i = 0; i < area->pages - 1; i++)
		assert_true(model.page[first + i].real);
	assert_false(model.page[first + area->pages - 1].real);
}

static void alloc_one(struct stream *stream, struct area **slot)
{
	uint64_t *random = &stream->random;
	unsigned long pages = 1 + test_below(random, test_below(random, 8) ? 8 : 600);
	void *at = tri_vmalloc(pages * TRI_PAGE_SIZE - test_below(random, 4000));

	stream->failed += !at;
	if (!at)
		return;
	*slot = areas_find(stream->core, (uintptr_t)at);
	assert_non_null(*slot);
	assert_int_equal((*slot)->pages, pages + 1);
	assert_mapped(*slot);
}

/* One page less: the last mapped page becomes the guard, the old guard waits. */
static void shrink_one(struct stream *stream, struct area *area)
{
	struct frame_list frames = {.count = 0};
	struct area *tail;
	unsigned long keep;

	if (area->pages < 3)
		return;
	keep = 2 + test_below(&stream->random, area->pages - 2);
	tail = areas_shrink(stream->core, area, keep);
	if (!tail)
		return;
	pagetable_unmap(stream->core, area_end(area) - TRI_PAGE_SIZE, tail->pages, &frames);
	flush_retire(stream->core, tail, &frames);
	assert_mapped(area);
}

/* Maps over the guard of before, whose translation may have been shrunk away. */
static void grow_one(struct stream *stream, struct area *area)
{
	unsigned long more = 1 + test_below(&stream->random, 4);
	uintptr_t guard = area_end(area) - TRI_PAGE_SIZE;
	struct frame_list frames = {.count = 0};

	if (pcp_alloc_list(stream->core, &frames, more))
		return;
	if (areas_grow(stream->core, area, area->pages + more))
		pcp_free_list(stream->core, &frames);
	else
		assert_int_equal(pagetable_map(stream->core, guard, more, &frames), 0);
	assert_mapped(area);
}

static void step(struct stream *stream)
{
	struct area **slot = &stream->area[test_below(&stream->random, SLOTS)];
	unsigned long what = test_below(&stream->random, 8);

	/* On any CPU: areas are often freed on another than the one they came from. */
	plat_slot = test_below(&stream->random, CPUS);
	if (!*slot) {
		alloc_one(stream, slot);
	} else if (what == 0) {
		shrink_one(stream, *slot);
	} else if (what == 1) {
		grow_one(stream, *slot);
	} else {
		tri_vfree((void *)area_start(*slot));
		*slot = NULL;
	}
	if (!test_below(&stream->random, 300))
		tri_vmalloc_purge();
}

static void random_stream(enum tri_policy_value areas, enum tri_policy_value flush,
			  unsigned long frames)
{
	struct stream stream;

	start(&stream, areas, flush, frames);
	for (int i = 0; i < STEPS; i++) {
		step(&stream);
		if (i % 8 == 0)
			assert_sound(stream.core);
		assert_int_equal(model.faults, 0);
	}
	for (int i = 0; i < SLOTS; i++)
		tri_vfree(stream.area[i] ? (void *)area_start(stream.area[i]) : NULL);
	plat_slot = 0;
	/* The stream is meant to hit the walls, but not to live there. */
	assert_in_range(stream.failed, 1, STEPS / 2);
	model_stop(stream.core);
}

static void every_pair(void **state)
{
	(void)state;
	FOR_EACH_ANSWER(areas, "areas")
	{
		FOR_EACH_ANSWER(flush, "flush")
		random_stream(areas, flush, 2500);
	}
}

/* Frames run out long before addresses do. */
static void few_frames(void **state)
{
	(void)state;
	FOR_EACH_ANSWER(areas, "areas")
	{
		FOR_EACH_ANSWER(flush, "flush")
		random_stream(areas, flush, 300);
	}
}

/* What waits or is kept aside, on whatever CPU, is there before an allocation fails. */
static void waiting_addresses_are_had_before_failing(void **state)
{
	(void)state;
	FOR_EACH_ANSWER(areas, "areas")
	{
		FOR_EACH_ANSWER(flush, "flush")
		{
			struct stream stream;
			void *small[7], *large;

			start(&stream, areas, flush, 2500);
			for (int round = 0; round < 5; round++) {
				for (int i = 0; i < 7; i++)
					small[i] = tri_vmalloc((20 + i) * TRI_PAGE_SIZE);
				for (int i = 0; i < 7; i++) {
					plat_slot = i % CPUS;
					tri_vfree(small[i]);
				}
				large = tri_vmalloc(2040 * TRI_PAGE_SIZE);
				assert_non_null(large);
				assert_null(tri_vmalloc(20 * TRI_PAGE_SIZE));
				tri_vfree(large);
			}
			plat_slot = 0;
			model_stop(stream.core);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_pair),
		cmocka_unit_test(few_frames),
		cmocka_unit_test(waiting_addresses_are_had_before_failing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
