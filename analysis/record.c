/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * record.c - from checked JSON records to the structs of run.h.
 *
 * The schema has been checked: fields that must be there are, and have their type. What
 * is checked here is what one record says about others. Arrays grow when their length
 * reaches a power of two, so they need no capacity beside it.
 */
#include "record.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reader {
	struct run_memory *memory;
	json_t *json;
	char *why;
	size_t size;
};

/* Always -1, for the caller to return. */
__attribute__((format(printf, 2, 3))) static int refuse(struct reader *reader, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(reader->why, reader->size, fmt, args);
	va_end(args);
	return -1;
}

static int refuse_memory(struct reader *reader)
{
	return refuse(reader, "out of memory");
}

/* The array with room for one more after @nr elements, that one zeroed; NULL: no memory. */
static void *grow(void *array, size_t nr, size_t size)
{
	if (!(nr & (nr - 1)))
		array = realloc(array, (nr ? 2 * nr : 1) * size);
	if (array)
		memset((char *)array + nr * size, 0, size);
	return array;
}

static const char *text(struct reader *reader, const char *key)
{
	return arena_text(&reader->memory->arena,
			  json_string_value(json_object_get(reader->json, key)));
}

/* NAN: null, or not there. */
static double number_or_nan(struct reader *reader, const char *key)
{
	const json_t *value = json_object_get(reader->json, key);

	return json_is_number(value) ? json_number_value(value) : NAN;
}

static double number(struct reader *reader, const char *key)
{
	return json_number_value(json_object_get(reader->json, key));
}

static uint64_t count_of(const json_t *json)
{
	if (json_is_integer(json))
		return (uint64_t)json_integer_value(json);
	return json_number_value(json) < 0x1p63 ? (uint64_t)json_number_value(json) : INT64_MAX;
}

static uint64_t count(struct reader *reader, const char *key)
{
	return count_of(json_object_get(reader->json, key));
}

static enum better better(struct reader *reader)
{
	const char *name = text(reader, "better");

	return !strcmp(name, "lower")	 ? BETTER_LOWER
	       : !strcmp(name, "higher") ? BETTER_HIGHER
					 : BETTER_NONE;
}

static enum metric_class class(struct reader *reader) {
	const char *name = text(reader, "class");

	return !strcmp(name, "exact")	? CLASS_EXACT
	       : !strcmp(name, "noisy") ? CLASS_NOISY
					: CLASS_SAMPLED;
}

/* The numbers of an array; NULL if it is empty, or there is no memory. */
static double *numbers(struct reader *reader, const char *key, size_t *n)
{
	const json_t *array = json_object_get(reader->json, key), *item;
	double *out;
	size_t i;

	*n = json_array_size(array);
	if (!*n)
		return NULL;
	out = arena_alloc(&reader->memory->arena, *n * sizeof(*out));
	if (!out)
		return NULL;
	json_array_foreach (array, i, item)
		out[i] = json_number_value(item);
	return out;
}

/* Ids grow along the file, so a search by halves finds one. */
static struct bench *find_bench(struct reader *reader)
{
	struct run *run = &reader->memory->run;
	uint64_t id = count(reader, "bench");
	size_t low = 0, high = run->nr_benches;

	if (!json_object_get(reader->json, "bench")) {
		refuse(reader, "bench: missing");
		return NULL;
	}
	while (low < high) {
		size_t middle = (low + high) / 2;

		if ((uint64_t)run->benches[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < run->nr_benches && (uint64_t)run->benches[low].id == id)
		return &run->benches[low];
	refuse(reader, "bench: there is no bench %lu above this line", (unsigned long)id);
	return NULL;
}

/* The bench's, or the run's if the record names none; NULL: there is no such bench. */
static struct trace *find_trace(struct reader *reader)
{
	struct bench *bench;

	if (!json_object_get(reader->json, "bench"))
		return &reader->memory->run.trace;
	bench = find_bench(reader);
	return bench ? &bench->trace : NULL;
}

/* The names and values of object @member, if it is there. */
static int read_keys(struct reader *reader, const char *member, struct trace_key **keys, size_t *nr)
{
	json_t *object = json_object_get(reader->json, member), *value;
	struct trace_key *out;
	const char *name;

	if (!json_object_size(object))
		return 0;
	out = arena_alloc(&reader->memory->arena, json_object_size(object) * sizeof(*out));
	if (!out)
		return refuse_memory(reader);
	*keys = out;
	json_object_foreach (object, name, value) {
		*out++ = (struct trace_key){
			.name = arena_text(&reader->memory->arena, name),
			.text = arena_text(&reader->memory->arena, json_string_value(value)),
			.number = json_number_value(value),
		};
		++*nr;
	}
	return 0;
}

static int read_key(struct reader *reader, struct trace_key **keys, size_t *nr)
{
	return read_keys(reader, "key", keys, nr);
}

static int add_run(struct reader *reader)
{
	struct run *run = &reader->memory->run;

	run->head = json_incref(reader->json);
	run->run_id = text(reader, "run_id");
	run->started = text(reader, "started");
	return 0;
}

static int add_bench(struct reader *reader)
{
	struct run *run = &reader->memory->run;
	uint64_t id = count(reader, "bench"), case_id = count(reader, "case");
	struct bench *bench;

	if (id > INT32_MAX || case_id > INT32_MAX)
		return refuse(reader, "bench.bench: number too large");
	if (run->nr_benches && id <= (uint64_t)run->benches[run->nr_benches - 1].id)
		return refuse(reader, "bench.bench: %lu after %d; must grow", (unsigned long)id,
			      run->benches[run->nr_benches - 1].id);
	bench = grow(run->benches, run->nr_benches, sizeof(*bench));
	if (!bench)
		return refuse_memory(reader);
	run->benches = bench;
	bench += run->nr_benches++;
	*bench = (struct bench){
		.id = (int)id,
		.case_id = (int)case_id,
		.arms = (int)count(reader, "arms"),
		.workload = text(reader, "workload"),
		.version = text(reader, "version"),
		.series = text(reader, "series"),
		.target = text(reader, "target"),
		.arm = text(reader, "arm"),
		.status = text(reader, "status"),
		.why = text(reader, "why"),
		.ops_digest = text(reader, "ops_digest"),
		.check_level = (int)count(reader, "check_level"),
		.oversubscribed = json_is_true(json_object_get(reader->json, "oversubscribed")),
		.ops = count(reader, "ops"),
		.blocks = count(reader, "blocks"),
		.json = json_incref(reader->json),
		.params = json_object_get(reader->json, "params"),
	};
	return 0;
}

static int add_counter(struct reader *reader)
{
	const json_t *value = json_object_get(reader->json, "value");
	struct counter **counters, *counter;
	size_t *nr;

	if (trace_source(text(reader, "source"))) {
		struct trace *trace = find_trace(reader);

		if (!trace)
			return -1;
		counters = &trace->counters;
		nr = &trace->nr_counters;
	} else {
		struct bench *bench = find_bench(reader);

		if (!bench)
			return -1;
		counters = &bench->counters;
		nr = &bench->nr_counters;
	}
	counter = grow(*counters, *nr, sizeof(*counter));
	if (!counter)
		return refuse_memory(reader);
	*counters = counter;
	counter += (*nr)++;
	*counter = (struct counter){
		.phase = text(reader, "phase"),
		.name = text(reader, "name"),
		.unit = text(reader, "unit"),
		.avail = text(reader, "avail"),
		.why = text(reader, "why"),
		.source = text(reader, "source"),
		.better = better(reader),
		.class = class(reader),
		.stable = !json_is_false(json_object_get(reader->json, "stable")),
		.has_value = json_is_number(value),
		.value = json_number_value(value),
		.threshold = number(reader, "threshold"),
		.slack = number(reader, "slack"),
		.ops = count(reader, "ops"),
	};
	counter->per_cpu = numbers(reader, "per_cpu", &counter->nr_per_cpu);
	if (counter->nr_per_cpu && !counter->per_cpu)
		return refuse_memory(reader);
	return read_key(reader, &counter->keys, &counter->nr_keys);
}

static int add_samples(struct reader *reader)
{
	struct bench *bench = find_bench(reader);
	struct samples *samples;

	if (!bench)
		return -1;
	if (json_array_size(json_object_get(reader->json, "order")) !=
	    json_array_size(json_object_get(reader->json, "values")))
		return refuse(reader, "samples.order: must be as long as values");
	samples = grow(bench->samples, bench->nr_samples, sizeof(*samples));
	if (!samples)
		return refuse_memory(reader);
	bench->samples = samples;
	samples += bench->nr_samples++;
	samples->metric = text(reader, "metric");
	samples->unit = text(reader, "unit");
	samples->better = better(reader);
	samples->points = strcmp(text(reader, "per"), "point") == 0;
	samples->ops = count(reader, "ops");
	samples->values = numbers(reader, "values", &samples->n);
	if (samples->n && !samples->values)
		return refuse_memory(reader);
	return 0;
}

static int read_buckets(struct reader *reader, struct hist *hist)
{
	const json_t *array = json_object_get(reader->json, "buckets"), *item;
	size_t i, n = json_array_size(array);

	if (!n)
		return 0;
	hist->buckets = arena_alloc(&reader->memory->arena, n * sizeof(*hist->buckets));
	if (!hist->buckets)
		return refuse_memory(reader);
	json_array_foreach (array, i, item) {
		hist->buckets[i].low = count_of(json_array_get(item, 0));
		hist->buckets[i].count = count_of(json_array_get(item, 1));
		if (i && hist->buckets[i].low <= hist->buckets[i - 1].low)
			return refuse(reader, "buckets[%zu]: must grow along the line", i);
		hist->nr_buckets++;
	}
	return 0;
}

/* A new one where it belongs, zeroed; NULL after refuse(). */
static struct hist *new_hist(struct reader *reader, bool interval)
{
	struct hist **hists, *hist;
	size_t *nr;

	if (!interval && json_object_get(reader->json, "source")) {
		struct trace *trace = find_trace(reader);

		if (!trace)
			return NULL;
		hists = &trace->hists;
		nr = &trace->nr_hists;
	} else {
		struct bench *bench = find_bench(reader);

		if (!bench)
			return NULL;
		hists = interval ? &bench->intervals : &bench->hists;
		nr = interval ? &bench->nr_intervals : &bench->nr_hists;
	}
	hist = grow(*hists, *nr, sizeof(*hist));
	if (!hist) {
		refuse_memory(reader);
		return NULL;
	}
	*hists = hist;
	return hist + (*nr)++;
}

static int add_hist(struct reader *reader, bool interval)
{
	struct hist *hist = new_hist(reader, interval);

	if (!hist)
		return -1;
	hist->source = text(reader, "source");
	hist->metric = text(reader, "metric");
	hist->unit = text(reader, "unit");
	if (!strcmp(hist->unit, "ticks"))
		hist->hz = number(reader, "hz");
	hist->sub_bits = (unsigned int)count(reader, "sub_bits");
	hist->min = count(reader, "min");
	hist->max = count(reader, "max");
	hist->lost = count(reader, "lost");
	hist->start_ns = number(reader, "start_ns");
	hist->len_ns = number(reader, "len_ns");
	if (read_buckets(reader, hist))
		return -1;
	if (interval) {
		for (size_t i = 0; i < hist->nr_buckets; i++)
			hist->n += hist->buckets[i].count;
	} else {
		hist->n = count(reader, "n");
		hist->sum = strtod(text(reader, "sum"), NULL);
	}
	return read_key(reader, &hist->keys, &hist->nr_keys);
}

static struct trace_interval interval_of(struct reader *reader, const char *key)
{
	const json_t *array = json_object_get(reader->json, key);

	if (!json_is_array(array))
		return (struct trace_interval){NAN, NAN, NAN};
	return (struct trace_interval){json_number_value(json_array_get(array, 0)),
				       json_number_value(json_array_get(array, 1)),
				       json_number_value(json_array_get(array, 2))};
}

static int add_probe(struct reader *reader)
{
	struct trace *trace = find_trace(reader);
	struct probe *probe;

	if (!trace)
		return -1;
	probe = grow(trace->probes, trace->nr_probes, sizeof(*probe));
	if (!probe)
		return refuse_memory(reader);
	trace->probes = probe;
	probe += trace->nr_probes++;
	*probe = (struct probe){
		.name = text(reader, "probe"),
		.status = text(reader, "status"),
		.why = text(reader, "why"),
		.how = text(reader, "how"),
		.seconds = number_or_nan(reader, "seconds"),
		.events = number_or_nan(reader, "events"),
		.delivered = number_or_nan(reader, "delivered"),
		.lost = number_or_nan(reader, "lost"),
		.missed = number_or_nan(reader, "missed"),
		.refused = number_or_nan(reader, "refused"),
		.full = number_or_nan(reader, "full"),
		.bpf_ns = number_or_nan(reader, "bpf_ns"),
		.bpf_runs = number_or_nan(reader, "bpf_runs"),
		.floor_ns = number_or_nan(reader, "floor_ns"),
		.cost_ns = interval_of(reader, "cost_ns"),
		.share = interval_of(reader, "share"),
		.cost_why = text(reader, "cost_why"),
		.disturbed = json_is_true(json_object_get(reader->json, "disturbed")),
	};
	return 0;
}

static int add_stack(struct reader *reader)
{
	const json_t *frames = json_object_get(reader->json, "frames"), *frame;
	struct trace *trace = find_trace(reader);
	struct stack *stack;
	size_t i;

	if (!trace)
		return -1;
	stack = grow(trace->stacks, trace->nr_stacks, sizeof(*stack));
	if (!stack)
		return refuse_memory(reader);
	trace->stacks = stack;
	stack += trace->nr_stacks++;
	stack->probe = text(reader, "probe");
	stack->unit = text(reader, "unit");
	stack->weight = count(reader, "weight");
	stack->frames = arena_alloc(&reader->memory->arena,
				    json_array_size(frames) * sizeof(*stack->frames));
	if (!stack->frames)
		return refuse_memory(reader);
	json_array_foreach (frames, i, frame)
		stack->frames[stack->nr_frames++] =
			arena_text(&reader->memory->arena, json_string_value(frame));
	return read_key(reader, &stack->keys, &stack->nr_keys);
}

static int add_event(struct reader *reader)
{
	const json_t *length = json_object_get(reader->json, "len_ns");
	struct trace *trace = find_trace(reader);
	struct event *event;

	if (!trace)
		return -1;
	event = grow(trace->events, trace->nr_events, sizeof(*event));
	if (!event)
		return refuse_memory(reader);
	trace->events = event;
	event += trace->nr_events++;
	*event = (struct event){
		.probe = text(reader, "probe"),
		.name = text(reader, "name"),
		.at_ns = json_number_value(json_object_get(reader->json, "at_ns")),
		.len_ns = length ? json_number_value(length) : NAN,
		.cpu = (unsigned int)count(reader, "cpu"),
		.tid = json_object_get(reader->json, "tid") ? (long)count(reader, "tid") : -1,
	};
	return read_keys(reader, "args", &event->args, &event->nr_args);
}

static int add_note(struct reader *reader)
{
	struct run *run = &reader->memory->run;
	struct bench *bench = NULL;
	struct note *note;

	if (json_object_get(reader->json, "bench")) {
		bench = find_bench(reader);
		if (!bench)
			return -1;
	}
	note = grow(run->notes, run->nr_notes, sizeof(*note));
	if (!note)
		return refuse_memory(reader);
	run->notes = note;
	note += run->nr_notes++;
	note->bench = bench ? bench->id : -1;
	note->level = text(reader, "level");
	note->text = text(reader, "text");
	return 0;
}

static int add_end(struct reader *reader)
{
	struct run *run = &reader->memory->run;

	if (strcmp(text(reader, "run_id"), run->run_id))
		return refuse(reader, "end.run_id: not that of the run line");
	if (count(reader, "benches") > run->nr_benches)
		return refuse(reader, "end.benches: %lu, but the file holds %zu",
			      (unsigned long)count(reader, "benches"), run->nr_benches);
	run->status = text(reader, "status");
	reader->memory->ended = true;
	return 0;
}

static int add_real_hist(struct reader *reader)
{
	return add_hist(reader, false);
}

static int add_interval(struct reader *reader)
{
	return add_hist(reader, true);
}

static int add(struct reader *reader, const char *type)
{
	static const struct {
		const char *type;
		int (*add)(struct reader *reader);
	} types[] = {
		{"run", add_run},	  {"bench", add_bench},	   {"counter", add_counter},
		{"samples", add_samples}, {"hist", add_real_hist}, {"interval", add_interval},
		{"probe", add_probe},	  {"stack", add_stack},	   {"event", add_event},
		{"note", add_note},	  {"end", add_end},
	};
	size_t i = 0;

	/* The schema knows no other. */
	while (strcmp(types[i].type, type))
		i++;
	return types[i].add(reader);
}

int record_add(struct run_memory *memory, json_t *record, char *why, size_t size)
{
	struct reader reader = {memory, record, why, size};
	const char *t = json_string_value(json_object_get(record, "t"));
	int err;

	if (memory->ended)
		return refuse(&reader, "%s: a line after the end line", t);
	if (!memory->run.head != !strcmp(t, "run"))
		return refuse(&reader,
			      memory->run.head ? "run: a second run line"
					       : "%s: the first line must be the run line",
			      t);
	err = add(&reader, t);
	if (!err && memory->arena.exhausted)
		err = refuse_memory(&reader);
	return err;
}
