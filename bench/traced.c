/* SPDX-License-Identifier: GPL-2.0-only */
/* traced.c - see traced.h. */
#include "traced.h"

void traced_begin(struct bench_case *bench)
{
	bench->traced =
		bench->traced && host_tracer_begin(bench->config->param[BENCH_PARAM_first_bench],
						   bench->config->nr_arms);
}

bool traced_turn(struct bench_case *bench)
{
	unsigned long done = bench->blocks + bench->traced_blocks;
	bool in = bench->traced && (done + 1) / 2 % 2;

	if (in == bench->probes_in)
		return false;
	bench->traced = host_tracer_switch(in);
	bench->probes_in = in && bench->traced;
	return true;
}

uint64_t *traced_order(const struct bench_case *bench, const struct arm_state *arm)
{
	return bench->probes_in ? &arm->samples.traced_order[bench->traced_blocks]
				: &arm->samples.order[bench->blocks];
}

void traced_samples(struct bench_case *bench, struct arm_state *arm, uint64_t finish)
{
	uint64_t op = case_ps(bench, arm->block_work + finish) / (arm->block_ops ?: 1);

	if (!bench->probes_in) {
		arm->samples.op[bench->blocks] = op;
		return;
	}
	arm->samples.traced_op[bench->traced_blocks] = op;
	arm->samples.traced[bench->traced_blocks] = case_ps(bench, arm->block_total + finish);
	arm->traced_ops += arm->block_ops;
}

void traced_finish(struct bench_case *bench)
{
	unsigned long n = traced_pairs(bench);
	bool in = bench->probes_in;

	if (in)
		bench->traced = host_tracer_switch(false);
	bench->probes_in = false;
	for (unsigned int i = 0; bench->traced && n && i < bench->nr_arms; i++) {
		const struct arm_state *arm = &bench->arms[i];
		/* Of a block that was not ended events were seen, too. */
		uint64_t traced_ops = arm->traced_ops + (in ? arm->block_ops : 0);
		long number = (long)case_number(bench, arm);

		host_tracer_blocks(number, false, arm->ops, arm->samples.op, n);
		host_tracer_blocks(number, true, traced_ops, arm->samples.traced_op, n);
	}
}

void traced_emit(struct bench_case *bench)
{
	const char *why;

	if (bench->config->exact_only && host_tracer()) {
		records_note(bench, "info",
			     "not traced: mode=exact counts, and nothing else may run");
		return;
	}
	why = host_tracer_end();
	if (why)
		records_note(bench, "warn", why);
}
