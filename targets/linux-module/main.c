/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * main.c - loading and unloading. Until a case is written to debugfs the module does nothing; a
 * case that runs when it is removed is stopped first.
 */
#include <linux/module.h>

#include "control.h"
#include "run.h"
#include "stream.h"
#include "workers.h"

static int __init trimm_init(void)
{
	int error = workers_init();

	if (error)
		return error;
	error = stream_init();
	if (error)
		goto out_workers;
	error = control_init();
	if (error)
		goto out_stream;
	return 0;

out_stream:
	stream_exit();
out_workers:
	workers_exit();
	return error;
}

static void __exit trimm_exit(void)
{
	control_exit();
	run_end();
	stream_exit();
	workers_exit();
}

module_init(trimm_init);
module_exit(trimm_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("trimm: a memory management core beside the kernel's own, for benchmarks");
