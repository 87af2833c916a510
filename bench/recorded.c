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

/* Twice: how many slots there are, then whether each event follows from those before. */
static int look_through(const struct atrace_source *source)
{
	struct atrace_decoder *decoder = host_scratch_alloc(sizeof(*decoder));
	uint32_t *seen;
	size_t bytes;
	int error = -ENOMEM;

	if (!decoder)
		return error;
	atrace_scan(&trace, source, decoder, NULL);
	bytes = (atrace_slots(&trace) + 1) * sizeof(*seen);
	seen = host_scratch_alloc(bytes);
	if (seen)
		error = atrace_scan(&trace, source, decoder, seen);
	host_scratch_free(seen, bytes);
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
