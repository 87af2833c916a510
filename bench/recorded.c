/* SPDX-License-Identifier: GPL-2.0-only */
/* recorded.c - see recorded.h. */
#include "recorded.h"

static struct atrace trace;
static bool there;

static bool read_host(void *arg, uint64_t offset, void *to, size_t bytes)
{
	(void)arg;
	return host_trace_read(offset, to, bytes);
}

/* Does each event follow from those before? trace.slots are as many as there are. */
static int look_at_events(const struct atrace_source *source, struct atrace_decoder *decoder)
{
	size_t bytes = (atrace_slots(&trace) + 1) * sizeof(uint32_t);
	uint32_t *seen = host_scratch_alloc(bytes);
	int error = seen ? atrace_scan(&trace, source, decoder, seen) : -ENOMEM;

	host_scratch_free(seen, bytes);
	return error;
}

/* Once, if its totals are true; a trace that is damaged, once more for how many slots there are. */
static int look_through(const struct atrace_source *source)
{
	struct atrace_decoder *decoder = host_scratch_alloc(sizeof(*decoder));
	int error = -ENOMEM;

	if (!decoder)
		return error;
	if (!atrace_survey(&trace, source, decoder) || look_at_events(source, decoder)) {
		atrace_scan(&trace, source, decoder, NULL);
		error = look_at_events(source, decoder);
	} else {
		error = 0;
	}
	host_scratch_free(decoder, sizeof(*decoder));
	return error;
}

static int refuse(bool partial)
{
	const char *path = host_param_get("trace");
	unsigned long where = trace.where;

	if (!trace.first)
		host_error("trace=%s: %s (byte %lu); `trimm record` makes one", path, trace.why,
			   where);
	else if (!trace.events)
		host_error("trace=%s: %s (byte %lu), and nothing is good before that", path,
			   trace.why, where);
	else if (!partial)
		host_error("trace=%s: %s (byte %lu); partial=1 replays the %lu events before that",
			   path, trace.why, where, (unsigned long)trace.events);
	else
		return 0;
	return -EINVAL;
}

int recorded_open(bool partial)
{
	struct atrace_source source = {.read = read_host};
	int error;

	there = false;
	error = host_trace_open(&source.size);
	if (error)
		return error == -ENOENT ? 0 : error;
	error = look_through(&source);
	if (error == -ENOMEM) {
		host_error("trace=%s: no memory for what lives in it", host_param_get("trace"));
		return error;
	}
	if (!error && !trace.events) {
		host_error("trace=%s: nothing was recorded in it", host_param_get("trace"));
		return -EINVAL;
	}
	if (error && refuse(partial))
		return -EINVAL;
	there = true;
	return 0;
}

const struct atrace *recorded_trace(void)
{
	return there ? &trace : NULL;
}
