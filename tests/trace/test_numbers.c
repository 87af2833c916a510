/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_numbers.c - maps of numbers by key, all CPUs' together and since when. The maps are no
 * kernel's: what reads them finds arrays of ours.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>

#include "numbers.h"

#define CPUS	 3
#define KEYS_MAX 1000
#define WORDS	 (sizeof(struct trace_histogram) / sizeof(uint64_t))

enum { KEYS = 1, VALUES, DIRECT }; /* descriptors */

static struct {
	unsigned int keys;
	struct trace_key key[KEYS_MAX];
	uint64_t sum[KEYS_MAX][CPUS][2];
	struct trace_histogram histogram[4][CPUS];
} kernel;

/* --- What libbpf would ask the kernel --- */

int libbpf_num_possible_cpus(void)
{
	return CPUS;
}

struct bpf_map *bpf_object__find_map_by_name(const struct bpf_object *object, const char *name)
{
	static char maps[3];

	(void)object;
	return !strcmp(name, "keys")	 ? (struct bpf_map *)&maps[0]
	       : !strcmp(name, "values") ? (struct bpf_map *)&maps[1]
	       : !strcmp(name, "direct") ? (struct bpf_map *)&maps[2]
					 : NULL;
}

int bpf_map__fd(const struct bpf_map *map)
{
	const struct bpf_map *first = bpf_object__find_map_by_name(NULL, "keys");

	return KEYS + (int)((const char *)map - (const char *)first);
}

__u32 bpf_map__key_size(const struct bpf_map *map)
{
	(void)map;
	return sizeof(struct trace_key);
}

static int place_of(const void *key)
{
	for (unsigned int i = 0; i < kernel.keys; i++)
		if (!memcmp(&kernel.key[i], key, sizeof(struct trace_key)))
			return (int)i;
	return -1;
}

int bpf_map_lookup_elem(int fd, const void *key, void *value)
{
	const int place = fd == VALUES ? (int)*(const uint32_t *)key : place_of(key);

	if (place < 0)
		return -ENOENT;
	if (fd == KEYS)
		*(uint32_t *)value = (uint32_t)place;
	else if (fd == VALUES)
		memcpy(value, kernel.histogram[place], sizeof(kernel.histogram[place]));
	else
		memcpy(value, kernel.sum[place], sizeof(kernel.sum[place]));
	return 0;
}

int bpf_map_get_next_key(int fd, const void *key, void *next)
{
	const unsigned int place = key ? (unsigned int)place_of(key) + 1 : 0;

	(void)fd;
	if (place >= kernel.keys)
		return -ENOENT;
	memcpy(next, &kernel.key[place], sizeof(struct trace_key));
	return 0;
}

/* --- Tests --- */

static void add(uint32_t arm, uint64_t a)
{
	kernel.key[kernel.keys++] = (struct trace_key){.arm = arm, .a = a};
}

static void record(unsigned int place, unsigned int cpu, uint64_t value, unsigned int bucket)
{
	struct trace_histogram *to = &kernel.histogram[place][cpu];

	if (!to->n || value < to->min)
		to->min = value;
	if (value > to->max)
		to->max = value;
	to->n++;
	to->sum += value;
	to->bucket[bucket]++;
}

static void open_sums(struct numbers *numbers)
{
	memset(&kernel, 0, sizeof(kernel));
	memset(numbers, 0, sizeof(*numbers));
	assert_int_equal(numbers_open(numbers, NULL, "direct", NULL, 2), 0);
}

static void open_histograms(struct numbers *numbers)
{
	memset(&kernel, 0, sizeof(kernel));
	memset(numbers, 0, sizeof(*numbers));
	numbers->histogram = true;
	assert_int_equal(numbers_open(numbers, NULL, "keys", "values", WORDS), 0);
}

static void all_cpus_together(void **state)
{
	const struct trace_key none = {.a = 99};
	struct numbers numbers;

	(void)state;
	open_sums(&numbers);
	add(0, 1);
	add(0, 2);
	for (unsigned int cpu = 0; cpu < CPUS; cpu++) {
		kernel.sum[0][cpu][0] = cpu + 1;
		kernel.sum[0][cpu][1] = 100 * (cpu + 1);
		kernel.sum[1][cpu][0] = 7;
	}
	assert_true(numbers_look_up(&numbers, &kernel.key[0]));
	assert_int_equal(numbers.sum[0], 6);
	assert_int_equal(numbers.sum[1], 600);
	assert_true(numbers_look_up(&numbers, &kernel.key[1]));
	assert_int_equal(numbers.sum[0], 21);
	assert_int_equal(numbers.sum[1], 0);
	assert_false(numbers_look_up(&numbers, &none));
	numbers_close(&numbers);
}

/* The least and the greatest are of those CPUs that have any. */
static void extremes_are_no_sums(void **state)
{
	const struct trace_histogram *all;
	struct numbers numbers;

	(void)state;
	open_histograms(&numbers);
	add(0, 0);
	add(0, 1);
	record(1, 1, 500, 9);
	record(1, 1, 900, 10);
	record(1, 2, 40, 3);
	record(1, 2, 600, 9);
	assert_true(numbers_look_up(&numbers, &kernel.key[1]));
	all = (const void *)numbers.sum;
	assert_int_equal(all->n, 4);
	assert_int_equal(all->sum, 2040);
	assert_int_equal(all->min, 40);
	assert_int_equal(all->max, 900);
	assert_int_equal(all->bucket[9], 2);
	/* The other way round. */
	record(0, 0, 3, 3);
	record(0, 2, 8, 8);
	assert_true(numbers_look_up(&numbers, &kernel.key[0]));
	assert_int_equal(all->min, 3);
	assert_int_equal(all->max, 8);
	numbers_close(&numbers);
}

static void what_was_forgotten_is_taken_away(void **state)
{
	struct numbers numbers;

	(void)state;
	open_sums(&numbers);
	add(0, 1);
	kernel.sum[0][0][0] = 5;
	kernel.sum[0][0][1] = 50;
	assert_int_equal(numbers_forget(&numbers), 0);
	add(0, 2);
	kernel.sum[0][1][0] = 2;
	kernel.sum[0][1][1] = 30;
	kernel.sum[1][0][0] = 4;
	for (int twice = 0; twice < 2; twice++) {
		numbers_look_up(&numbers, &kernel.key[0]);
		numbers_since(&numbers, &kernel.key[0]);
		assert_int_equal(numbers.sum[0], 2);
		assert_int_equal(numbers.sum[1], 30);
	}
	numbers_look_up(&numbers, &kernel.key[1]);
	numbers_since(&numbers, &kernel.key[1]);
	assert_int_equal(numbers.sum[0], 4);
	assert_int_equal(numbers_forget(&numbers), 0);
	kernel.sum[1][0][0] = 10;
	for (unsigned int i = 0; i < 2; i++) {
		numbers_look_up(&numbers, &kernel.key[i]);
		numbers_since(&numbers, &kernel.key[i]);
		assert_int_equal(numbers.sum[0], i ? 6 : 0);
	}
	numbers_close(&numbers);
}

/* Which values have come since is known by bucket. */
static void extremes_since(void **state)
{
	const unsigned int low = 40, high = 55;
	const struct trace_histogram *all;
	struct numbers numbers;

	(void)state;
	open_histograms(&numbers);
	add(0, 0);
	record(0, 0, 1, 1);
	record(0, 0, 1UL << 30, TRACE_BUCKETS - 2);
	numbers_look_up(&numbers, &kernel.key[0]);
	all = (const void *)numbers.sum;
	/* None was forgotten yet: they are what they were. */
	numbers_since(&numbers, &kernel.key[0]);
	assert_int_equal(all->max, 1UL << 30);
	numbers_forget(&numbers);
	numbers_look_up(&numbers, &kernel.key[0]);
	numbers_since(&numbers, &kernel.key[0]);
	assert_int_equal(all->n, 0);
	record(0, 1, trace_bucket_low(low) + 1, low);
	record(0, 2, trace_bucket_low(high) + 1, high);
	numbers_look_up(&numbers, &kernel.key[0]);
	numbers_since(&numbers, &kernel.key[0]);
	assert_int_equal(all->n, 2);
	assert_int_equal(all->min, trace_bucket_low(low));
	assert_int_equal(all->max, trace_bucket_low(high + 1) - 1);
	assert_int_equal(all->sum, trace_bucket_low(low) + trace_bucket_low(high) + 2);
	numbers_close(&numbers);
}

struct visited {
	unsigned int n, stop;
	uint32_t arm;
	bool in_order;
};

static int visit(struct numbers *numbers, const void *key, void *arg)
{
	struct visited *visited = arg;
	const struct trace_key *at = key;

	assert_int_equal(numbers->sum[0], at->a);
	visited->in_order &= at->arm >= visited->arm;
	visited->arm = at->arm;
	return ++visited->n == visited->stop ? -7 : 0;
}

static void each_in_the_order_of_arms(void **state)
{
	struct visited visited = {.in_order = true};
	struct numbers numbers;

	(void)state;
	open_sums(&numbers);
	for (uint32_t i = 0; i < KEYS_MAX; i++) {
		add(7 - i % 8, i);
		kernel.sum[i][i % CPUS][0] = i;
	}
	assert_int_equal(numbers_each(&numbers, visit, &visited), 0);
	assert_int_equal(visited.n, KEYS_MAX);
	assert_true(visited.in_order);
	visited = (struct visited){.stop = 12};
	assert_int_equal(numbers_each(&numbers, visit, &visited), -7);
	assert_int_equal(visited.n, 12);
	numbers_close(&numbers);
}

static void no_map_has_no_keys(void **state)
{
	struct visited visited = {0};
	struct numbers numbers = {0};

	(void)state;
	assert_int_equal(numbers_open(&numbers, NULL, "nowhere", NULL, 2), 0);
	assert_int_equal(numbers_each(&numbers, visit, &visited), 0);
	assert_int_equal(visited.n, 0);
	numbers_close(&numbers);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_cpus_together),
		cmocka_unit_test(extremes_are_no_sums),
		cmocka_unit_test(what_was_forgotten_is_taken_away),
		cmocka_unit_test(extremes_since),
		cmocka_unit_test(each_in_the_order_of_arms),
		cmocka_unit_test(no_map_has_no_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
