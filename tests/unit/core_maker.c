/* SPDX-License-Identifier: GPL-2.0-only */
/* core_maker.c - see core_maker.h; records as results/README.md has them. */
#include "core_maker.h"
#include "run_files.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OPS	 4096
#define BLOCK_NS 400000.0

enum { REFERENCE, COPY, HEAD, ARMS };
static const char *const names[ARMS] = {"reference", "copy", "head"};

struct maker {
	FILE *out;
	const struct core_shape *shape;
	gsl_rng *random;
	int bench, case_id;
	unsigned int process, size;
};

struct core_shape core_shape_default(void)
{
	return (struct core_shape){
		.run_id = "20261122T020000-ab12",
		.processes = 15,
		.blocks = 20,
		.ratio = 1,
		.layout = 0.0035,
		.noise = 0.005,
		.version = "5eed5eed5eed5eed",
		.seed = 1,
	};
}

static void put_bench(struct maker *maker, int arm)
{
	const struct core_shape *shape = maker->shape;
	const char *id = arm == HEAD			       ? "beef"
			 : arm == COPY && shape->unlike_builds ? "f00d"
							       : "cafe";

	fprintf(maker->out,
		"{\"t\":\"bench\",\"bench\":%d,\"case\":%d,\"arm\":\"core=%s\",\"arms\":%d,"
		"\"workload\":\"kmalloc-pair\",\"version\":\"%s\","
		"\"series\":\"00112233aabb%04x\",\"target\":\"user\",\"caps\":[%s],"
		"\"timebase\":{\"id\":\"%s\",\"hz\":1000000000},"
		"\"params\":{\"cpus\":1,\"impl\":\"mmcore\",\"core\":\"%s\",\"size\":%u%s},"
		"\"build\":{\"revision\":\"%s\",\"id\":\"%s\",\"settings\":{}},",
		maker->bench, maker->case_id, names[arm], shape->exact ? 2 : ARMS, shape->version,
		maker->size, shape->exact ? "" : "\"real_time\"", shape->exact ? "none" : "tsc-hw",
		names[arm], maker->size, shape->exact ? ",\"mode\":\"exact\"" : "", names[arm], id);
	if (shape->processes)
		fprintf(maker->out, "\"process\":%u,", shape->first_process + maker->process);
	fputs("\"seed\":\"1\",\"check_level\":0,", maker->out);
	if (arm == HEAD && shape->skip_head)
		fprintf(maker->out, "\"status\":\"skipped\",\"why\":\"%s\"}\n", shape->skip_head);
	else
		fprintf(maker->out,
			"\"blocks\":%u,\"rounds\":8,\"ops\":%u,\"ops_digest\":\"%s\","
			"\"status\":\"ok\"}\n",
			shape->exact ? 0 : shape->blocks, OPS,
			arm == HEAD && shape->head_digest ? shape->head_digest
							  : "0123456789abcdef");
}

static void put_count(struct maker *maker, const char *name, const char *unit, long value,
		      const char *source, const char *rest)
{
	fprintf(maker->out,
		"{\"t\":\"counter\",\"bench\":%d,\"phase\":\"exact\",\"name\":\"%s\","
		"\"unit\":\"%s\",\"better\":\"lower\",\"class\":\"exact\",\"value\":%ld,"
		"\"ops\":%d,\"stable\":true,\"avail\":\"ok\",\"source\":\"%s\"%s}\n",
		maker->bench, name, unit, value, OPS, source, rest);
}

static void put_counts(struct maker *maker, int arm)
{
	const struct core_shape *shape = maker->shape;
	bool head = arm == HEAD;

	put_count(maker, "flush_range", "flushes",
		  7 + (head ? shape->flushes + (shape->drifts ? maker->process : 0) : 0), "mmcore",
		  "");
	if (shape->exact)
		put_count(maker, "instructions", "instructions",
			  (800L + (head ? shape->more : 0)) * OPS, "tlbmodel",
			  ",\"threshold\":0.005");
}

static void put_times(struct maker *maker, int arm, double level)
{
	const struct core_shape *shape = maker->shape;
	double scale = arm == HEAD ? shape->ratio : arm == COPY ? exp(shape->copy_bias) : 1;

	if (arm == HEAD && maker->process < shape->off)
		scale *= 4;
	fprintf(maker->out,
		"{\"t\":\"samples\",\"bench\":%d,\"metric\":\"total\",\"unit\":\"ns\","
		"\"better\":\"lower\",\"class\":\"noisy\",\"per\":\"block\",\"ops\":%u,"
		"\"values\":[",
		maker->bench, OPS);
	for (unsigned int i = 0; i < shape->blocks; i++)
		fprintf(maker->out, "%s%.6f", i ? "," : "",
			BLOCK_NS * scale *
				exp(level + gsl_ran_gaussian(maker->random, shape->noise)));
	fputs("],\"order\":[", maker->out);
	for (unsigned int i = 0; i < shape->blocks; i++)
		fprintf(maker->out, "%s%u", i ? "," : "", ARMS * i + (unsigned int)arm);
	fputs("]}\n", maker->out);
}

static void put_case(struct maker *maker)
{
	const struct core_shape *shape = maker->shape;

	for (int arm = 0; arm < ARMS; arm++) {
		double level = gsl_ran_gaussian(maker->random, shape->layout);

		if (arm == COPY && (shape->exact || shape->no_copy))
			continue;
		put_bench(maker, arm);
		if (arm != HEAD || !shape->skip_head) {
			put_counts(maker, arm);
			if (!shape->exact)
				put_times(maker, arm, level);
		}
		maker->bench++;
	}
	maker->case_id++;
}

/* Process by process, all cases of each, as a run of several has them. */
static void put_cases(struct maker *maker)
{
	const struct core_shape *shape = maker->shape;
	unsigned int processes = shape->processes ? shape->processes : 1;

	for (maker->process = 0; maker->process < processes; maker->process++) {
		maker->size = 64;
		for (unsigned int i = 0; i < (shape->cases ? shape->cases : 1); i++) {
			put_case(maker);
			maker->size *= 2;
		}
	}
}

char *core_make_run(const char *name, const struct core_shape *shape)
{
	char *path = files_path(name);
	struct maker maker = {
		.out = fopen(path, "w"),
		.shape = shape,
		.random = gsl_rng_alloc(gsl_rng_mt19937),
	};

	if (!maker.out || !maker.random) {
		perror(path);
		abort();
	}
	gsl_rng_set(maker.random, shape->seed);
	fprintf(maker.out,
		"{\"t\":\"run\",\"schema\":\"trimm/1\",\"run_id\":\"%s\","
		"\"started\":\"2026-11-22T02:00:00Z\",\"reason\":\"run\",\"command\":\"trimm run\","
		"\"subject\":{\"git_sha\":null,\"dirty\":false},"
		"\"harness\":{\"git_sha\":null,\"version\":\"0.1.0\"},"
		"\"build\":{\"cc\":\"gcc 12.2.0\",\"cflags\":\"-O2\"},"
		"\"machine\":{\"fp\":\"00112233aabbccdd\",\"cpu\":\"Model CPU\",\"cpus\":2,"
		"\"memory_mib\":24000,\"virt\":\"kvm-guest\"},\"env\":{\"kernel\":\"6.18.44\"}}\n",
		shape->run_id);
	put_cases(&maker);
	fprintf(maker.out,
		"{\"t\":\"end\",\"run_id\":\"%s\",\"status\":\"ok\",\"benches\":%d,\"skipped\":0,"
		"\"failed\":0}\n",
		shape->run_id, maker.bench);
	fclose(maker.out);
	gsl_rng_free(maker.random);
	return path;
}
