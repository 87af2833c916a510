/* SPDX-License-Identifier: GPL-2.0-only */
/* drop.c - what workloads that drop translations share; see drop.h. */
#include "drop.h"

const char *const drop_metrics[] = {"drop", "touch", NULL};

int drop_setup(struct bench_arm *arm)
{
	int error = 0;

	for (unsigned int i = 0; i < arm->cpus && !error; i++)
		error = round_keep(arm, bench_value(arm, DROP_PAGES));
	return error;
}

unsigned int drop_generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	return lone_generate(ops, n, bench_value(worker->arm, DROP_PAGES));
}

unsigned long drop_exact_ops(const struct bench_arm *arm)
{
	(void)arm;
	return 1024;
}
