/* SPDX-License-Identifier: GPL-2.0-only */
/* reading.c - see reading.h. */
#include "reading.h"
#include "frames.h"
#include "numbers.h"
#include "symbols.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <inttypes.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* As probes have the kernel take (TRACE_STACK_DEPTH), or more. */
#define DEPTH_MAX 127

struct reading {
	const struct probe_run *run;
	int stacks;
	struct numbers histograms, sums, stack_sums, accounts;
	void *seen; /* tsearch: struct seen */
};

/* A process's calls, by their number in the map of stacks. */
struct seen {
	uint32_t process;
	int32_t user;
};

struct reading *reading_open(struct bpf_object *object, const struct probe_run *run)
{
	struct reading *reading = calloc(1, sizeof(*reading));
	struct bpf_map *stacks = bpf_object__find_map_by_name(object, "stacks");
	const size_t histogram = sizeof(struct trace_histogram) / sizeof(uint64_t);
	const size_t sum = sizeof(struct trace_sum) / sizeof(uint64_t);

	if (!reading)
		return NULL;
	reading->run = run;
	reading->histograms.histogram = true;
	reading->stacks = stacks ? bpf_map__fd(stacks) : -1;
	if (!numbers_open(&reading->histograms, object, "histogram_keys", "histograms",
			  histogram) &&
	    !numbers_open(&reading->sums, object, "sum_keys", "sums",
			  sizeof(struct trace_keyed_sum) / sizeof(uint64_t)) &&
	    !numbers_open(&reading->stack_sums, object, "stack_sums", NULL, sum) &&
	    !numbers_open(&reading->accounts, object, "accounts", NULL,
			  sizeof(struct trace_account) / sizeof(uint64_t)))
		return reading;
	reading_close(reading);
	return NULL;
}

void reading_close(struct reading *reading)
{
	if (!reading)
		return;
	numbers_close(&reading->histograms);
	numbers_close(&reading->sums);
	numbers_close(&reading->stack_sums);
	numbers_close(&reading->accounts);
	tdestroy(reading->seen, free);
	free(reading);
}

int reading_forget(struct reading *reading)
{
	return numbers_forget(&reading->histograms) ?:
	       numbers_forget(&reading->sums) ?:
	       numbers_forget(&reading->stack_sums) ?:
	       numbers_forget(&reading->accounts);
}

void reading_account(struct reading *reading, unsigned int arm, struct trace_account *account)
{
	*account = (struct trace_account){0};
	if (!numbers_look_up(&reading->accounts, &arm))
		return;
	numbers_since(&reading->accounts, &arm);
	memcpy(account, reading->accounts.sum, sizeof(*account));
}

/* --- Records --- */

/* What a key's record is made for. */
struct telling {
	struct reading *reading;
	const struct reading_of *of;
};

static json_t *begin(const char *type, const struct reading_of *of, uint32_t arm)
{
	json_t *record = json_pack("{ss}", "t", type);

	if (of->first >= 0)
		json_object_set_new(record, "bench", json_integer(of->first + (int)arm));
	return record;
}

static void set_key(const struct reading *reading, const struct trace_key *key, bool sum,
		    json_t *record)
{
	const struct probe *probe = reading->run->probe;
	json_t *named = json_object();

	if (probe->name_key)
		probe->name_key(reading->run, key, sum, named);
	if (json_object_size(named))
		json_object_set(record, "key", named);
	json_decref(named);
}

static json_t *buckets(const struct trace_histogram *histogram)
{
	json_t *list = json_array();

	for (unsigned int i = 0; i < TRACE_BUCKETS; i++)
		if (histogram->bucket[i])
			json_array_append_new(list,
					      json_pack("[II]", (json_int_t)trace_bucket_low(i),
							(json_int_t)histogram->bucket[i]));
	return list;
}

static int histogram(struct numbers *numbers, const void *at, void *arg)
{
	const struct telling *telling = arg;
	struct reading *reading = telling->reading;
	const struct trace_histogram *histogram = (const void *)numbers->sum;
	const struct trace_key *key = at;
	const struct probe_metric *metric = &reading->run->probe->histograms[key->what];
	const struct reading_of *of = telling->of;
	char sum[24];
	json_t *record;

	numbers_since(numbers, at);
	if (!histogram->n)
		return 0;
	record = begin("hist", of, key->arm);
	snprintf(sum, sizeof(sum), "%" PRIu64, histogram->sum);
	json_object_update_new(
		record,
		json_pack("{ss ss ss ss si sI sI sI ss so si}", "source", reading->run->probe->name,
			  "metric", metric->name, "unit", metric->unit, "scheme", "loglin",
			  "sub_bits", TRACE_SUB_BITS, "n", (json_int_t)histogram->n, "min",
			  (json_int_t)histogram->min, "max", (json_int_t)histogram->max, "sum", sum,
			  "buckets", buckets(histogram), "lost", 0));
	set_key(reading, key, false, record);
	of->out(of->arg, record);
	return 0;
}

static void counter(struct reading *reading, const struct trace_key *key,
		    const struct reading_of *of, const char *name, const char *unit, uint64_t value)
{
	json_t *record = begin("counter", of, key->arm);

	json_object_update_new(record, json_pack("{ss ss ss ss ss ss sI ss}", "phase", "measure",
						 "source", reading->run->probe->name, "name", name,
						 "unit", unit, "better", "none", "class", "noisy",
						 "value", (json_int_t)value, "avail", "ok"));
	set_key(reading, key, true, record);
	of->out(of->arg, record);
}

static int sum(struct numbers *numbers, const void *at, void *arg)
{
	const struct telling *telling = arg;
	struct reading *reading = telling->reading;
	const struct trace_key *key = at;
	const struct probe_metric *metric = &reading->run->probe->sums[key->what];
	const struct trace_sum *sum = (const void *)numbers->sum;

	numbers_since(numbers, at);
	if (!sum->n)
		return 0;
	counter(reading, key, telling->of, metric->name, metric->unit, sum->n);
	if (metric->sum_name)
		counter(reading, key, telling->of, metric->sum_name, metric->sum_unit, sum->sum);
	return 0;
}

/*
 * How we got to know of the event is no part of the way to it: what calls BPF programs, and they
 * themselves, which lie behind the last of the kernel's own functions.
 */
static bool is_ours(const char *name)
{
	static const char *const starts[] = {"_einittext", "bpf_", "__bpf_", "__traceiter_"};

	for (unsigned int i = 0; i < sizeof(starts) / sizeof(*starts); i++)
		if (!strncmp(name, starts[i], strlen(starts[i])))
			return true;
	return false;
}

/* The calls of a number in the map of stacks, innermost first. */
static int stack_depth(const struct reading *reading, int stack, uint64_t address[DEPTH_MAX])
{
	int depth = 0;

	memset(address, 0, DEPTH_MAX * sizeof(*address));
	if (stack < 0 || bpf_map_lookup_elem(reading->stacks, &stack, address))
		return 0;
	while (depth < DEPTH_MAX && address[depth])
		depth++;
	return depth;
}

/* Outermost first. */
static void add_kernel(const struct reading *reading, int stack, json_t *frames)
{
	uint64_t address[DEPTH_MAX];
	char text[256];
	int depth = stack_depth(reading, stack, address), innermost = 0;

	for (; innermost < depth; innermost++) {
		symbols_name(reading->run->symbols, address[innermost], text, sizeof(text));
		if (!is_ours(text))
			break;
	}
	for (int i = depth - 1; i >= innermost; i--) {
		symbols_name(reading->run->symbols, address[i], text, sizeof(text));
		json_array_append_new(frames, json_string(text));
	}
}

/*
 * The program's calls. They are found by frame pointers: only what was compiled to keep them
 * (-fno-omit-frame-pointer) has its callers' names here.
 */
static void add_user(const struct reading *reading, int stack, uint32_t process, json_t *frames)
{
	uint64_t address[DEPTH_MAX];
	char text[256];

	for (int i = stack_depth(reading, stack, address) - 1; i >= 0; i--) {
		/* A caller's is where it goes on, which may be behind its end. */
		frames_name(reading->run->frames, process, address[i] - (i > 0), text,
			    sizeof(text));
		json_array_append_new(frames, json_string(text));
	}
}

static int compare_seen(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct seen));
}

/* True: it was not seen before. */
static bool is_new(struct reading *reading, const struct seen *seen)
{
	struct seen *kept;

	if (tfind(seen, &reading->seen, compare_seen))
		return false;
	kept = malloc(sizeof(*kept));
	if (!kept)
		return false;
	*kept = *seen;
	if (!tsearch(kept, &reading->seen, compare_seen))
		free(kept);
	return true;
}

void reading_look(struct reading *reading)
{
	struct trace_stack_key key, *previous = NULL, next;
	uint64_t address[DEPTH_MAX];

	if (!reading->run->frames || reading->stack_sums.map < 0)
		return;
	while (!bpf_map_get_next_key(reading->stack_sums.map, previous, &next)) {
		const struct seen seen = {next.process, next.user};

		key = next;
		previous = &key;
		if (!seen.process || !is_new(reading, &seen))
			continue;
		frames_saw(reading->run->frames, seen.process, address,
			   (size_t)stack_depth(reading, seen.user, address));
	}
}

static int stack(struct numbers *numbers, const void *at, void *arg)
{
	const struct telling *telling = arg;
	struct reading *reading = telling->reading;
	const struct trace_stack_key *key = at;
	const struct probe_metric *metric = &reading->run->probe->stacks[key->what];
	const struct trace_sum *sum = (const void *)numbers->sum;
	const struct trace_key named = {.arm = key->arm, .what = key->what, .a = key->a};
	const struct reading_of *of = telling->of;
	json_t *record, *frames;

	numbers_since(numbers, at);
	if (!sum->n)
		return 0;
	frames = json_array();
	add_user(reading, key->user, key->process, frames);
	add_kernel(reading, key->kernel, frames);
	/* The map of stacks had no room, or two of them the same place in it. */
	if (!json_array_size(frames))
		json_array_append_new(frames, json_string("[unknown]"));
	record = begin("stack", of, key->arm);
	json_object_update_new(
		record, json_pack("{ss sI ss so}", "probe", reading->run->probe->name, "weight",
				  (json_int_t)sum->sum, "unit", metric->unit, "frames", frames));
	set_key(reading, &named, false, record);
	of->out(of->arg, record);
	return 0;
}

int reading_records(struct reading *reading, const struct reading_of *of)
{
	struct telling telling = {reading, of};

	return numbers_each(&reading->histograms, histogram, &telling) ?:
	       numbers_each(&reading->sums, sum, &telling) ?:
	       numbers_each(&reading->stack_sums, stack, &telling);
}

json_t *reading_event(const struct reading *reading, const struct trace_event *event, int first)
{
	const struct probe *probe = reading->run->probe;
	const struct reading_of of = {.first = first};
	json_t *record = begin("event", &of, event->arm), *args = json_object();

	if (probe->name_event)
		probe->name_event(reading->run, event, args);
	json_object_update_new(record, json_pack("{ss ss sI si si so}", "probe", probe->name,
						 "name", probe->events[event->what], "at_ns",
						 (json_int_t)event->ns, "cpu", (int)event->cpu,
						 "tid", (int)event->thread, "args", args));
	if (event->length_ns)
		json_object_set_new(record, "len_ns", json_integer((json_int_t)event->length_ns));
	return record;
}
