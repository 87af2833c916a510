/* SPDX-License-Identifier: GPL-2.0-only */
/* bytes.c - see bytes.h. */
#include "bytes.h"

int bytes_setup(struct bench_arm *arm, unsigned int pieces)
{
	for (unsigned int i = 0; i < pieces * arm->cpus; i++) {
		void *memory = arm->api->alloc(bench_value(arm, BYTES));

		if (!memory)
			return -ENOMEM;
		memset(memory, 1, bench_value(arm, BYTES));
		arm->kept[arm->nr_kept++] = (struct bench_kept){memory, bench_value(arm, BYTES)};
	}
	return 0;
}

unsigned int bytes_generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	return lone_generate(ops, n, bench_value(worker->arm, BYTES));
}

/* All alike, and up to 64 MiB each. */
unsigned long bytes_exact_ops(const struct bench_arm *arm)
{
	(void)arm;
	return 64;
}
