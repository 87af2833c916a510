/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bench_vmalloc.c - prints what answers to two questions cost on the model of a machine: exact
 * counts; and for mappings that nobody touches a ratio of ticks, the median over pairs of runs,
 * one answer each, in turn. Flushes are cheap here and touching is dear, so that ratio is the
 * core's own work.
 */
#include <stdio.h>

#include "model_platform.h"

#define PAIRS 41
#define MAPS  2000

struct result {
	double ticks;
	double count[2];
};

static int ascending(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static struct tri_core *start(const char *question, const char *answer)
{
	struct tri_config config;

	model_config(&config, 1, 8192, 128UL << 20);
	if (tri_config_set(&config, question, answer))
		exit(1);
	return model_start(&config);
}

/* So many mappings of 4 pages, one after the other: areas made, flushes asked for. */
static struct result map_ram(const char *answer)
{
	struct tri_core *core = start("vmap_blocks", answer);
	unsigned long pfn[4];
	struct result result;
	uint64_t began;

	for (int i = 0; i < 4; i++)
		pfn[i] = tri_alloc_pages(TRI_GFP_KERNEL, 0);
	began = plat_ticks();
	for (int i = 0; i < MAPS; i++)
		tri_vm_unmap_ram(tri_vm_map_ram(pfn, 4), 4);
	result.ticks = (double)(plat_ticks() - began) / MAPS;
	result.count[0] = (double)model_event(core, TRI_EVENT_area_alloc);
	result.count[1] = (double)(model.range_flushes + model.full_flushes);
	for (int i = 0; i < 4; i++)
		tri_free_pages(pfn[i], 0);
	model_stop(core);
	return result;
}

/* From 1 page to 256, a page each time: pages copied, areas made. */
static struct result grow(const char *answer)
{
	struct tri_core *core = start("vrealloc", answer);
	char *area = tri_vmalloc(TRI_PAGE_SIZE);
	struct result result = {.ticks = 0};

	for (unsigned long pages = 2; pages <= 256; pages++)
		area = tri_vrealloc(area, pages * TRI_PAGE_SIZE, 0);
	result.count[0] = (double)model_event(core, TRI_EVENT_pages_copied);
	result.count[1] = (double)model_event(core, TRI_EVENT_area_alloc);
	tri_vfree(area);
	model_stop(core);
	return result;
}

/* Once, if ticks are not measured: counts don't vary. */
static void compare(const char *what, int pairs, struct result (*run)(const char *answer),
		    const char *base, const char *other, const char *const counts[2])
{
	double ratio[PAIRS];
	struct result of_base = {.ticks = 0}, of_other = of_base;

	for (int pair = 0; pair < pairs; pair++) {
		if (pair & 1)
			of_base = run(base), of_other = run(other);
		else
			of_other = run(other), of_base = run(base);
		ratio[pair] = of_base.ticks / of_other.ticks;
	}
	qsort(ratio, PAIRS, sizeof(*ratio), ascending);
	printf("%s, %s against %s\n", what, other, base);
	if (pairs == PAIRS)
		printf("  speed: %.1f times (quartiles %.1f to %.1f)\n", ratio[PAIRS / 2],
		       ratio[PAIRS / 4], ratio[PAIRS * 3 / 4]);
	for (int i = 0; i < 2; i++)
		printf("  %s: %.0f, not %.0f\n", counts[i], of_other.count[i], of_base.count[i]);
}

int main(void)
{
	static const char *const of_maps[] = {"areas made", "flushes"};
	static const char *const of_growth[] = {"pages copied", "areas made"};

	compare("2000 mappings of 4 pages, one after the other", PAIRS, map_ram, "none", "percpu",
		of_maps);
	compare("growth from 1 page to 256, a page at a time", 1, grow, "copy", "inplace",
		of_growth);
	return 0;
}
