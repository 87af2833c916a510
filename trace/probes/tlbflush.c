/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tlbflush.c - TLB flushes of processes' addresses, by tracepoint tlb:tlb_flush.
 *
 * It fires on each CPU that drops translations, also where it does so for another: those have the
 * reason "remote shootdown", and are what the TLB line of /proc/interrupts counts. Flushes of the
 * kernel's own addresses (vmalloc's) do not pass it: probe funclat on flush_tlb_kernel_range.
 */
#include "tlbflush.h"
#include "probe.h"
#include "tlbflush.skel.h"

#include <errno.h>

/* enum tlb_flush_reason of Linux, the same since 4.1; the last came with 6.15. */
static const char *const reasons[] = {"task switch",	 "remote shootdown",
				      "local shootdown", "local mm shootdown",
				      "remote ipi send", "remote, wrong cpu"};

static int open_tlbflush(struct probe_run *run)
{
	struct tlbflush *object = tlbflush__open();

	if (!object)
		return -errno;
	probe_opened(run, object, "raw_tp");
	return 0;
}

static void close_tlbflush(struct probe_run *run)
{
	tlbflush__destroy(run->object);
}

static void name_reason(uint64_t reason, json_t *to)
{
	json_object_set_new(to, "reason",
			    reason < sizeof(reasons) / sizeof(*reasons)
				    ? json_string(reasons[reason])
				    : json_integer((json_int_t)reason));
}

static void name_key(const struct probe_run *run, const struct trace_key *key, bool sum, json_t *to)
{
	(void)run;
	name_reason(key->a, to);
	if (sum)
		json_object_set_new(to, "cpu", json_integer((json_int_t)key->b));
}

static void name_event(const struct probe_run *run, const struct trace_event *event, json_t *args)
{
	(void)run;
	name_reason(event->arg[0], args);
	/* -1: all of the address space. */
	json_object_set_new(args, "pages", json_integer((json_int_t)event->arg[1]));
}

const struct probe probe_tlbflush = {
	.name = "tlbflush",
	.about = "TLB flushes of processes' addresses: reason, pages, CPU",
	.open = open_tlbflush,
	.close = close_tlbflush,
	.histograms = (const struct probe_metric[]){{"pages", "pages", NULL, NULL}, {0}},
	.sums = (const struct probe_metric[]){{"range_flushes", "flushes", "flushed_pages",
					       "pages"},
					      {"full_flushes", "flushes", NULL, NULL},
					      {0}},
	.stacks = (const struct probe_metric[]){{"flushes", "flushes", NULL, NULL}, {0}},
	.events = (const char *const[]){"flush", NULL},
	.name_key = name_key,
	.name_event = name_event,
};
