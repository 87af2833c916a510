/* SPDX-License-Identifier: GPL-2.0-only */
/* describe_trace.c - `trimm-user trace FILE`: what an allocation trace is, as one JSON object. */
#include "describe_trace.h"

#include "json.h"
#include "recorded.h"

/* In the order of enum atrace_total. */
static const char *const total_name[ATRACE_TOTALS] = {
	"events",  "allocs", "frees", "remote", "ended",   "live_max", "bytes_max",
	"unknown", "reused", "late",  "lost",	"refused", "time_ns",  "lanes",
};

int describe_trace(const char *path)
{
	const struct atrace *trace;
	struct json *json;

	if (host_param_set("trace", path) || recorded_open(true))
		return 2;
	trace = recorded_trace();
	json = host_scratch_alloc(sizeof(*json));
	if (!json) {
		host_error("out of memory");
		return 1;
	}
	json_begin(json);
	json_put_unsigned(json, "version", ATRACE_VERSION);
	json_put_string(json, "origin", trace->origin == ATRACE_KERNEL ? "kernel" : "user");
	json_put_string(json, "command", trace->command);
	json_put_string(json, "system", trace->system);
	json_put_unsigned(json, "began", trace->began);
	json_put_unsigned(json, "cpus", trace->cpus);
	json_put_unsigned(json, "bytes", trace->source.size);
	json_put_unsigned(json, "caches", trace->nr_caches);
	json_put_unsigned(json, "good_events", trace->events);
	if (trace->why) {
		json_put_string(json, "damage", trace->why);
		json_put_unsigned(json, "damage_at", trace->where);
	}
	for (unsigned int i = 0; i < ATRACE_TOTALS; i++)
		json_put_unsigned(json, total_name[i], trace->total[i]);
	json_end(json);
	host_scratch_free(json, sizeof(*json));
	return 0;
}
