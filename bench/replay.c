/* SPDX-License-Identifier: GPL-2.0-only */
/* replay.c - see replay.h. */
#include "replay.h"

int replay_check(const struct case_config *config)
{
	return recorded_open(config->workload_param[REPLAY_PARTIAL]);
}

const char *replay_obstacle(const struct case_config *config)
{
	(void)config;
	return recorded_trace() ? NULL : "needs a trace to replay: trace=FILE, from `trimm record`";
}

const char *replay_remark(const struct case_config *config)
{
	(void)config;
	return recorded_trace()->why ? "the trace is not whole: replayed up to its last sound block"
				     : NULL;
}

bool replay_drives(const struct case_config *config, enum subject_family family)
{
	const struct atrace *trace = recorded_trace();

	(void)config;
	if (!trace)
		return false;
	if (family == SUBJECT_PAGES)
		return trace->by_kind[ATRACE_PAGES] || trace->by_kind[ATRACE_PAGES_ZEROED];
	if (family == SUBJECT_CACHE)
		return trace->by_kind[ATRACE_CACHE] || trace->by_kind[ATRACE_CACHE_ZEROED];
	return family == SUBJECT_VMALLOC && trace->by_kind[ATRACE_AREA];
}

static void take(struct bench_worker *worker, const struct atrace_event *event)
{
	struct share *share = worker->own;

	if (event->lane % worker->arm->cpus != worker->slot)
		return;
	share->step[share->nr_steps++] = (struct step){
		.time = share->base + event->time,
		.what = event->what,
		.slot = event->slot,
		.generation = event->generation,
		.kind = event->kind,
		.lane = event->owner,
	};
}

static void begin_stream(struct bench_worker *worker, const struct atrace *trace)
{
	struct share *share = worker->own;

	worker->state[0] = 1;
	share->loop = 0;
	share->base = 0;
	atrace_rewind(&share->decoder, trace);
}

/* An operation's digest is of what was recorded; a worker without any has one that does nothing. */
static unsigned int tell(const struct share *share, struct bench_op *ops, unsigned int n)
{
	unsigned int told = share->nr_steps < n ? share->nr_steps : n;

	for (unsigned int i = 0; i < told; i++)
		ops[i] = (struct bench_op){.kind = share->step[i].kind,
					   .order = share->step[i].lane,
					   .slot = (uint16_t)share->step[i].slot,
					   .size = (uint32_t)share->step[i].what};
	if (!told)
		ops[told++] = (struct bench_op){.kind = WRAP};
	return told;
}

unsigned int replay_generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	const struct atrace *trace = recorded_trace();
	struct share *share = worker->own;
	struct atrace_event event;

	/* Nothing to be done is the same on all targets, too. */
	if (!trace) {
		memset(ops, 0, n * sizeof(*ops));
		return n;
	}
	share->nr_steps = share->events = 0;
	if (!worker->state[0])
		begin_stream(worker, trace);
	share->paced = bench_value(worker->arm, REPLAY_SPEED) && !worker->exact;
	share->begin = share->base + share->decoder.time;
	while (share->events < n) {
		if (atrace_next(&share->decoder, &event)) {
			take(worker, &event);
			share->events++;
		} else {
			share->step[share->nr_steps++] = (struct step){.kind = WRAP};
			share->base += trace->time;
			atrace_rewind(&share->decoder, trace);
		}
	}
	return tell(share, ops, n);
}

static unsigned long bytes_of(const struct step *step)
{
	if (step->kind == ATRACE_PAGES_ZEROED)
		return TRI_PAGE_SIZE << step->what;
	return step->kind == ATRACE_CACHE_ZEROED ? recorded_trace()->cache_bytes[step->what]
						 : step->what;
}

void *replay_zeroed(const struct bench_worker *worker, const struct replay *replay,
		    enum subject_family family, uintptr_t what, const struct step *step)
{
	const struct subject_api *api = replay->api[family];
	void *memory;

	if (api->alloc_zeroed)
		return api->alloc_zeroed(what);
	memory = api->alloc(what);
	if (memory && worker->arm->arm->subject->has_memory)
		memset(memory, 0, bytes_of(step));
	return memory;
}

void replay_wait_for_time(struct bench_worker *worker, const struct step *step)
{
	const struct share *share = worker->own;
	uint64_t per_cent = bench_value(worker->arm, REPLAY_SPEED), now = plat_ticks(), until;

	if (step->time <= share->begin)
		return;
	until = worker->start + (step->time - share->begin) * 100 / per_cent *
					(worker->arm->state[1] / 1000) / 1000000;
	if (now >= until)
		return;
	for (unsigned long spins = 0; plat_ticks() < until && !host_stopping(); spins++)
		host_relax(spins);
	/* As long as it took: a neighbour may have had the CPU meanwhile. */
	worker->excluded += plat_ticks() - now;
}

/* How much there is from step @i on to the next wrap or the end. */
static unsigned int left(const struct share *share, unsigned int i)
{
	unsigned int end = i;

	while (end < share->nr_steps && share->step[end].kind != WRAP)
		end++;
	return end - i;
}

bool replay_all_done(struct bench_worker *worker, struct replay *replay, unsigned int round,
		     unsigned int i)
{
	unsigned int *of_all = replay->left[round % 2], sum = 0;

	if (!worker->team->turns)
		return true;
	of_all[worker->slot] = left(worker->own, i);
	bench_barrier(worker);
	for (unsigned int k = 0; k < worker->arm->cpus; k++)
		sum += of_all[k];
	return !sum;
}

static void empty_lane(const struct replay *replay, unsigned int lane)
{
	for (uint32_t i = 0; i < recorded_trace()->slots[lane]; i++) {
		struct object *object = &replay->lane[lane][i];

		if (object->memory && object->memory != REPLAY_NONE)
			replay->api[object->family]->free(object->memory, object->what);
		object->memory = NULL;
	}
}

/* What a trace that is not whole leaves is freed by its lanes' workers. */
void replay_wrap(struct bench_worker *worker, const struct replay *replay)
{
	struct share *share = worker->own;

	bench_barrier(worker);
	if (recorded_trace()->why) {
		for (unsigned int lane = worker->slot; lane < ATRACE_LANES_MAX;
		     lane += worker->arm->cpus)
			empty_lane(replay, lane);
		bench_barrier(worker);
	}
	share->loop++;
}

unsigned long replay_exact_ops(const struct bench_arm *arm)
{
	const uint64_t most = 65536, events = recorded_trace()->events;

	(void)arm;
	return events < most ? events : most;
}

/* The cache for objects of @bytes: one for all that are so large, as SLUB merges them. */
static uintptr_t cache_of(struct bench_arm *arm, const struct replay *replay, unsigned int number)
{
	const uint32_t *bytes = recorded_trace()->cache_bytes;

	for (unsigned int i = 0; i < number; i++)
		if (bytes[i] == bytes[number])
			return replay->cache[i];
	return arm->arm->subject->cache_create(bytes[number]);
}

int replay_setup(struct bench_arm *arm)
{
	const struct atrace *trace = recorded_trace();
	struct replay *replay = host_scratch_alloc(sizeof(*replay));
	struct object *objects;
	struct host_info host;

	if (!replay)
		return -ENOMEM;
	arm->state[0] = (uintptr_t)replay;
	host_info_read(&host);
	arm->state[1] = host.tick_hz;
	replay->api = arm->arm->subject->api;
	replay->bytes = (atrace_slots(trace) + 1) * sizeof(*objects);
	objects = host_scratch_alloc(replay->bytes);
	if (!objects)
		return -ENOMEM;
	for (unsigned int i = 0; i < ATRACE_LANES_MAX; i++) {
		replay->lane[i] = objects;
		objects += trace->slots[i];
	}
	if (!trace->nr_caches)
		return 0;
	replay->cache = host_scratch_alloc(trace->nr_caches * sizeof(*replay->cache));
	for (unsigned int i = 0; replay->cache && i < trace->nr_caches; i++) {
		replay->cache[i] = cache_of(arm, replay, i);
		if (!replay->cache[i])
			return -ENOMEM;
	}
	return replay->cache ? 0 : -ENOMEM;
}

static void destroy_caches(struct bench_arm *arm, const struct replay *replay)
{
	const struct atrace *trace = recorded_trace();

	for (unsigned int i = 0; i < trace->nr_caches; i++) {
		unsigned int first = 0;

		while (trace->cache_bytes[first] != trace->cache_bytes[i])
			first++;
		if (first == i && replay->cache[i])
			arm->arm->subject->cache_destroy(replay->cache[i]);
	}
	host_scratch_free(replay->cache, trace->nr_caches * sizeof(*replay->cache));
}

void replay_teardown(struct bench_arm *arm)
{
	struct replay *replay = (struct replay *)arm->state[0];

	if (!replay)
		return;
	for (unsigned int i = 0; replay->lane[0] && i < ATRACE_LANES_MAX; i++)
		empty_lane(replay, i);
	if (replay->cache)
		destroy_caches(arm, replay);
	host_scratch_free(replay->lane[0], replay->bytes);
	host_scratch_free(replay, sizeof(*replay));
}
