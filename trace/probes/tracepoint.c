/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tracepoint.c - how often a tracepoint of the user's choice is passed, and with --stacks on which
 * ways: --set=tracepoint.name=sys_enter. What it says about each event is not read.
 */
#include "probe.h"
#include "tracepoint.skel.h"
#include "tracepoints.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

static int open_tracepoint(struct probe_run *run)
{
	const char *name = probe_word(run->options, "tracepoint", "name");
	struct tracepoint *object;

	if (!name || !*name) {
		snprintf(run->why, sizeof(run->why),
			 "which tracepoint? --set=tracepoint.name=sys_enter");
		return -EINVAL;
	}
	/* As a user may write it: with the group before it. */
	if (strchr(name, ':'))
		name = strchr(name, ':') + 1;
	if (!tracepoint_known(name)) {
		snprintf(run->why, sizeof(run->why), "this kernel has no tracepoint %.100s", name);
		return -ENOENT;
	}
	object = tracepoint__open();
	if (!object)
		return -errno;
	probe_opened(run, object, "raw_tp");
	return 0;
}

static void close_tracepoint(struct probe_run *run)
{
	tracepoint__destroy(run->object);
}

static int attach_tracepoint(struct probe_run *run)
{
	const char *name = probe_word(run->options, "tracepoint", "name");
	struct tracepoint *object = run->object;

	if (strchr(name, ':'))
		name = strchr(name, ':') + 1;
	object->links.on_tracepoint =
		bpf_program__attach_raw_tracepoint(object->progs.on_tracepoint, name);
	return object->links.on_tracepoint ? 0 : -errno;
}

static void name_key(const struct probe_run *run, const struct trace_key *key, bool sum, json_t *to)
{
	json_object_set_new(to, "tracepoint",
			    json_string(probe_word(run->options, "tracepoint", "name")));
	if (sum)
		json_object_set_new(to, "cpu", json_integer((json_int_t)key->a));
}

const struct probe probe_tracepoint = {
	.name = "tracepoint",
	.about = "any tracepoint, counted: --set=tracepoint.name=sys_enter; with --stacks by "
		 "callers",
	.open = open_tracepoint,
	.close = close_tracepoint,
	.attach = attach_tracepoint,
	.sums = (const struct probe_metric[]){{"passed", "events", NULL, NULL}, {0}},
	.stacks = (const struct probe_metric[]){{"passed", "events", NULL, NULL}, {0}},
	.singly = true,
	.events = (const char *const[]){"passed", NULL},
	.name_key = name_key,
};
