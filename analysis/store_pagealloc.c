/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * store_pagealloc.c - the cases of page-batch as the table that mmtests made of its pagealloc: a
 * row for each kind of cost, order and batch, a column for each arm, in brackets how much less
 * than the first one's. Values are per block, medians over the measured blocks.
 */
#include "error.h"
#include "statistics.h"
#include "store.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define WORKLOAD  "page-batch"
#define ARMS_MAX  8
#define ORDERS	  11
#define BATCH_MAX 16384UL

struct table {
	const struct run *run;
	const char *arm[ARMS_MAX];
	size_t nr_arms;
};

static unsigned long param(const struct bench *bench, const char *name)
{
	char text[32];

	return strtoul(bench_param(bench, name, text, sizeof(text)), NULL, 10);
}

/* Benches that have what the table is of, in the order of the file. */
static bool belongs(const struct bench *bench)
{
	return !strcmp(bench->workload, WORKLOAD) && bench_samples(bench, "alloc.mean") &&
	       bench_samples(bench, "free.mean");
}

static void find_arms(struct table *table)
{
	for (size_t i = 0; i < table->run->nr_benches; i++) {
		const struct bench *bench = &table->run->benches[i];
		size_t known = 0;

		while (known < table->nr_arms && strcmp(table->arm[known], bench->arm) != 0)
			known++;
		if (belongs(bench) && known == table->nr_arms && known < ARMS_MAX)
			table->arm[table->nr_arms++] = bench->arm;
	}
}

static double mean_of(const struct bench *bench, const char *metric)
{
	const struct samples *samples = bench_samples(bench, metric);

	return statistics_median(samples->values, samples->n);
}

static double cost_of(const struct bench *bench, const char *kind)
{
	if (!strcmp(kind, "total"))
		return mean_of(bench, "alloc.mean") + mean_of(bench, "free.mean");
	return mean_of(bench, *kind == 'a' ? "alloc.mean" : "free.mean");
}

/* NAN: that was not measured. */
static double find(const struct table *table, size_t arm, const char *kind, unsigned long order,
		   unsigned long batch)
{
	for (size_t i = 0; i < table->run->nr_benches; i++) {
		const struct bench *bench = &table->run->benches[i];

		if (belongs(bench) && !strcmp(bench->arm, table->arm[arm]) &&
		    param(bench, "order") == order && param(bench, "batch") == batch)
			return cost_of(bench, kind);
	}
	return NAN;
}

/* The least batch above @batch that any case has, or 0. */
static unsigned long next_batch(const struct table *table, unsigned long batch)
{
	unsigned long next = BATCH_MAX + 1;

	for (size_t i = 0; i < table->run->nr_benches; i++) {
		const struct bench *bench = &table->run->benches[i];
		unsigned long other = belongs(bench) ? param(bench, "batch") : 0;

		if (other > batch && other < next)
			next = other;
	}
	return next > BATCH_MAX ? 0 : next;
}

static void put_row(const struct table *table, FILE *out, const char *kind, unsigned long order,
		    unsigned long batch)
{
	double base = find(table, 0, kind, order, batch);
	char name[48];
	bool any = false;

	for (size_t arm = 0; arm < table->nr_arms; arm++)
		any |= !isnan(find(table, arm, kind, order, batch));
	if (!any)
		return;
	snprintf(name, sizeof(name), "%s-odr%lu-%lu", kind, order, batch);
	fprintf(out, "Median    %-20s", name);
	for (size_t arm = 0; arm < table->nr_arms; arm++) {
		double cost = find(table, arm, kind, order, batch);

		if (isnan(cost))
			fprintf(out, "%24s", "-");
		else if (isnan(base))
			fprintf(out, "%14.2f%10s", cost, "");
		else
			fprintf(out, "%13.2f (%7.2f%%)", cost, 100 * (base - cost) / base);
	}
	fputc('\n', out);
}

int store_export_pagealloc(const struct run *run, FILE *out, struct run_error *error)
{
	static const char *const kinds[] = {"alloc", "free", "total"};
	struct table table = {.run = run};
	const struct bench *first = run->benches;

	find_arms(&table);
	if (!table.nr_arms)
		return error_set(error,
				 "%s: no case of page-batch; measure some: trimm run page-batch "
				 "order=0,1,2,3,4 batch=1,2,4,8,16,32,64,128",
				 run->run_id);
	while (!belongs(first))
		first++;
	fprintf(out, "pagealloc, ns a block%s, on %s\n%-30s",
		bench_real_time(first) ? "" : " of an emulator's clock", first->target, "");
	for (size_t arm = 0; arm < table.nr_arms; arm++)
		fprintf(out, " %23s", *table.arm[arm] ? table.arm[arm] : run->run_id);
	fputc('\n', out);
	for (size_t kind = 0; kind < sizeof(kinds) / sizeof(kinds[0]); kind++)
		for (unsigned long order = 0; order < ORDERS; order++)
			for (unsigned long batch = next_batch(&table, 0); batch;
			     batch = next_batch(&table, batch))
				put_row(&table, out, kinds[kind], order, batch);
	return 0;
}
