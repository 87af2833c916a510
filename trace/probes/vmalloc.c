/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vmalloc.c - areas of vmalloc, by tracepoints vmalloc:* (Linux 6.2); before, by fentry and fexit
 * of the functions that have them.
 *
 * An area that is freed waits, with its translations, until so many pages wait that dropping all is
 * worth the interrupts. Then a worker of the kernel purges them: the tracepoint says how many
 * areas, and how long it took is the worker's time (workqueue_execute_start and _end of
 * drain_vmap_area_work). Others purge too, where addresses or memory run short, or permissions
 * change: of those there is no beginning to be seen, so no time.
 *
 * Before Linux 6.2 an allocation that fails, has all purged and succeeds is one that succeeded; the
 * tracepoint tells both. Areas that wait side by side are one by then, and purged as one. How much
 * waits, and the areas of a purge, are read from the kernel's own lists there: where it does not
 * name its data (CONFIG_KALLSYMS_ALL) such events count as missed.
 */
#include "vmalloc.h"
#include "probe.h"
#include "symbols.h"
#include "tracepoints.h"
#include "vmalloc.skel.h"

#include <errno.h>
#include <unistd.h>

/* lazy_max_pages() of mm/vmalloc.c: 32 MiB for each bit of the number of CPUs. */
static uint64_t lazy_max_pages(void)
{
	uint64_t pages = 0;

	for (long cpus = sysconf(_SC_NPROCESSORS_ONLN); cpus > 0; cpus >>= 1)
		pages += (32UL << 20) / (uint64_t)sysconf(_SC_PAGESIZE);
	return pages;
}

static int open_vmalloc(struct probe_run *run)
{
	const bool points = tracepoint_known("alloc_vmap_area");
	struct vmalloc *object = vmalloc__open();

	if (!object)
		return -errno;
	bpf_program__set_autoload(object->progs.on_alloc, points);
	bpf_program__set_autoload(object->progs.on_free, points);
	bpf_program__set_autoload(object->progs.on_purge, points);
	bpf_program__set_autoload(object->progs.after_alloc, !points);
	bpf_program__set_autoload(object->progs.before_free, !points);
	bpf_program__set_autoload(object->progs.before_purge, !points);
	object->rodata->lazy_max_pages = lazy_max_pages();
	probe_opened(run, object, points ? "raw_tp" : "raw_tp,fentry");
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
