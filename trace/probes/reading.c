/* SPDX-License-Identifier: GPL-2.0-only */
/* reading.c - see reading.h. */
#include "reading.h"
#include "frames.h"
#include "symbols.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <inttypes.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The largest of keys. */
#define KEY_MAX sizeof(struct trace_stack_key)
_Static_assert(KEY_MAX >= sizeof(struct trace_key), "every key fits");

/* As probes have the kernel take (TRACE_STACK_DEPTH), or more. */
#define DEPTH_MAX 127

/* One map of numbers by key; values are arrays of uint64_t, one such array for each CPU. */
struct numbers {
	int map, values; /* where values are; the map itself unless it gives places in another */
	size_t key, words;
	bool histogram; /* its third and fourth words are no sums */
	void *before;	/* tsearch: what was forgotten, by key */
	uint64_t *of_cpus, *sum;
};

struct item {
	size_t key_size;
	unsigned char key[KEY_MAX];
	uint64_t words[];
};

struct reading {
	const struct probe_run *run;
	int cpus, stacks;
	struct numbers histograms, sums, stack_sums, accounts;
	void *seen; /* tsearch: struct seen */
};

/* A process's calls, by their number in the map of stacks. */
struct seen {
	uint32_t process;
	int32_t user;
};

static int compare(const void *a, const void *b)
{
	const struct item *first = a, *second = b;

	return memcmp(first->key, second->key, first->key_size);
}

static int open_numbers(struct numbers *numbers, struct bpf_object *object, const char *map,
			const char *values, size_t words, int cpus)
{
	struct bpf_map *keys = bpf_object__find_map_by_name(object, map);

	numbers->map = numbers->values = -1;
	numbers->words = words;
	if (!keys)
		return 0;
	numbers->map = numbers->values = bpf_map__fd(keys);
	if (values)
		numbers->values = bpf_map__fd(bpf_object__find_map_by_name(object, values));
	numbers->key = bpf_map__key_size(keys);
	numbers->of_cpus = calloc((size_t)cpus * words, sizeof(uint64_t));
	numbers->sum = calloc(words, sizeof(uint64_t));
	return numbers->of_cpus && numbers->sum ? 0 : -ENOMEM;
}

struct reading *reading_open(struct bpf_object *object, const struct probe_run *run)
{
	struct reading *reading = calloc(1, sizeof(*reading));
	struct bpf_map *stacks = bpf_object__find_map_by_name(object, "stacks");
	const size_t histogram = sizeof(struct trace_histogram) / sizeof(uint64_t);
	const size_t sum = sizeof(struct trace_sum) / sizeof(uint64_t);
	int cpus = libbpf_num_possible_cpus();

	if (!reading)
		return NULL;
	reading->run = run;
	reading->histograms.histogram = true;
	reading->cpus = cpus;
	reading->stacks = stacks ? bpf_map__fd(stacks) : -1;
	if (!open_numbers(&reading->histograms, object, "histogram_keys", "histograms", histogram,
			  cpus) &&
	    !open_numbers(&reading->sums, object, "sum_keys", "sums",
			  sizeof(struct trace_keyed_sum) / sizeof(uint64_t), cpus) &&
	    !open_numbers(&reading->stack_sums, object, "stack_sums", NULL, sum, cpus) &&
	    !open_numbers(&reading->accounts, object, "accounts", NULL,
			  sizeof(struct trace_account) / sizeof(uint64_t), cpus))
		return reading;
	reading_close(reading);
	return NULL;
}

static void close_numbers(struct numbers *numbers)
{
	tdestroy(numbers->before, free);
	free(numbers->of_cpus);
	free(numbers->sum);
}

void reading_close(struct reading *reading)
{
	if (!reading)
		return;
	close_numbers(&reading->histograms);
	close_numbers(&reading->sums);
	close_numbers(&reading->stack_sums);
	close_numbers(&reading->accounts);
	tdestroy(reading->seen, free);
	free(reading);
}

/* --- Numbers of a key --- */

/* Sum up all CPUs' of @key into numbers->sum. False: there are none. */
static bool look_up(struct numbers *numbers, const void *key, int cpus)
{
	const bool indirect = numbers->values != numbers->map;
	const bool extremes = numbers->histogram;
	uint32_t place;

	if (indirect && bpf_map_lookup_elem(numbers->map, key, &place))
		return false;
	if (bpf_map_lookup_elem(numbers->values, indirect ? &place : key, numbers->of_cpus))
		return false;
	memset(numbers->sum, 0, numbers->words * sizeof(uint64_t));
	for (int cpu = 0; cpu < cpus; cpu++) {
		const uint64_t *of = numbers->of_cpus + (size_t)cpu * numbers->words;

		if (extremes && of[0]) {
			numbers->sum[2] = numbers->sum[0] && numbers->sum[2] < of[2]
						  ? numbers->sum[2]
						  : of[2];
			numbers->sum[3] = numbers->sum[3] > of[3] ? numbers->sum[3] : of[3];
		}
		for (size_t i = 0; i < numbers->words; i++)
			if (!extremes || (i != 2 && i != 3))
				numbers->sum[i] += of[i];
	}
	return true;
}

static struct item *new_item(const struct numbers *numbers, const void *key)
{
	struct item *item = calloc(1, sizeof(*item) + numbers->words * sizeof(uint64_t));

	if (!item)
		return NULL;
	item->key_size = numbers->key;
	memcpy(item->key, key, numbers->key);
	return item;
}

static struct item *find_before(struct numbers *numbers, const void *key)
{
	struct item wanted = {.key_size = numbers->key};
	struct item *const *found;

	memcpy(wanted.key, key, numbers->key);
	found = tfind(&wanted, &numbers->before, compare);
	return found ? *found : NULL;
}

/* Take away what was forgotten; a histogram's extremes are then its buckets'. */
static void since(struct numbers *numbers, const void *key)
{
	const struct item *before = find_before(numbers, key);
	const struct trace_histogram *histogram = (const void *)numbers->sum;
	unsigned int low = 0, high = TRACE_BUCKETS - 1;

	if (!before || !before->words[0])
		return;
	for (size_t i = 0; i < numbers->words; i++)
		if (!numbers->histogram || (i != 2 && i != 3))
			numbers->sum[i] -= before->words[i];
	if (!numbers->histogram || !numbers->sum[0])
		return;
	while (!histogram->bucket[low])
		low++;
	while (!histogram->bucket[high])
		high--;
	numbers->sum[2] = trace_bucket_low(low);
	numbers->sum[3] = trace_bucket_low(high + 1) - 1;
}

typedef int (*per_key)(struct reading *reading, struct numbers *numbers, const void *key,
		       void *arg);

/* Keys begin with the arm and what it is: records are in that order. */
static int by_arm(const void *a, const void *b)
{
	return memcmp(a, b, 2 * sizeof(uint32_t));
}

/* All keys of the map; *count of them. NULL: there are none, or no memory for them. */
static unsigned char *keys_of(const struct numbers *numbers, size_t *count)
{
	unsigned char *keys = NULL, *more;
	size_t room = 0;

	for (*count = 0;; ++*count) {
		if (*count == room) {
			room = room ? 2 * room : 256;
			more = reallocarray(keys, room, numbers->key);
			if (!more)
				return keys;
			keys = more;
		}
		more = keys + *count * numbers->key;
		if (bpf_map_get_next_key(numbers->map, *count ? more - numbers->key : NULL, more))
			break;
	}
	if (numbers->key >= 2 * sizeof(uint32_t))
		qsort(keys, *count, numbers->key, by_arm);
	return keys;
}

static int for_each(struct reading *reading, struct numbers *numbers, per_key visit, void *arg)
{
	unsigned char *keys;
	size_t count;
	int err = 0;

	if (numbers->map < 0)
		return 0;
	keys = keys_of(numbers, &count);
	for (size_t i = 0; i < count && !err; i++)
		if (look_up(numbers, keys + i * numbers->key, reading->cpus))
			err = visit(reading, numbers, keys + i * numbers->key, arg);
	free(keys);
	return err;
}

static int forget(struct reading *reading, struct numbers *numbers, const void *key, void *arg)
{
	struct item *item = find_before(numbers, key);

	(void)reading;
	(void)arg;
	if (!item) {
		item = new_item(numbers, key);
		if (!item || !tsearch(item, &numbers->before, compare)) {
			free(item);
			return -ENOMEM;
		}
	}
	memcpy(item->words, numbers->sum, numbers->words * sizeof(uint64_t));
	return 0;
}

int reading_forget(struct reading *reading)
{
	return for_each(reading, &reading->histograms, forget, NULL) ?:
	       for_each(reading, &reading->sums, forget, NULL) ?:
	       for_each(reading, &reading->stack_sums, forget, NULL) ?:
	       for_each(reading, &reading->accounts, forget, NULL);
}

void reading_account(struct reading *reading, unsigned int arm, struct trace_account *account)
{
	*account = (struct trace_account){0};
	if (!look_up(&reading->accounts, &arm, reading->cpus))
		return;
	since(&reading->accounts, &arm);
	memcpy(account, reading->accounts.sum, sizeof(*account));
}

/* --- Records --- */

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

static int histogram(struct reading *reading, struct numbers *numbers, const void *at, void *arg)
{
	const struct trace_histogram *histogram = (const void *)numbers->sum;
	const struct trace_key *key = at;
	const struct probe_metric *metric = &reading->run->probe->histograms[key->what];
	const struct reading_of *of = arg;
	char sum[24];
	json_t *record;

	since(numbers, at);
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

static int sum(struct reading *reading, struct numbers *numbers, const void *at, void *arg)
{
	const struct trace_key *key = at;
	const struct probe_metric *metric = &reading->run->probe->sums[key->what];
	const struct trace_sum *sum = (const void *)numbers->sum;

	since(numbers, at);
	if (!sum->n)
		return 0;
	counter(reading, key, arg, metric->name, metric->unit, sum->n);
	if (metric->sum_name)
		counter(reading, key, arg, metric->sum_name, metric->sum_unit, sum->sum);
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

static int stack(struct reading *reading, struct numbers *numbers, const void *at, void *arg)
{
	const struct trace_stack_key *key = at;
	const struct probe_metric *metric = &reading->run->probe->stacks[key->what];
	const struct trace_sum *sum = (const void *)numbers->sum;
	const struct trace_key named = {.arm = key->arm, .what = key->what, .a = key->a};
	const struct reading_of *of = arg;
	json_t *record, *frames;

	since(numbers, at);
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
	return for_each(reading, &reading->histograms, histogram, (void *)of) ?:
	       for_each(reading, &reading->sums, sum, (void *)of) ?:
	       for_each(reading, &reading->stack_sums, stack, (void *)of);
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
