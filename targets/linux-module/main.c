/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * main.c - loading and unloading. Until a case is written to debugfs the module does nothing; a
 * case that runs when it is removed is stopped first.
 */
#include <asm/cpufeature.h>
#include <asm/tsc.h>
#include <linux/module.h>

#include "control.h"
#include "run.h"
#include "stream.h"
#include "workers.h"

/* What no case can do without, or NULL. */
static const char *__init lacks(void)
{
	if (!boot_cpu_has(X86_FEATURE_CX16))
		return "the CPU has no CMPXCHG16B";
	if (!tsc_khz)
		return "Linux does not know the rate of the time stamp counter";
	return NULL;
}

static int __init trimm_init(void)
{
	const char *why = lacks();
	int error;

	if (why) {
		pr_err("trimm: %s\n", why);
		return -ENODEV;
	}
	error = workers_init();
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
