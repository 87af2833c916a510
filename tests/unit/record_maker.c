/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * record_maker.c - run files as the harness would write them (results/README.md).
 *
 * The model behind the numbers: an eager free costs a flush and an interrupt per other
 * CPU; a lazy free costs little, but every threshold-worth of pages one free pays a purge.
 */
#include "record_maker.h"
#include "record_probes.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define TICK_HZ		2500000000.0
#define TICKS_PER_NS	(TICK_HZ / 1e9)
#define THRESHOLD_PAGES 16384
#define BLOCK_OPS	4096
#define MEASURE_SECONDS 0.4

struct maker {
	FILE *out;
	const struct record_shape *shape;
	uint64_t random;
};

/* One arm: what its operations cost and count. */
struct arm {
	int bench, case_id;
	bool next, lazy;
	unsigned int pages, cpus;
	double alloc_ns, free_ns, purge_ns;
	uint64_t ops, purges;
};

struct record_shape record_shape_default(void)
{
	return (struct record_shape){
		.run_id = "20261121T114720-3f9a",
		.workload = "unmap-storm",
		.factor = "flush",
		.base = "eager",
		.next = "lazy",
		.pages = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512},
		.cpus = {2},
		.blocks = 12,
		.noise = 0.02,
		.end = "ok",
		.intervals = true,
		.seed = 1,
	};
}

/* splitmix64: Steele, Lea and Flood, "Fast splittable pseudorandom number generators". */
static double uniform(struct maker *maker)
{
	uint64_t x = maker->random += 0x9e3779b97f4a7c15;

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
	x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
	return (double)((x ^ (x >> 31)) >> 11) * 0x1p-53;
}

/* Skewed to the right, as times are; median near 1. */
static double jitter(struct maker *maker)
{
	double sum = uniform(maker) + uniform(maker) + uniform(maker) - 1.5;

	return exp(2 * sum * maker->shape->noise);
}

static struct arm arm_of(const struct record_shape *shape, int case_id, bool next,
			 unsigned int pages, unsigned int cpus)
{
	struct arm arm = {
		.bench = 2 * case_id + next,
		.case_id = case_id,
		.next = next,
		.lazy = next && !shape->same_work,
		.pages = pages,
		.cpus = cpus,
		.ops = (uint64_t)BLOCK_OPS * shape->blocks,
		.alloc_ns = 180 + 45.0 * pages,
	};
	double scale = next && shape->cost > 0 ? shape->cost : 1;

	arm.alloc_ns *= scale;
	if (arm.lazy && shape->cost <= 0) {
		arm.purges = arm.ops * pages / THRESHOLD_PAGES;
		arm.free_ns = 140 + 30.0 * pages;
		arm.purge_ns = 60000 + 3.0 * THRESHOLD_PAGES;
	} else {
		arm.free_ns = (1500.0 + 1400.0 * (cpus - 1) + 30.0 * pages) * scale;
	}
	return arm;
}

static void put_run(struct maker *maker)
{
	const char *id = maker->shape->run_id;

	fprintf(maker->out,
		"{\"t\":\"run\",\"schema\":\"trimm/1\",\"run_id\":\"%s\","
		"\"started\":\"%.4s-%.2s-%.2sT%.2s:%.2s:%.2sZ\",\"reason\":\"run\","
		"\"command\":\"trimm run %s %s=%s,%s\","
		"\"subject\":{\"git_sha\":null,\"dirty\":false},"
		"\"harness\":{\"git_sha\":null,\"version\":\"0.1.0\"},"
		"\"build\":{\"cc\":\"gcc 12.2.0\",\"cflags\":\"-O2\"},"
		"\"machine\":{\"fp\":\"00112233aabbccdd\",\"cpu\":\"Model CPU\",\"cpus\":2,"
		"\"memory_mib\":24000,\"virt\":\"kvm-guest\"},"
		"\"env\":{\"kernel\":\"6.18.44\",\"governor\":null,\"thp\":\"madvise\","
		"\"aslr\":true,\"loadavg\":[0.1,0.1,0.0],\"max_map_count\":65530}}\n",
		id, id, id + 4, id + 6, id + 9, id + 11, id + 13, maker->shape->workload,
		maker->shape->factor, maker->shape->base, maker->shape->next);
}

/* FNV-1a; ids only have to differ where the text does. */
static uint64_t hash(const char *text)
{
	uint64_t h = 0xcbf29ce484222325;

	for (; *text; text++)
		h = (h ^ (unsigned char)*text) * 0x100000001b3;
	return h;
}

static void put_bench(struct maker *maker, const struct arm *arm)
{
	const struct record_shape *shape = maker->shape;
	const char *value = arm->next ? shape->next : shape->base;
	const char *skip = arm->next ? shape->skip_next : NULL;
	bool emulated = shape->emulated || shape->exact;
	char params[320], key[448], text[64] = "";

	snprintf(params, sizeof(params),
		 "{\"nr_pages\":%u,\"batch\":32,\"cpus\":%u,\"%s\":\"%s\",\"lazy_max_pages\":%d,"
		 "\"host\":\"linear\",\"impl\":\"mmcore\"%s}",
		 arm->pages, arm->cpus, shape->factor, value, THRESHOLD_PAGES,
		 shape->exact ? ",\"mode\":\"exact\",\"tlb\":\"skylake\"" : "");
	snprintf(key, sizeof(key), "%s %s", shape->workload, params);
	if (!shape->apart)
		snprintf(text, sizeof(text), "%s=%s", shape->factor, value);
	fprintf(maker->out,
		"{\"t\":\"bench\",\"bench\":%d,\"case\":%d,\"arm\":\"%s\",\"arms\":%d,"
		"\"workload\":\"%s\",\"version\":\"5eed5eed5eed5eed\",\"series\":\"%016lx\","
		"\"target\":\"%s\",\"caps\":[\"hw_tlb\"%s],"
		"\"timebase\":{\"id\":\"%s\",\"hz\":2500000000,\"clock_read_ns\":13.1},"
		"\"params\":%s,\"seed\":\"1\",\"check_level\":%d,\"oversubscribed\":%s,",
		arm->bench, shape->apart ? arm->bench : arm->case_id, text, shape->apart ? 1 : 2,
		shape->workload, (unsigned long)hash(key), emulated ? "x86_64-qemu" : "user",
		emulated ? "" : ",\"real_time\"",
		shape->exact ? "icount"
		: emulated   ? "tsc-tcg"
			     : "tsc-hw",
		params, shape->check_level, arm->cpus > 2 ? "true" : "false");
	if (skip)
		fprintf(maker->out, "\"status\":\"%s\",\"why\":\"%s\"}\n",
			shape->skip_status ? shape->skip_status : "skipped", skip);
	else
		fprintf(maker->out,
			"\"blocks\":%u,\"rounds\":8,\"ops\":%lu,\"ops_digest\":\"%s\","
			"\"status\":\"ok\"}\n",
			shape->exact ? 0 : shape->blocks, (unsigned long)arm->ops,
			arm->next && shape->next_digest ? shape->next_digest : "0123456789abcdef");
}

static void put_counter(struct maker *maker, const struct arm *arm, const char *name,
			const char *unit, const char *better, uint64_t value)
{
	fprintf(maker->out,
		"{\"t\":\"counter\",\"bench\":%d,\"phase\":\"exact\",\"name\":\"%s\","
		"\"unit\":\"%s\",\"better\":\"%s\",\"class\":\"exact\",\"value\":%lu,"
		"\"ops\":%d,\"stable\":true,\"avail\":\"ok\",\"source\":\"mmcore\"}\n",
		arm->bench, name, unit, better, (unsigned long)value, BLOCK_OPS);
}

static void put_modelled(struct maker *maker, const struct arm *arm, const char *name,
			 const char *unit, uint64_t value)
{
	fprintf(maker->out,
		"{\"t\":\"counter\",\"bench\":%d,\"phase\":\"exact\",\"name\":\"%s\","
		"\"unit\":\"%s\",\"better\":\"lower\",\"class\":\"exact\",\"value\":%lu,"
		"\"ops\":%d,\"stable\":true,\"avail\":\"ok\",\"source\":\"tlbmodel\","
		"\"threshold\":0.005}\n",
		arm->bench, name, unit, (unsigned long)value, BLOCK_OPS);
}

/* @low counts of an operation, but of every 64th @high. */
static void put_cost(struct maker *maker, const struct arm *arm, const char *metric,
		     const char *unit, unsigned int low, unsigned int high)
{
	unsigned long rare = BLOCK_OPS / 64, often = BLOCK_OPS - rare;

	fprintf(maker->out,
		"{\"t\":\"hist\",\"bench\":%d,\"metric\":\"%s\",\"unit\":\"%s\","
		"\"scheme\":\"loglin\",\"sub_bits\":6,\"n\":%d,\"min\":%u,\"max\":%u,"
		"\"sum\":\"%lu\",\"buckets\":[[%u,%lu],[%u,%lu]],\"lost\":0}\n",
		arm->bench, metric, unit, BLOCK_OPS, low, high, often * low + rare * high, low,
		often, high, rare);
}

/* What the plugin and the host's clock tell of an exact run. */
static void put_exact(struct maker *maker, const struct arm *arm)
{
	unsigned int instructions = 800 + (arm->next ? maker->shape->more : 0);
	unsigned long misses = 2UL * arm->pages * BLOCK_OPS;

	put_modelled(maker, arm, "instructions", "instructions",
		     (unsigned long)instructions * BLOCK_OPS);
	put_modelled(maker, arm, "dtlb_misses", "misses", 3 * misses);
	put_modelled(maker, arm, "stlb_misses", "misses", misses);
	put_modelled(maker, arm, "walk_steps", "steps", misses + misses / 8);
	put_modelled(maker, arm, "invlpg", "instructions", arm->lazy ? 0 : misses);
	put_cost(maker, arm, "free.instructions", "instructions", instructions & ~15U, 20480);
	put_cost(maker, arm, "free.stlb_misses", "misses", arm->pages, 4 * arm->pages + 60);
	put_cost(maker, arm, "free.walk_steps", "steps", arm->pages, 4 * arm->pages + 62);
}

static void put_counters(struct maker *maker, const struct arm *arm)
{
	uint64_t purges = (uint64_t)BLOCK_OPS * arm->pages / THRESHOLD_PAGES;
	uint64_t flushes = arm->lazy ? purges : BLOCK_OPS;
	uint64_t hit = (uint64_t)((double)arm->ops * (arm->lazy ? 0.003 : 1) * (arm->cpus - 1));

	put_counter(maker, arm, "area_alloc", "areas", "none", BLOCK_OPS);
	put_counter(maker, arm, "table_write", "entries", "lower", 2UL * BLOCK_OPS * arm->pages);
	put_counter(maker, arm, "pcp_refill", "calls", "lower", BLOCK_OPS * arm->pages / 63);
	put_counter(maker, arm, "flush_range", "flushes", "lower", flushes);
	put_counter(maker, arm, "flush_full", "flushes", "lower", 0);
	put_counter(maker, arm, "shootdowns", "interrupts", "lower", flushes * (arm->cpus - 1));
	put_counter(maker, arm, "purge", "purges", "none", arm->lazy ? purges : 0);
	put_counter(maker, arm, "waiting_pages_max", "pages", "none",
		    arm->lazy ? THRESHOLD_PAGES + arm->pages : 0);
	if (maker->shape->exact)
		return;
	fprintf(maker->out,
		"{\"t\":\"counter\",\"bench\":%d,\"phase\":\"measure\","
		"\"name\":\"host_tlb_shootdowns\",\"unit\":\"interrupts\",\"better\":\"lower\","
		"\"class\":\"noisy\",\"value\":%lu,\"ops\":%lu,\"per_cpu\":[%lu,%lu],"
		"\"avail\":\"ok\",\"source\":\"host\"}\n"
		"{\"t\":\"counter\",\"bench\":%d,\"phase\":\"measure\",\"name\":\"host_steal_ns\","
		"\"unit\":\"ns\",\"better\":\"none\",\"class\":\"noisy\",\"value\":null,"
		"\"ops\":%lu,\"avail\":\"unsupported\","
		"\"why\":\"/proc/stat has no steal column\",\"source\":\"host\"}\n",
		arm->bench, (unsigned long)hit, (unsigned long)arm->ops, (unsigned long)hit / 2,
		(unsigned long)(hit - hit / 2), arm->bench, (unsigned long)arm->ops);
}

static void put_samples(struct maker *maker, const struct arm *arm, const char *metric,
			double value, unsigned int ops)
{
	fprintf(maker->out,
		"{\"t\":\"samples\",\"bench\":%d,\"metric\":\"%s\",\"unit\":\"ns\","
		"\"better\":\"lower\",\"class\":\"noisy\",\"per\":\"block\",",
		arm->bench, metric);
	if (ops)
		fprintf(maker->out, "\"ops\":%u,", ops);
	fputs("\"values\":[", maker->out);
	for (unsigned int i = 0; i < maker->shape->blocks; i++)
		fprintf(maker->out, "%s%.1f", i ? "," : "", value * jitter(maker));
	fputs("],\"order\":[", maker->out);
	for (unsigned int i = 0; i < maker->shape->blocks; i++)
		fprintf(maker->out, "%s%u", i ? "," : "", 2 * i + (arm->next != i % 2));
	fputs("]}\n", maker->out);
}

/* The base stays where it was, the next arm falls; "flat" never changes. */
static void put_points(struct maker *maker, const struct arm *arm)
{
	static const char *const names[] = {"followed", "flat"};

	for (unsigned int s = 0; s < 2 && maker->shape->points; s++) {
		fprintf(maker->out,
			"{\"t\":\"samples\",\"bench\":%d,\"metric\":\"%s\",\"unit\":\"pages\","
			"\"better\":\"lower\",\"class\":\"exact\",\"per\":\"point\",\"values\":[",
			arm->bench, names[s]);
		for (unsigned int i = 0; i < maker->shape->points; i++)
			fprintf(maker->out, "%s%d", i ? "," : "",
				s ? -1000 : 90 - (arm->next ? 10 * (int)i : 0));
		fputs("],\"order\":[", maker->out);
		for (unsigned int i = 0; i < maker->shape->points; i++)
			fprintf(maker->out, "%s%u", i ? "," : "", i);
		fputs("]}\n", maker->out);
	}
}

static void put_all_samples(struct maker *maker, const struct arm *arm)
{
	double pause = arm->lazy ? arm->purge_ns : arm->free_ns * 4;
	double work = BLOCK_OPS * (arm->alloc_ns + arm->free_ns) +
		      arm->purge_ns * (double)arm->purges / maker->shape->blocks;

	put_samples(maker, arm, "total", work + arm->purge_ns, BLOCK_OPS);
	put_samples(maker, arm, "total.even", work / 2, BLOCK_OPS / 2);
	put_samples(maker, arm, "total.odd", work / 2, BLOCK_OPS / 2);
	put_samples(maker, arm, "purge", arm->purge_ns, 0);
	put_samples(maker, arm, "alloc.p50", arm->alloc_ns, 0);
	put_samples(maker, arm, "alloc.p99", arm->alloc_ns * 3, 0);
	put_samples(maker, arm, "free.p50", arm->free_ns, 0);
	put_samples(maker, arm, "free.p99", arm->free_ns * 2, 0);
	put_samples(maker, arm, "free.p9999", pause, 0);
	put_samples(maker, arm, "free.max", pause, 0);
}

/* Lowest value of the bucket @ticks falls into. */
static uint64_t bucket_low(double ticks, unsigned int sub_bits)
{
	uint64_t v = ticks < 0 ? 0 : (uint64_t)ticks;
	unsigned int shift = 0;

	while (v >> shift >= 2UL << sub_bits)
		shift++;
	return v >> shift << shift;
}

/* Buckets of a bell in the logarithm around @ns, with @late operations at @late_ns. */
static uint64_t put_buckets(struct maker *maker, double ns, uint64_t n, double late_ns,
			    uint64_t late, unsigned int sub_bits)
{
	static const unsigned int weight[] = {2, 8, 20, 30, 18, 10, 6, 4, 2};
	uint64_t last = UINT64_MAX, low = 0, total = 0;

	fputs("\"buckets\":[", maker->out);
	for (unsigned int i = 0; i < 9; i++) {
		uint64_t count = n * weight[i] / 100;

		low = bucket_low(ns * TICKS_PER_NS * exp(0.35 * ((int)i - 3)), sub_bits);
		if (low == last || !count)
			continue;
		fprintf(maker->out, "%s[%lu,%lu]", total ? "," : "", (unsigned long)low,
			(unsigned long)count);
		last = low;
		total += count;
	}
	low = bucket_low(late_ns * TICKS_PER_NS, sub_bits);
	if (late && (last == UINT64_MAX || low > last)) {
		fprintf(maker->out, "%s[%lu,%lu]", total ? "," : "", (unsigned long)low,
			(unsigned long)late);
		total += late;
	}
	fputs("]", maker->out);
	return total;
}

static void put_hist(struct maker *maker, const struct arm *arm, const char *metric, double ns,
		     double late_ns)
{
	char *text = NULL;
	size_t length = 0;
	FILE *out = maker->out;
	uint64_t n, max = (uint64_t)(fmax(late_ns, ns * 9) * TICKS_PER_NS);

	/* n comes before the buckets, and is known after them. */
	maker->out = open_memstream(&text, &length);
	n = put_buckets(maker, ns, arm->ops, late_ns, arm->purges, 6);
	fclose(maker->out);
	maker->out = out;
	fprintf(out,
		"{\"t\":\"hist\",\"bench\":%d,\"metric\":\"%s\",\"unit\":\"ticks\","
		"\"hz\":2500000000,\"scheme\":\"loglin\",\"sub_bits\":6,\"n\":%lu,\"min\":%lu,"
		"\"max\":%lu,\"sum\":\"%lu\",%s,\"lost\":0}\n",
		arm->bench, metric, (unsigned long)n, (unsigned long)(ns * TICKS_PER_NS * 0.35),
		(unsigned long)max, (unsigned long)((double)n * ns * TICKS_PER_NS), text);
	free(text);
}

static void put_intervals(struct maker *maker, const struct arm *arm)
{
	const unsigned int slices = 40;
	double len_ns = MEASURE_SECONDS * 1e9 / slices;

	for (unsigned int i = 0; i < slices; i++) {
		/* A purge every few slices: stripes in the heat map. */
		uint64_t late = arm->lazy && i % 5 == 4;

		fprintf(maker->out,
			"{\"t\":\"interval\",\"bench\":%d,\"metric\":\"free\",\"unit\":\"ticks\","
			"\"hz\":2500000000,\"start_ns\":%.0f,\"len_ns\":%.0f,"
			"\"scheme\":\"loglin\",\"sub_bits\":2,",
			arm->bench, i * len_ns, len_ns);
		put_buckets(maker, arm->free_ns * jitter(maker), arm->ops / slices, arm->purge_ns,
			    late, 2);
		fprintf(maker->out, ",\"max\":%lu}\n",
			(unsigned long)(fmax(late ? arm->purge_ns : 0, arm->free_ns * 9) *
					TICKS_PER_NS));
	}
}

static void put_arm(struct maker *maker, const struct arm *arm)
{
	put_bench(maker, arm);
	if (arm->next && maker->shape->skip_next)
		return;
	put_counters(maker, arm);
	put_points(maker, arm);
	if (maker->shape->exact) {
		put_exact(maker, arm);
		return;
	}
	put_all_samples(maker, arm);
	put_hist(maker, arm, "alloc", arm->alloc_ns, 0);
	put_hist(maker, arm, "free", arm->free_ns, arm->purge_ns);
	put_hist(maker, arm, "stall.busy", arm->lazy ? 40 : 900.0 * arm->cpus, arm->purge_ns);
	put_hist(maker, arm, "stall.idle", 35, 0);
	put_hist(maker, arm, "shootdown.0", 110, 0);
	for (unsigned int hit = 1, i = 0; hit < arm->cpus && i < 6; hit *= 2, i++) {
		static const char *const class[] = {"1", "2-3", "4-7", "8-15", "16-31", "32-63"};
		char metric[32];

		snprintf(metric, sizeof(metric), "shootdown.%s", class[i]);
		put_hist(maker, arm, metric, 900.0 + 450.0 * hit, 0);
	}
	if (maker->shape->intervals)
		put_intervals(maker, arm);
	if (maker->shape->probes)
		record_probes(&(struct record_probes){maker->out, arm->bench, arm->lazy, arm->cpus,
						      arm->ops});
	if (arm->lazy && arm->purges < 8ULL * maker->shape->blocks)
		fprintf(maker->out,
			"{\"t\":\"note\",\"bench\":%d,\"level\":\"warn\","
			"\"text\":\"block holds %lu purges, fewer than 8\"}\n",
			arm->bench, (unsigned long)(arm->purges / maker->shape->blocks));
}

int record_make(const char *path, const struct record_shape *shape)
{
	struct maker maker = {.shape = shape, .random = shape->seed};
	int case_id = 0, err = 0;

	maker.out = fopen(path, "w");
	if (!maker.out)
		return -errno;
	put_run(&maker);
	for (const unsigned int *cpus = shape->cpus; *cpus; cpus++) {
		for (const unsigned int *pages = shape->pages; *pages; pages++, case_id++) {
			struct arm base = arm_of(shape, case_id, false, *pages, *cpus);
			struct arm next = arm_of(shape, case_id, true, *pages, *cpus);

			put_arm(&maker, &base);
			put_arm(&maker, &next);
		}
	}
	if (shape->end)
		fprintf(maker.out,
			"{\"t\":\"end\",\"run_id\":\"%s\",\"status\":\"%s\",\"benches\":%d,"
			"\"skipped\":%d,\"failed\":0}\n",
			shape->run_id, shape->end, 2 * case_id, shape->skip_next ? case_id : 0);
	if (ferror(maker.out))
		err = -EIO;
	if (fclose(maker.out) && !err)
		err = -errno;
	return err;
}
