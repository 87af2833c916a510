/* SPDX-License-Identifier: GPL-2.0-only */
/* trace_maker.c - see trace_maker.h. */
#include "trace_maker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "random.h"

struct lived {
	uint64_t address;
	uint32_t object;
	uint8_t lane;
	enum atrace_class class;
};

static void keep(struct trace_history *history, struct trace_step step)
{
	if (!history)
		return;
	if (history->n == history->room) {
		history->room = history->room ? 2 * history->room : 1024;
		history->step = realloc(history->step, history->room * sizeof(*history->step));
		assert_non_null(history->step);
	}
	history->step[history->n++] = step;
}

/* A kind that @shape wants, and what goes with it. */
static enum atrace_kind draw(struct bench_random *random, const struct trace_shape *shape,
			     enum atrace_class *class, uint64_t *what)
{
	switch (bench_random_below(random, 8)) {
	case 0:
		*class = ATRACE_AREAS;
		*what = 4096ULL << bench_random_below(random, 4);
		if (shape->areas)
			return ATRACE_AREA;
		break;
	case 1:
		*class = ATRACE_FRAMES;
		*what = bench_random_below(random, 3);
		if (shape->pages)
			return bench_random_below(random, 2) ? ATRACE_PAGES : ATRACE_PAGES_ZEROED;
		break;
	case 2:
	case 3:
		*class = ATRACE_OBJECTS;
		*what = bench_random_below(random, 2);
		if (shape->caches)
			return bench_random_below(random, 2) ? ATRACE_CACHE : ATRACE_CACHE_ZEROED;
		break;
	}
	*class = ATRACE_OBJECTS;
	*what = 1 + bench_random_below(random, 1U << bench_random_below(random, 13));
	return bench_random_below(random, 4) ? ATRACE_KMALLOC : ATRACE_KZALLOC;
}

/* Addresses come again, as an allocator's do; a class has its own. */
static uint64_t address_of(struct bench_random *random, uint32_t object)
{
	return 0x1000 + 16 * ((uint64_t)object + bench_random_below(random, 2) * (1ULL << 40));
}

void trace_make(int fd, const struct trace_shape *shape, struct trace_history *history)
{
	static const struct atrace_info info = {
		.origin = ATRACE_USER, .cpus = 2, .command = "made up", .system = "test"};
	struct atrace_writer *writer = atrace_writer_open(fd, &info);
	struct lived *live = calloc(shape->live, sizeof(*live));
	struct bench_random random;
	uint32_t objects = 0, n = 0;
	struct atrace_who who = {0};

	assert_non_null(writer);
	assert_non_null(live);
	bench_random_seed(&random, shape->seed, 0);
	if (shape->caches) {
		assert_int_equal(atrace_writer_cache(writer, "dentry", 192), 0);
		assert_int_equal(atrace_writer_cache(writer, "vm_area_struct", 200), 1);
		assert_int_equal(atrace_writer_cache(writer, "dentry", 192), 0);
	}
	for (size_t i = 0; i < shape->calls; i++) {
		bool full = n == shape->live, none = !n;

		who.time += bench_random_below(&random, 300);
		who.lane = bench_random_below(&random, shape->lanes);
		if (none || (!full && bench_random_below(&random, 16) < 8)) {
			struct lived *new = &live[n++];
			enum atrace_kind kind;
			uint64_t what;

			kind = draw(&random, shape, &new->class, &what);
			*new = (struct lived){address_of(&random, objects), objects,
					      (uint8_t)who.lane, new->class};
			assert_int_equal(
				atrace_writer_alloc(writer, &who, kind, new->address, what), 0);
			keep(history, (struct trace_step){who.time, what, objects++, kind,
							  (uint8_t)who.lane});
		} else {
			/* Mostly what came last, as in programs. */
			uint32_t young = n < 8 ? n : 8;
			uint32_t which = bench_random_below(&random, 4)
						 ? n - 1 - bench_random_below(&random, young)
						 : bench_random_below(&random, n);
			struct lived old = live[which];

			if (bench_random_below(&random, 100) >= shape->remote)
				who.lane = old.lane;
			live[which] = live[--n];
			assert_int_equal(atrace_writer_free(writer, &who, old.class, old.address),
					 0);
			keep(history, (struct trace_step){who.time, 0, old.object,
							  who.lane == old.lane ? ATRACE_FREE
									       : ATRACE_FREE_REMOTE,
							  (uint8_t)who.lane});
		}
	}
	free(live);
	assert_int_equal(atrace_writer_close(writer, history ? &history->totals : NULL), 0);
}

void trace_history_free(struct trace_history *history)
{
	free(history->step);
	*history = (struct trace_history){0};
}
