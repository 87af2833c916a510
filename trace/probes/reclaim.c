/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * reclaim.c - memory that has run short, by tracepoints vmscan:*, compaction:* and oom:*.
 *
 * A thread that finds no free page looks for some itself (direct reclaim; of its memory cgroup,
 * where that has its limit) and waits meanwhile, or moves pages together for a large block. Names
 * are of who had to; of an OOM victim, of whose request it was chosen for.
 */
#include "reclaim.h"
#include "probe.h"
#include "reclaim.skel.h"
#include "tracepoints.h"

#include <errno.h>
#include <string.h>

static int open_reclaim(struct probe_run *run)
{
	struct reclaim *object = reclaim__open();
	const bool groups = tracepoint_known("mm_vmscan_memcg_reclaim_begin");
	const bool soft = tracepoint_known("mm_vmscan_memcg_softlimit_reclaim_begin");
	const bool compaction = tracepoint_known("mm_compaction_begin");

	if (!object)
		return -errno;
	probe_opened(run, object, "raw_tp");
	/* What a kernel without CONFIG_MEMCG, CONFIG_MEMCG_V1 or CONFIG_COMPACTION never does. */
	bpf_program__set_autoload(object->progs.on_group, groups);
	bpf_program__set_autoload(object->progs.on_group_end, groups);
	bpf_program__set_autoload(object->progs.on_soft, soft);
	bpf_program__set_autoload(object->progs.on_soft_end, soft);
	bpf_program__set_autoload(object->progs.on_compaction, compaction);
	bpf_program__set_autoload(object->progs.on_compaction_end, compaction);
	return 0;
}

static void close_reclaim(struct probe_run *run)
{
	reclaim__destroy(run->object);
}

static void name_key(const struct probe_run *run, const struct trace_key *key, bool sum, json_t *to)
{
	static const char *const kinds[] = {"direct", "cgroup", "soft limit", "compaction"};
	char name[2 * sizeof(uint64_t) + 1] = "";

	(void)run;
	if (!sum) {
		json_object_set_new(to, "kind", json_string(kinds[key->a]));
		return;
	}
	memcpy(name, &key->a, sizeof(key->a));
	memcpy(name + sizeof(key->a), &key->b, sizeof(key->b));
	/* A name may be any bytes: what is no text is left out. */
	json_object_set_new(to, "process", json_string(name) ?: json_string("?"));
}

static void name_event(const struct probe_run *run, const struct trace_event *event, json_t *args)
{
	(void)run;
	if (event->what >= RECLAIM_KINDS)
		return;
	json_object_set_new(args, event->what == RECLAIM_COMPACT ? "result" : "pages",
			    json_integer((json_int_t)event->arg[0]));
	if (event->what != RECLAIM_COMPACT)
		json_object_set_new(args, "order", json_integer((json_int_t)event->arg[1]));
}

const struct probe probe_reclaim = {
	.name = "reclaim",
	.about = "memory run short: direct reclaim, compaction, kswapd, OOM, and how long",
	.open = open_reclaim,
	.close = close_reclaim,
	.histograms = (const struct probe_metric[]){{"time", "ns", NULL, NULL},
						    {"pages", "pages", NULL, NULL},
						    {0}},
	.sums = (const struct probe_metric[]){{"direct", "reclaims", "direct_pages", "pages"},
					      {"cgroup", "reclaims", "cgroup_pages", "pages"},
					      {"soft_limit", "reclaims", "soft_limit_pages",
					       "pages"},
					      {"compactions", "compactions", NULL, NULL},
					      {"kswapd_wakes", "wakes", NULL, NULL},
					      {"oom_victims", "processes", NULL, NULL},
					      {0}},
	.stacks = (const struct probe_metric[]){{"waits", "events", NULL, NULL}, {0}},
	.events = (const char *const[]){"direct reclaim", "cgroup reclaim", "soft limit reclaim",
					"compaction", "kswapd", "oom victim", NULL},
	.name_key = name_key,
	.name_event = name_event,
};
