/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fault.c - a module that does what=: everything that must not happen in a guest, to see whether
 * the launcher tells.
 */
#include <linux/bug.h>
#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/panic.h>
#include <linux/preempt.h>
#include <linux/smp.h>
#include <linux/stop_machine.h>
#include <linux/string.h>

static char *what = "";
module_param(what, charp, 0);

/* Whoever runs this on all CPUs has all of the machine. */
static int hang(void *unused)
{
	local_irq_disable();
	for (;;)
		cpu_relax();
	return 0;
}

static int __init fault_init(void)
{
	if (!strcmp(what, "warn"))
		WARN(1, "on purpose\n");
	else if (!strcmp(what, "bug"))
		BUG();
	else if (!strcmp(what, "oops"))
		*(volatile int *)NULL = 1;
	else if (!strcmp(what, "panic"))
		panic("on purpose");
	else if (!strcmp(what, "taint"))
		add_taint(TAINT_USER, LOCKDEP_STILL_OK);
	else if (!strcmp(what, "hang"))
		stop_machine(hang, NULL, cpu_online_mask);
	else if (!strcmp(what, "lockup")) {
		preempt_disable();
		mdelay(60000);
		preempt_enable();
	} else
		return -EINVAL;
	return 0;
}

static void __exit fault_exit(void)
{
}

module_init(fault_init);
module_exit(fault_exit);
MODULE_LICENSE("GPL");
