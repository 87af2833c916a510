/* SPDX-License-Identifier: GPL-2.0-only */
/* lone.c - see lone.h. */
#include "lone.h"

unsigned int lone_generate_plain(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	(void)worker;
	return lone_generate(ops, n, 0);
}

int lone_area_setup(struct bench_arm *arm)
{
	return round_keep(arm, bench_value(arm, LONE_PAGES));
}

unsigned int lone_area_generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	return lone_generate(ops, n, bench_value(worker->arm, LONE_PAGES));
}

/* Each is an interrupt: some milliseconds in all, emulated. */
unsigned long lone_exact_ops(const struct bench_arm *arm)
{
	(void)arm;
	return 1024;
}
