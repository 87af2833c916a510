/* SPDX-License-Identifier: GPL-2.0-only */
/* test_reclaim_threads.c - two CPUs short of pages at the same time. */
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "model_platform.h"

#define QUIET (TRI_GFP_KERNEL | TRI_GFP_NOWARN)

static struct tri_core *core;

/*
 * All frames are its; the first scan gives some back, but not before the other CPU asks for
 * pages, too; later ones have no more to give.
 */
static struct {
	struct tri_shrinker shrinker;
	unsigned long pfn[1024], count, left;
	bool scanning, other_done;
} hoard;

static unsigned long hoard_count(struct tri_core *of, struct tri_shrinker *self)
{
	(void)of, (void)self;
	return hoard.left;
}

static unsigned long hoard_scan(struct tri_core *of, struct tri_shrinker *self,
				unsigned long frames)
{
	(void)of, (void)self;
	__atomic_store_n(&hoard.scanning, true, __ATOMIC_RELEASE);
	for (int i = 0; i < 50 && !__atomic_load_n(&hoard.other_done, __ATOMIC_ACQUIRE); i++)
		usleep(1000);
	hoard.left = 0;
	for (unsigned long i = 0; i < frames; i++)
		tri_free_pages(hoard.pfn[--hoard.count], 0);
	return frames;
}

static void *other_cpu(void *arg)
{
	unsigned long spins = 0;

	plat_set_core(core);
	plat_slot = 1;
	while (!__atomic_load_n(&hoard.scanning, __ATOMIC_ACQUIRE))
		plat_relax(spins++);
	*(unsigned long *)arg = tri_alloc_pages(QUIET, 0);
	__atomic_store_n(&hoard.other_done, true, __ATOMIC_RELEASE);
	return NULL;
}

/* What another CPU is about to free is not nothing: who can wait does, instead of failing. */
static void a_scan_of_another_cpu_is_waited_for(void **state)
{
	struct tri_config config;
	unsigned long mine, theirs = TRI_PFN_NONE;
	pthread_t thread;

	(void)state;
	model_config(&config, 2, 1024, 4UL << 20);
	core = model_start(&config);
	while ((hoard.pfn[hoard.count] = tri_alloc_pages(QUIET, 0)) != TRI_PFN_NONE)
		hoard.count++;
	hoard.left = hoard.count;
	hoard.shrinker =
		(struct tri_shrinker){.name = "hoard", .count = hoard_count, .scan = hoard_scan};
	tri_shrinker_register(core, &hoard.shrinker);
	assert_int_equal(pthread_create(&thread, NULL, other_cpu, &theirs), 0);
	mine = tri_alloc_pages(QUIET, 0);
	pthread_join(thread, NULL);
	assert_int_not_equal(mine, TRI_PFN_NONE);
	assert_int_not_equal(theirs, TRI_PFN_NONE);
	tri_shrinker_unregister(core, &hoard.shrinker);
	tri_free_pages(mine, 0);
	tri_free_pages(theirs, 0);
	while (hoard.count)
		tri_free_pages(hoard.pfn[--hoard.count], 0);
	model_stop(core);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_scan_of_another_cpu_is_waited_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
