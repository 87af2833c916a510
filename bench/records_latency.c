/* SPDX-License-Identifier: GPL-2.0-only */
/* records_latency.c - what was timed, as `samples`, `hist` and `interval` lines. */
#include "records.h"
#include "traced.h"

static void emit_values(struct bench_case *bench, const struct arm_state *arm, const char *metric,
			const char *better, uint64_t ops, unsigned long n, const uint64_t *values,
			const uint64_t *order)
{
	struct json *json = bench->json;

	records_begin(bench, arm, "samples");
	json_put_string(json, "metric", metric);
	json_put_string(json, "unit", "ns");
	json_put_string(json, "better", better);
	json_put_string(json, "class", "noisy");
	json_put_string(json, "per", "block");
	if (ops)
		json_put_unsigned(json, "ops", ops);
	json_open(json, "values", '[');
	for (unsigned long i = 0; i < n; i++)
		json_thousandths(json, NULL, values[i]);
	json_close(json, ']');
	json_open(json, "order", '[');
	for (unsigned long i = 0; i < n; i++)
		json_put_unsigned(json, NULL, order[i]);
	json_close(json, ']');
	json_end(json);
}

static void emit_samples(struct bench_case *bench, const struct arm_state *arm, const char *metric,
			 const char *better, uint64_t ops, const uint64_t *values)
{
	emit_values(bench, arm, metric, better, ops, bench->blocks, values, arm->samples.order);
}

static void emit_traced(struct bench_case *bench, const struct arm_state *arm)
{
	unsigned long n = traced_pairs(bench);

	if (n)
		emit_values(bench, arm, "total.traced", "none",
			    arm->traced_ops / bench->traced_blocks, n, arm->samples.traced,
			    arm->samples.traced_order);
}

/* "free" + ".p99", in a buffer the next call overwrites. */
static const char *join(const char *metric, const char *quantile)
{
	static char text[64];
	unsigned int n = 0;

	for (; *metric && n < sizeof(text) - 8; metric++)
		text[n++] = *metric;
	text[n++] = '.';
	for (; *quantile && n < sizeof(text) - 1; quantile++)
		text[n++] = *quantile;
	text[n] = 0;
	return text;
}

static void emit_all_samples(struct bench_case *bench, const struct arm_state *arm)
{
	uint64_t ops = arm->ops / bench->blocks;

	emit_samples(bench, arm, "total", "lower", ops, arm->samples.total);
	emit_samples(bench, arm, "total.even", "none", ops / 2, arm->samples.even);
	emit_samples(bench, arm, "total.odd", "none", ops / 2, arm->samples.odd);
	emit_traced(bench, arm);
	if (bench->defers)
		emit_samples(bench, arm, "purge", "lower", 0, arm->samples.finish);
	for (unsigned int m = 0; m < arm->nr_metrics; m++) {
		if (arm->samples.mean[m][0])
			emit_samples(bench, arm, join(arm->bench.workload->metrics[m], "mean"),
				     "lower", 0, arm->samples.mean[m]);
		if (!arm->total[m]->n)
			continue;
		for (unsigned int q = 0; q < CASE_QUANTILES; q++)
			emit_samples(bench, arm,
				     join(arm->bench.workload->metrics[m], case_quantile_name[q]),
				     "lower", 0, arm->samples.quantile[m][q]);
	}
}

static void emit_histogram(struct bench_case *bench, const struct arm_state *arm,
			   const char *metric, const struct histogram *histogram)
{
	struct json *json = bench->json;
	unsigned int last = histogram_index(histogram->max, HISTOGRAM_SUB_BITS);

	if (!histogram->n)
		return;
	records_begin(bench, arm, "hist");
	json_put_string(json, "metric", metric);
	json_put_string(json, "unit", "ticks");
	json_put_unsigned(json, "hz", bench->host.tick_hz);
	json_put_string(json, "scheme", "loglin");
	json_put_unsigned(json, "sub_bits", HISTOGRAM_SUB_BITS);
	json_put_unsigned(json, "n", histogram->n);
	json_put_unsigned(json, "min", histogram->min);
	json_put_unsigned(json, "max", histogram->max);
	json_decimal_string(json, "sum", histogram->sum);
	json_open(json, "buckets", '[');
	for (unsigned int i = histogram_index(histogram->min, HISTOGRAM_SUB_BITS); i <= last; i++) {
		if (!histogram->count[i])
			continue;
		json_open(json, NULL, '[');
		json_put_unsigned(json, NULL, histogram_low(i, HISTOGRAM_SUB_BITS));
		json_put_unsigned(json, NULL, histogram->count[i]);
		json_close(json, ']');
	}
	json_close(json, ']');
	json_put_unsigned(json, "lost", 0);
	json_end(json);
}

static void emit_histograms(struct bench_case *bench, const struct arm_state *arm)
{
	const char *const *metrics = arm->bench.workload->metrics;

	for (unsigned int m = 0; m < arm->nr_metrics; m++)
		emit_histogram(bench, arm, metrics[m], arm->total[m]);
	for (unsigned int i = 0; arm->by_worker && i < bench->cpus * arm->nr_metrics; i++) {
		char cpu[8] = "cpu0";
		unsigned int slot = i / arm->nr_metrics;

		if (slot < 10) {
			cpu[3] = '0' + slot;
		} else {
			cpu[3] = '0' + slot / 10;
			cpu[4] = '0' + slot % 10;
			cpu[5] = 0;
		}
		emit_histogram(bench, arm, join(metrics[i % arm->nr_metrics], cpu),
			       arm->by_worker[i]);
	}
}

/* Flushes by how many CPUs each interrupted; of those there were. */
static void emit_shootdowns(struct bench_case *bench, const struct arm_state *arm)
{
	static const char *const metric[HOST_FLUSH_CLASSES] = {
		"shootdown.0",	  "shootdown.1",     "shootdown.2-3",	"shootdown.4-7",
		"shootdown.8-15", "shootdown.16-31", "shootdown.32-63",
	};

	for (unsigned int i = 0; i < HOST_FLUSH_CLASSES; i++)
		emit_histogram(bench, arm, metric[i], &arm->shootdown[i]);
}

static void emit_intervals(struct bench_case *bench, const struct arm_state *arm)
{
	struct json *json = bench->json;

	for (unsigned int c = 0; c < arm->heat->used; c++) {
		const struct heat_column *column = &arm->heat->column[c];

		if (!column->n)
			continue;
		records_begin(bench, arm, "interval");
		json_put_string(json, "metric",
				arm->bench.workload->metrics[case_heat_metric(arm)]);
		json_put_string(json, "unit", "ticks");
		json_put_unsigned(json, "hz", bench->host.tick_hz);
		json_thousandths(json, "start_ns", case_ps(bench, c * arm->heat->width));
		json_thousandths(json, "len_ns", case_ps(bench, arm->heat->width));
		json_put_string(json, "scheme", "loglin");
		json_put_unsigned(json, "sub_bits", HEAT_SUB_BITS);
		json_open(json, "buckets", '[');
		for (unsigned int i = 0; i < HEAT_ROWS; i++) {
			if (!column->count[i])
				continue;
			json_open(json, NULL, '[');
			json_put_unsigned(json, NULL, histogram_low(i, HEAT_SUB_BITS));
			json_put_unsigned(json, NULL, column->count[i]);
			json_close(json, ']');
		}
		json_close(json, ']');
		json_put_unsigned(json, "max", column->max);
		json_end(json);
	}
}

void records_latency(struct bench_case *bench, const struct arm_state *arm)
{
	emit_all_samples(bench, arm);
	emit_histograms(bench, arm);
	emit_shootdowns(bench, arm);
	emit_intervals(bench, arm);
}
