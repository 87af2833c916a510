/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * self.c - what the harness itself costs, measured beside the smallest thing it could cost:
 * a null operation against an empty indirect call, a timed one against two clock reads.
 *
 * The two sides alternate in stretches of some 10 us and the least of each is kept: the
 * cost without disturbance, from the same stretch of time.
 */
#include "case.h"

#define SELF_CALLS  4096
#define SELF_ROUNDS 64

static void nothing(void)
{
}

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t empty_calls(void)
{
	void (*volatile target)(void) = nothing;
	void (*call)(void) = target;
	uint64_t start = plat_ticks();

	for (unsigned int i = 0; i < SELF_CALLS; i++) {
		call();
		__asm__ volatile("" : "+r"(call));
	}
	return plat_ticks() - start;
}

static uint64_t clock_pairs(void)
{
	uint64_t start = plat_ticks();

	for (unsigned int i = 0; i < SELF_CALLS; i++) {
		plat_ticks();
		plat_ticks();
	}
	return plat_ticks() - start;
}

static uint64_t null_operations(struct bench_case *bench, enum bench_timing timed)
{
	const struct workload *workload = bench->config->workload;
	struct bench_worker *worker = &bench->arms[0].bench.workers[0];
	uint64_t start;
	unsigned int n = workload->generate(worker, bench->ops[0], SELF_CALLS);

	worker->timed = timed;
	start = plat_ticks();
	workload->work(worker, bench->ops[0], n);
	return (plat_ticks() - start) * SELF_CALLS / n;
}

void self_measure(struct bench_case *bench)
{
	uint64_t pair = ~0UL;

	for (unsigned int i = 0; i < SELF_ROUNDS; i++)
		pair = least(pair, clock_pairs());
	bench->clock_read_ps = case_ps(bench, pair) / SELF_CALLS / 2;
}

void self_emit(struct bench_case *bench)
{
	uint64_t call = ~0UL, pair = ~0UL, null = ~0UL, timed = ~0UL;

	for (unsigned int i = 0; i < SELF_ROUNDS; i++) {
		call = least(call, empty_calls());
		null = least(null, null_operations(bench, BENCH_UNTIMED));
		pair = least(pair, clock_pairs());
		timed = least(timed, null_operations(bench, BENCH_TIMED));
	}
	records_self(bench, "empty_call_ns", case_ps(bench, call) / SELF_CALLS);
	records_self(bench, "null_call_ns", case_ps(bench, null) / SELF_CALLS);
	records_self(bench, "two_clock_reads_ns", case_ps(bench, pair) / SELF_CALLS);
	records_self(bench, "timed_null_ns", case_ps(bench, timed) / SELF_CALLS);
}
