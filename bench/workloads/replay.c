/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * replay.c - the calls of a recorded program or kernel (trace=), in its order. Lanes of the trace
 * are dealt to the workers in turn; a worker executes those of its lanes in the order in which
 * they were recorded, and waits where one needs another worker's: a free for its object, an
 * allocation for its slot. Memory: 32 bytes for each object that lived at one time.
 *
 * A slice is the same stretch of the trace for all workers, so whatever one waits for is in it.
 * Behind the last event the first follows; operations are counted once for all workers, so that
 * loops= of as many as the trace has events make a block of the whole trace.
 */
#include "replay.h"

static const struct workload_param params[] = {
	[REPLAY_SPEED] = {"speed", "%",
			  "of the speed recorded, by its times; 0: none is waited for", 0, 0,
			  100000},
	[REPLAY_PARTIAL] = {"partial", "",
			    "1: of a trace that is cut off or damaged, take what precedes that", 0,
			    0, 1},
	{0},
};

/* Loop and generation of an object. */
static inline uint64_t turn_of(const struct share *share, uint32_t generation)
{
	return (uint64_t)share->loop << 32 | generation;
}

static enum subject_family family_of(const struct replay *replay, const struct step *step)
{
	switch (step->kind) {
	case ATRACE_CACHE:
	case ATRACE_CACHE_ZEROED:
		return SUBJECT_CACHE;
	case ATRACE_PAGES:
	case ATRACE_PAGES_ZEROED:
		return SUBJECT_PAGES;
	case ATRACE_AREA:
		return SUBJECT_VMALLOC;
	default:
		return step->what > TRI_KMALLOC_MAX && replay->api[SUBJECT_KVMALLOC]
			       ? SUBJECT_KVMALLOC
			       : SUBJECT_KMALLOC;
	}
}

/* Can @step be executed now? Whoever filled or emptied the slot did so before saying so. */
static inline bool ready(const struct share *share, struct object *object, const struct step *step)
{
	if (!atrace_is_alloc(step->kind)) {
		if (step->kind == ATRACE_FREE_REMOTE &&
		    __atomic_load_n(&object->turn, __ATOMIC_ACQUIRE) !=
			    turn_of(share, step->generation))
			return false;
		return __atomic_load_n(&object->memory, __ATOMIC_ACQUIRE);
	}
	return !__atomic_load_n(&object->memory, __ATOMIC_ACQUIRE);
}

static inline bool is_zeroed(const struct step *step)
{
	return step->kind == ATRACE_KZALLOC || step->kind == ATRACE_CACHE_ZEROED ||
	       step->kind == ATRACE_PAGES_ZEROED;
}

static inline void fill(struct bench_worker *worker, const struct replay *replay,
			struct object *object, const struct step *step)
{
	const struct share *share = worker->own;
	enum subject_family family = family_of(replay, step);
	uintptr_t what = family == SUBJECT_CACHE ? replay->cache[step->what] : step->what;
	uint64_t start = bench_begin(METRIC_ALLOC, worker->timed);
	void *memory = is_zeroed(step) ? replay_zeroed(worker, replay, family, what, step)
				       : replay->api[family]->alloc(what);
	uint64_t turn = object->turn;

	bench_end(worker, METRIC_ALLOC, start, worker->timed);
	worker->failed += !memory;
	object->what = what;
	object->family = family;
	turn = turn >> 32 == share->loop ? turn + 1 : turn_of(share, 1);
	__atomic_store_n(&object->turn, turn, __ATOMIC_RELEASE);
	__atomic_store_n(&object->memory, memory ?: REPLAY_NONE, __ATOMIC_RELEASE);
}

static inline void empty(struct bench_worker *worker, const struct replay *replay,
			 struct object *object)
{
	uint64_t start;

	if (object->memory != REPLAY_NONE) {
		start = bench_begin(METRIC_FREE, worker->timed);
		replay->api[object->family]->free(object->memory, object->what);
		bench_end(worker, METRIC_FREE, start, worker->timed);
	}
	__atomic_store_n(&object->memory, NULL, __ATOMIC_RELEASE);
}

/*
 * Turns of waiting after which one who is told to stop gives up: a file that changed while it is
 * replayed may have taken away what is waited for. Teardown frees what that leaves.
 */
#define PATIENCE 1000000

/* From step @i on up to a wrap, the end, or where one waits and may not; where that is. */
static unsigned int go(struct bench_worker *worker, const struct replay *replay, unsigned int i)
{
	const struct share *share = worker->own;

	for (; i < share->nr_steps && share->step[i].kind != WRAP; i++) {
		const struct step *step = &share->step[i];
		struct object *object = &replay->lane[step->lane][step->slot];
		unsigned long spins = 0;

		if (share->paced)
			replay_wait_for_time(worker, step);
		while (!ready(share, object, step)) {
			if (worker->team->turns)
				return i;
			host_relax(spins++);
			if (spins > PATIENCE && host_stopping())
				break;
		}
		if (spins > PATIENCE && !ready(share, object, step))
			continue;
		if (atrace_is_alloc(step->kind))
			fill(worker, replay, object, step);
		else
			empty(worker, replay, object);
	}
	return i;
}

/* One loop for all timings, that is asked for at each call: three would be 2 KiB more. */
static void work(struct bench_worker *worker, const struct bench_op *ops, unsigned int n)
{
	struct replay *replay = (struct replay *)worker->arm->state[0];
	const struct share *share = worker->own;
	unsigned int i = 0, round = 0;

	(void)ops, (void)n;
	for (;; i++) {
		do
			i = go(worker, replay, i);
		while (!replay_all_done(worker, replay, round++, i));
		if (i == share->nr_steps)
			break;
		replay_wrap(worker, replay);
	}
	worker->ops = worker->slot ? 0 : share->events;
}

const struct workload workload_replay = {
	.name = "replay",
	.about = "the calls for memory of a recorded program or kernel, in their order",
	.origin = "trimm",
	.version = WORKLOAD_VERSION,
	.params = params,
	.min_cpus = 1,
	.family = SUBJECT_KMALLOC,
	.slices = true,
	.check = replay_check,
	.drives = replay_drives,
	.remark = replay_remark,
	.own_bytes = sizeof(struct share),
	.obstacle = replay_obstacle,
	.metrics = bench_metrics_alloc_free,
	.exact_ops = replay_exact_ops,
	.setup = replay_setup,
	.generate = replay_generate,
	.work = work,
	.teardown = replay_teardown,
};
