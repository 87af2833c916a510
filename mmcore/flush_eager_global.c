/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * flush_eager_global.c - flush=eager-global: each free flushes everything on all CPUs, and
 * only one free at a time. Linux before 2.6.28: the range was unmapped and flushed with
 * vmlist_lock held, and x86 knew only the full flush. What lazy flushing was invented
 * against: the commit tells of a lock whose hold time grows with the CPUs (db64fe02258f).
 */
#include "core.h"

void flush_eager_global_retire(struct tri_core *core, struct area *area, struct frame_list *frames)
{
	plat_mutex_lock(&core->flush.list[0].purge);
	flush_everything(core);
	plat_mutex_unlock(&core->flush.list[0].purge);
	pcp_free_list(core, frames);
	areas_free(core, area);
}

unsigned long flush_eager_global_purge(struct tri_core *core)
{
	(void)core;
	return 0;
}
