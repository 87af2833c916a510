/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vmalloc.c - areas of vmalloc, by tracepoints vmalloc:* (Linux 6.2).
 *
 * An area that is freed waits, with its translations, until so many pages wait that dropping all is
 * worth the interrupts. Then a worker of the kernel purges them: the tracepoint says how many
 * areas, and how long it took is the worker's time (workqueue_execute_start and _end of
 * drain_vmap_area_work). Others purge too, where addresses or memory run short, or permissions
 * change: of those there is no beginning to be seen, so no time.
 */
#include "vmalloc.h"
#include "probe.h"
#include "symbols.h"
#include "tracepoints.h"
#include "vmalloc.skel.h"

#include <errno.h>
#include <stdio.h>

static int open_vmalloc(struct probe_run *run)
{
	struct vmalloc *object;

	if (!tracepoint_known("alloc_vmap_area")) {
		snprintf(run->why, sizeof(run->why),
			 "this kernel has no tracepoint vmalloc:alloc_vmap_area (Linux 6.2 has)");
		return -ENOENT;
	}
	object = vmalloc__open();
	if (!object)
		return -errno;
	probe_opened(run, object, "raw_tp");
	return 0;
}

static void close_vmalloc(struct probe_run *run)
{
	vmalloc__destroy(run->object);
}

static void name_key(const struct probe_run *run, const struct trace_key *key, bool sum, json_t *to)
{
	(void)run;
	if (sum ? key->what <= VMALLOC_FAILED : key->what == VMALLOC_SIZE)
		json_object_set_new(to, "align", json_integer((json_int_t)key->a));
}

static void name_event(const struct probe_run *run, const struct trace_event *event, json_t *args)
{
	static const char *const names[][2] = {
		[VMALLOC_EVENT_PURGE] = {"areas", "range_bytes"},
		[VMALLOC_EVENT_LAZY] = {"pages", "max"},
		[VMALLOC_EVENT_FAILED] = {"bytes", "align"},
	};

	(void)run;
	for (int i = 0; i < 2; i++)
		json_object_set_new(args, names[event->what][i],
				    json_integer((json_int_t)event->arg[i]));
}

const struct probe probe_vmalloc = {
	.name = "vmalloc",
	.about = "areas of vmalloc: sizes, pages that wait for a purge, purges and their time",
	.open = open_vmalloc,
	.close = close_vmalloc,
	.histograms = (const struct probe_metric[]){{"size", "bytes", NULL, NULL},
						    {"waiting", "pages", NULL, NULL},
						    {"purged", "areas", NULL, NULL},
						    {"purge_time", "ns", NULL, NULL},
						    {0}},
	.sums = (const struct probe_metric[]){{"allocated", "areas", "allocated_bytes", "bytes"},
					      {"failed", "areas", "failed_bytes", "bytes"},
					      {"freed", "areas", NULL, NULL},
					      {"purges", "purges", "purged_areas", "areas"},
					      {0}},
	.stacks = (const struct probe_metric[]){{"allocated", "bytes", NULL, NULL}, {0}},
	.events = (const char *const[]){"purge", "lazy", "failed", NULL},
	.name_key = name_key,
	.name_event = name_event,
};
