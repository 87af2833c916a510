/* SPDX-License-Identifier: GPL-2.0-only */
/* numbers.c - see numbers.h. */
#include "numbers.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

/* The largest of keys. */
#define KEY_MAX sizeof(struct trace_stack_key)
_Static_assert(KEY_MAX >= sizeof(struct trace_key), "every key fits");

struct item {
	size_t key_size;
	unsigned char key[KEY_MAX];
	uint64_t words[];
};

static int compare(const void *a, const void *b)
{
	const struct item *first = a, *second = b;

	return memcmp(first->key, second->key, first->key_size);
}

int numbers_open(struct numbers *numbers, struct bpf_object *object, const char *map,
		 const char *values, size_t words)
{
	struct bpf_map *keys = bpf_object__find_map_by_name(object, map);

	numbers->map = numbers->values = -1;
	numbers->words = words;
	numbers->cpus = libbpf_num_possible_cpus();
	if (!keys)
		return 0;
	numbers->map = numbers->values = bpf_map__fd(keys);
	if (values)
		numbers->values = bpf_map__fd(bpf_object__find_map_by_name(object, values));
	numbers->key = bpf_map__key_size(keys);
	numbers->of_cpus = calloc((size_t)numbers->cpus * words, sizeof(uint64_t));
	numbers->sum = calloc(words, sizeof(uint64_t));
	return numbers->of_cpus && numbers->sum ? 0 : -ENOMEM;
}

void numbers_close(struct numbers *numbers)
{
	tdestroy(numbers->before, free);
	free(numbers->of_cpus);
	free(numbers->sum);
}

bool numbers_look_up(struct numbers *numbers, const void *key)
{
	const bool indirect = numbers->values != numbers->map;
	const bool extremes = numbers->histogram;
	uint32_t place;

	if (indirect && bpf_map_lookup_elem(numbers->map, key, &place))
		return false;
	if (bpf_map_lookup_elem(numbers->values, indirect ? &place : key, numbers->of_cpus))
		return false;
	memset(numbers->sum, 0, numbers->words * sizeof(uint64_t));
	for (int cpu = 0; cpu < numbers->cpus; cpu++) {
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

void numbers_since(struct numbers *numbers, const void *key)
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

int numbers_each(struct numbers *numbers, numbers_visit visit, void *arg)
{
	unsigned char *keys;
	size_t count;
	int err = 0;

	if (numbers->map < 0)
		return 0;
	keys = keys_of(numbers, &count);
	for (size_t i = 0; i < count && !err; i++)
		if (numbers_look_up(numbers, keys + i * numbers->key))
			err = visit(numbers, keys + i * numbers->key, arg);
	free(keys);
	return err;
}

static int forget(struct numbers *numbers, const void *key, void *arg)
{
	struct item *item = find_before(numbers, key);

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

int numbers_forget(struct numbers *numbers)
{
	return numbers_each(numbers, forget, NULL);
}
