/* SPDX-License-Identifier: GPL-2.0-only */
/* vmalloc_summary.c - see vmalloc_summary.h. */
#include "vmalloc_summary.h"
#include "cli.h"

#include <stdlib.h>
#include <string.h>

/* Where and how a bench was measured: what one module's log would be of. */
static char *place_of(const struct bench *bench)
{
	char kernel[128];

	bench_param(bench, "kernel", kernel, sizeof(kernel));
	return cli_format("%s%s%s%s%s%s", bench->target, *kernel ? " kernel=" : "", kernel,
			  bench_is_exact(bench) ? " mode=exact" : "", *bench->arm ? " " : "",
			  bench->arm);
}

static bool is_test(const struct bench *bench)
{
	return strcmp(bench->workload, "null");
}

static double mean(const struct samples *samples)
{
	double sum = 0;

	for (size_t i = 0; samples && i < samples->n; i++)
		sum += samples->values[i];
	return samples && samples->n ? sum / (double)samples->n : 0;
}

/* Parameters that tell cases of one test apart, where a list was given: " nr_pages=4". */
static char *label_of(const struct run *run, const struct bench *bench)
{
	static const char *const names[] = {"nr_pages", "use_huge", "cpus"};
	char *label = cli_format("%s", ""), *longer;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char own[64], other[64];
		bool differs = false;

		bench_param(bench, names[i], own, sizeof(own));
		for (size_t k = 0; k < run->nr_benches; k++) {
			const struct bench *with = &run->benches[k];

			differs |= !strcmp(with->workload, bench->workload) &&
				   strcmp(bench_param(with, names[i], other, sizeof(other)), own);
		}
		if (!differs || !*own)
			continue;
		longer = cli_format("%s %s=%s", label, names[i], own);
		free(label);
		label = longer;
	}
	return label;
}

/* Loops of each worker: a value of "total" is of all of them. */
static unsigned long loops_of(const struct bench *bench)
{
	const struct samples *total = bench_samples(bench, "total");
	char cpus[32];
	unsigned long n = strtoul(bench_param(bench, "cpus", cpus, sizeof(cpus)), NULL, 10);

	return total && n ? total->ops / n : 0;
}

static void print_measured(const struct bench *bench, const char *label, FILE *out)
{
	const struct counter *failures = bench_counter(bench, "measure", "failed_allocs");
	bool stopped = strcmp(bench->status, "ok") && strcmp(bench->status, "partial");
	unsigned long repeats = bench->blocks;
	/* How they spread over the repeats is not kept: where one failed, all count as such. */
	bool expected = failures && failures->has_value && failures->value > 0;
	double ns =
		mean(bench_samples(bench, "total.even")) + mean(bench_samples(bench, "total.odd"));

	fprintf(out,
		"Summary: %s passed: %lu failed: %d xfailed: %lu repeat: %lu loops: %lu "
		"avg: %.0f usec%s%s\n",
		bench->workload, expected || stopped ? 0 : repeats, stopped,
		expected && !stopped ? repeats : 0, repeats, loops_of(bench), ns / 1000,
		*label ? "  #" : "", label);
}

static void print_bench(const struct run *run, const struct bench *bench, FILE *out)
{
	char *label = label_of(run, bench);

	if (!strcmp(bench->status, "skipped") || !strcmp(bench->status, "not_applicable"))
		fprintf(out, "%s %s: %s\n",
			bench->status[0] == 's' ? "Skipped:" : "Not applicable:", bench->workload,
			bench->why ? bench->why : "no reason given");
	else if (bench_is_exact(bench))
		fprintf(out, "Counted, not timed: %s%s\n", bench->workload, label);
	else
		print_measured(bench, label, out);
	free(label);
}

/* All of one place, unless it was printed with an earlier bench. */
static void print_place(const struct run *run, size_t first, FILE *out)
{
	char *place = place_of(&run->benches[first]);
	bool emulated = false, fresh = true;

	for (size_t i = 0; i < first && fresh; i++) {
		char *earlier = place_of(&run->benches[i]);

		fresh = !is_test(&run->benches[i]) || strcmp(earlier, place);
		free(earlier);
	}
	if (fresh)
		fprintf(out, "# %s\n", place);
	for (size_t i = first; i < run->nr_benches && fresh; i++) {
		const struct bench *bench = &run->benches[i];
		char *own = place_of(bench);

		if (is_test(bench) && !strcmp(own, place)) {
			print_bench(run, bench, out);
			emulated |= bench->blocks && !bench_real_time(bench);
		}
		free(own);
	}
	if (emulated)
		fputs("# time is an emulator's, not the hardware's\n", out);
	free(place);
}

void vmalloc_summary_print(const struct run *run, FILE *out)
{
	for (size_t i = 0; i < run->nr_benches; i++)
		if (is_test(&run->benches[i]))
			print_place(run, i, out);
}
