/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_replay.c - whose the events of a trace are: each worker gets those that its lanes did, with
 * all that executing them needs, in order, loop after loop, in slices of any length.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "replay.h"

#define TRACE "tests/unit/three_lanes.trace"

static struct case_config config;
static struct bench_arm arm;
static struct bench_op ops[BENCH_OPS_MAX];

static void open_trace(void)
{
	char *words[] = {(char[]){"replay"}, (char[]){"trace=" TRACE}};

	assert_int_equal(words_parse(&config, 2, words), 0);
	assert_int_equal(replay_check(&config), 0);
	assert_non_null(recorded_trace());
	arm = (struct bench_arm){
		.workload = config.workload, .config = &config, .arm = &config.arm[0]};
}

static struct bench_worker *worker_of(unsigned int slot)
{
	struct bench_worker *worker = aligned_alloc(TEAM_LINE, sizeof(*worker));

	assert_non_null(worker);
	memset(worker, 0, sizeof(*worker));
	worker->arm = &arm;
	worker->slot = slot;
	worker->own = calloc(1, sizeof(struct share));
	assert_non_null(worker->own);
	return worker;
}

/* The next step of the worker's, from as many slices as it takes. */
static struct step next_step(struct bench_worker *worker, unsigned int *at, unsigned int slice)
{
	struct share *share = worker->own;

	while (*at == share->nr_steps) {
		assert_in_range(replay_generate(worker, ops, slice), 1, slice);
		assert_int_equal(share->events, slice);
		*at = 0;
	}
	return share->step[(*at)++];
}

/* Two loops and a half of what one worker of @cpus is to do. */
static void expect_steps(unsigned int slot, unsigned int cpus, unsigned int slice)
{
	static struct atrace_decoder decoder;
	const struct atrace *trace = recorded_trace();
	struct bench_worker *worker = worker_of(slot);
	struct atrace_event event;
	unsigned int at = 0;

	arm.cpus = cpus;
	for (uint64_t loop = 0; loop < 3; loop++) {
		atrace_rewind(&decoder, trace);
		for (uint64_t i = 0; i < trace->events / (1 + loop / 2); i++) {
			struct step step;

			assert_true(atrace_next(&decoder, &event));
			if (event.lane % cpus != slot)
				continue;
			step = next_step(worker, &at, slice);
			assert_int_equal(step.kind, event.kind);
			assert_int_equal(step.lane, event.owner);
			assert_int_equal(step.slot, event.slot);
			assert_int_equal(step.generation, event.generation);
			assert_int_equal(step.what, event.what);
			assert_int_equal(step.time, loop * trace->time + event.time);
		}
		if (loop < 2)
			assert_int_equal(next_step(worker, &at, slice).kind, WRAP);
	}
	free(worker->own);
	free(worker);
}

static void who_did_an_event_does_it(void **state)
{
	(void)state;
	open_trace();
	/* Of one lane's object another lane frees, or this shows nothing. */
	assert_true(recorded_trace()->by_kind[ATRACE_FREE_REMOTE] > 0);
	for (unsigned int cpus = 1; cpus <= 4; cpus++)
		for (unsigned int slot = 0; slot < cpus; slot++)
			expect_steps(slot, cpus, cpus == 2 ? 7 : BENCH_OPS_MAX);
}

static void an_exact_run_is_the_trace_once(void **state)
{
	(void)state;
	open_trace();
	assert_int_equal(replay_exact_ops(&arm), recorded_trace()->events);
}

/* Counting waits for no time. */
static void time_is_waited_for_if_told(void **state)
{
	(void)state;
	open_trace();
	arm.cpus = 1;
	for (unsigned int i = 0; i < 4; i++) {
		struct bench_worker *worker = worker_of(0);

		config.workload_param[REPLAY_SPEED] = i & 1 ? 50 : 0;
		worker->exact = i & 2;
		replay_generate(worker, ops, 10);
		assert_int_equal(((struct share *)worker->own)->paced, i == 1);
		free(worker->own);
		free(worker);
	}
}

static void families_are_those_of_its_events(void **state)
{
	static const struct {
		enum atrace_kind kind;
		enum subject_family family;
	} all[] = {
		{ATRACE_CACHE, SUBJECT_CACHE},	{ATRACE_CACHE_ZEROED, SUBJECT_CACHE},
		{ATRACE_PAGES, SUBJECT_PAGES},	{ATRACE_PAGES_ZEROED, SUBJECT_PAGES},
		{ATRACE_AREA, SUBJECT_VMALLOC},
	};
	struct atrace *trace;

	(void)state;
	open_trace();
	/* As if it had events of one kind only. */
	trace = (struct atrace *)recorded_trace();
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		memset(trace->by_kind, 0, sizeof(trace->by_kind));
		trace->by_kind[all[i].kind] = 1;
		for (unsigned int family = 0; family < SUBJECT_FAMILIES; family++)
			assert_int_equal(replay_drives(&config, family), family == all[i].family);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_did_an_event_does_it),
		cmocka_unit_test(an_exact_run_is_the_trace_once),
		cmocka_unit_test(time_is_waited_for_if_told),
		cmocka_unit_test(families_are_those_of_its_events),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
