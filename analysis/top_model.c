/* SPDX-License-Identifier: GPL-2.0-only */
/* top_model.c - see top_model.h. */
#include "top_model.h"
#include "trace_record.h"
#include "trace_text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EVENT_RATE = 1, EVENT_TOTAL };
enum { LATENCY_RATE = 1, LATENCY_P50, LATENCY_P90, LATENCY_P99, LATENCY_MAX };
enum { CPU_LISTS = 1, CPU_TLB, CPU_CALLS, CPU_RESCHEDULED };
enum { SLAB_ACTIVE = 1, SLAB_TOTAL, SLAB_USED, SLAB_KIB };

void top_model_open(struct top_model *model, double interval)
{
	static const struct top_table tables[TOP_TABLES] = {
		[TOP_EVENTS] = {.title = "events",
				.columns = {{"EVENT", 0}, {"A SECOND", 0}, {"TOTAL", 0}},
				.nr_columns = 3,
				.sort = EVENT_RATE},
		[TOP_LATENCY] = {.title = "latency",
				 .columns = {{"OF", 0},
					     {"A SECOND", 0},
					     {"P50", TOP_TIME},
					     {"P90", TOP_TIME},
					     {"P99", TOP_TIME},
					     {"MAX", TOP_TIME}},
				 .nr_columns = 6,
				 .sort = LATENCY_RATE},
		[TOP_CPUS] = {.title = "CPUs",
			      .columns = {{"CPU", 0},
					  {"LISTS", 0},
					  {"TLB/s", 0},
					  {"CALLS/s", 0},
					  {"RESCH/s", 0}},
			      .nr_columns = 5},
		[TOP_SLABS] = {.title = "slabs",
			       .columns = {{"CACHE", 0},
					   {"ACTIVE", 0},
					   {"OBJECTS", 0},
					   {"USED %", TOP_PERCENT},
					   {"KiB", 0}},
			       .nr_columns = 5,
			       .sort = SLAB_KIB},
	};

	memset(model, 0, sizeof(*model));
	memcpy(model->tables, tables, sizeof(tables));
	model->interval = interval;
	model->at = model->seconds = NAN;
}

void top_model_close(struct top_model *model)
{
	for (int i = 0; i < TOP_TABLES; i++)
		top_table_free(&model->tables[i]);
	top_table_free(&model->sums);
}

void top_model_begin(struct top_model *model, double now)
{
	model->seconds = now - model->at;
	model->at = now;
	model->machine_interrupts = NAN;
	model->summary = model->probes = (struct top_summary){NAN, NAN, NAN, NAN, NAN, NAN};
	for (int i = 0; i < TOP_TABLES; i++)
		top_table_forget(&model->tables[i], i == TOP_EVENTS ? EVENT_TOTAL : 0);
}

void top_model_end(struct top_model *model)
{
	for (int i = 0; i < TOP_TABLES; i++)
		top_table_sort(&model->tables[i]);
}

/* Unknown and a number is that number. */
static void add(double *sum, double value)
{
	if (!isnan(value))
		*sum = isnan(*sum) ? value : *sum + value;
}

/* A sum that only grows, read anew: how much a second. A source that began again has no rate. */
static double rate(const struct top_model *model, double *last, double now)
{
	double before = *last;

	*last = now;
	return now >= before ? (now - before) / model->seconds : NAN;
}

/* @line, and behind it the next; NULL: none. */
static const char *next_line(const char *text, char *line, size_t size)
{
	size_t length = strcspn(text, "\n");

	if (!*text)
		return NULL;
	snprintf(line, size, "%.*s", (int)length, text);
	return text + length + (text[length] == '\n');
}

/* --- Texts as under /proc --- */

/* Levels, and what is no sum of events. */
static bool is_level(const char *name)
{
	size_t length = strlen(name);

	return (!strncmp(name, "nr_", 3) && strncmp(name, "nr_tlb", 6)) ||
	       (length > 4 && !strcmp(name + length - 4, "_max")) ||
	       !strncmp(name, "workingset", 10);
}

static void sum_up(struct top_model *model, const char *name, double a_second)
{
	static const struct {
		const char *name;
		size_t to;
	} known[] = {
		{"trimm_flush_range", offsetof(struct top_summary, flushes)},
		{"trimm_flush_full", offsetof(struct top_summary, flushes)},
		{"trimm_shootdowns", offsetof(struct top_summary, interrupts)},
		{"trimm_purge", offsetof(struct top_summary, purges)},
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (!strcmp(name, known[i].name))
			add((double *)((char *)&model->summary + known[i].to), a_second);
}

static void take_vmstat(struct top_model *model, const char *text, bool core)
{
	char line[256], name[TOP_NAME];
	struct top_row *row;
	double value;

	while ((text = next_line(text, line, sizeof(line)))) {
		if (sscanf(line, "%63s %lf", name, &value) != 2 || is_level(name))
			continue;
		/* Of the kernel's 200 counters, those that ever counted. */
		row = value || core ? top_table_row(&model->tables[TOP_EVENTS], name) : NULL;
		if (!row)
			continue;
		row->values[EVENT_RATE] = rate(model, &row->last, value);
		row->values[EVENT_TOTAL] = value;
		sum_up(model, name, row->values[EVENT_RATE]);
	}
}

static struct top_row *cpu_row(struct top_model *model, int cpu)
{
	char name[24];

	snprintf(name, sizeof(name), "%d", cpu);
	return top_table_row(&model->tables[TOP_CPUS], name);
}

/* Levels of CPUs, of all zones together. */
static void take_zoneinfo(struct top_model *model, const char *text)
{
	struct top_row *row = NULL;
	double count;
	char line[256];
	int cpu;

	while ((text = next_line(text, line, sizeof(line)))) {
		if (sscanf(line, " cpu: %d", &cpu) == 1) {
			row = cpu_row(model, cpu);
		} else if (row && sscanf(line, " count: %lf", &count) == 1) {
			add(&row->values[CPU_LISTS], count);
			add(&model->summary.list_pages, count);
			row = NULL;
		}
	}
}

/* One kind of interrupt, of all CPUs in a row; the head names them. */
static void take_interrupt(struct top_model *model, const char *head, const char *line,
			   size_t column, bool summed)
{
	char label[24], *end;
	int cpu;

	for (; (head = strstr(head, "CPU")); head += 3) {
		double value = strtod(line, &end), a_second;
		struct top_row *row, *sums;

		if (end == line || sscanf(head, "CPU%d", &cpu) != 1)
			return;
		line = end;
		row = cpu_row(model, cpu);
		/* What it was is kept under a name of its own, not shown. */
		snprintf(label, sizeof(label), "%d/%zu", cpu, column);
		sums = top_table_row(&model->sums, label);
		if (!row || !sums)
			return;
		a_second = rate(model, &sums->last, value);
		add(&row->values[column], a_second);
		if (summed)
			add(&model->machine_interrupts, a_second);
	}
}

static void take_interrupts(struct top_model *model, const char *text)
{
	static const struct {
		const char *label;
		size_t column;
		bool summed;
	} kinds[] = {{"TLB:", CPU_TLB, false}, /* each is a call, too, since Linux 4.8 */
		     {"CAL:", CPU_CALLS, true},
		     {"RES:", CPU_RESCHEDULED, true}};
	char head[4096], line[4096];
	char label[16];
	int at;

	text = next_line(text, head, sizeof(head));
	while (text && (text = next_line(text, line, sizeof(line)))) {
		if (sscanf(line, " %15s%n", label, &at) != 1)
			continue;
		for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
			if (!strcmp(label, kinds[i].label))
				take_interrupt(model, head, line + at, kinds[i].column,
					       kinds[i].summed);
	}
}

static void take_slabinfo(struct top_model *model, const char *text)
{
	double active, total, size, per_slab, pages, slabs;
	char line[512], name[TOP_NAME];
	const char *data;
	struct top_row *row;

	while ((text = next_line(text, line, sizeof(line)))) {
		if (*line == '#' || sscanf(line, "%63s %lf %lf %lf %lf %lf", name, &active, &total,
					   &size, &per_slab, &pages) != 6)
			continue;
		row = top_table_row(&model->tables[TOP_SLABS], name);
		if (!row)
			return;
		data = strstr(line, "slabdata");
		if (!data || sscanf(data, "slabdata %*f %lf", &slabs) != 1)
			slabs = per_slab > 0 ? ceil(total / per_slab) : 0;
		row->values[SLAB_ACTIVE] = active;
		row->values[SLAB_TOTAL] = total;
		row->values[SLAB_USED] = total > 0 ? 100 * active / total : NAN;
		row->values[SLAB_KIB] = slabs * pages * 4;
	}
}

/* Areas that are free but for their flush, as Linux words them. */
static void take_vmallocinfo(struct top_model *model, const char *text)
{
	struct top_summary *summary = &model->summary;
	char line[512];
	double bytes;

	summary->areas_waiting = summary->pages_waiting = 0;
	while ((text = next_line(text, line, sizeof(line)))) {
		if (!strstr(line, "unpurged vm_area") || sscanf(line, "%*s %lf", &bytes) != 1)
			continue;
		summary->areas_waiting++;
		summary->pages_waiting += bytes / 4096;
	}
}

void top_model_text(struct top_model *model, const char *name, bool core, const char *text)
{
	if (!strcmp(name, "vmstat"))
		take_vmstat(model, text, core);
	else if (!strcmp(name, "interrupts"))
		take_interrupts(model, text);
	else if (!strcmp(name, "zoneinfo"))
		take_zoneinfo(model, text);
	else if (!strcmp(name, "slabinfo"))
		take_slabinfo(model, text);
	else if (!strcmp(name, "vmallocinfo"))
		take_vmallocinfo(model, text);
}

/* --- Records --- */

/* Of a key what tells most in little room: words as they are, numbers with their names. */
static void short_key(const json_t *record, char *text, size_t size)
{
	json_t *value;
	const char *name;
	size_t length = 0;

	*text = '\0';
	json_object_foreach (json_object_get(record, "key"), name, value) {
		const char *word = json_string_value(value);

		if (length >= size)
			break;
		length += (size_t)(word ? snprintf(text + length, size - length, " %s", word)
					: snprintf(text + length, size - length, " %s=%.15g", name,
						   json_number_value(value)));
	}
}

static void take_hist(struct top_model *model, const json_t *record)
{
	char name[TOP_NAME], key[TOP_NAME];
	struct hist hist;
	struct top_row *row;

	short_key(record, key, sizeof(key));
	snprintf(name, sizeof(name), "%.16s %.16s%.29s", record_probe(record),
		 record_text(record, "metric"), key);
	if (record_hist(record, &hist) && hist.n &&
	    (row = top_table_row(&model->tables[TOP_LATENCY], name))) {
		row->counted = hist.hz <= 0 && strcmp(hist.unit, "ns") != 0;
		row->values[LATENCY_RATE] = (double)hist.n / model->interval;
		row->values[LATENCY_P50] = hist_quantile_ns(&hist, 0.5);
		row->values[LATENCY_P90] = hist_quantile_ns(&hist, 0.9);
		row->values[LATENCY_P99] = hist_quantile_ns(&hist, 0.99);
		row->values[LATENCY_MAX] = (double)hist.max * (hist.hz > 0 ? 1e9 / hist.hz : 1);
		for (size_t i = LATENCY_P50; row->counted && i < LATENCY_MAX; i++)
			row->values[i] = floor(row->values[i]);
	}
	record_hist_free(&hist);
}

/* Of all keys together: where it happened has no room here. */
static void take_counter(struct top_model *model, const json_t *record)
{
	/* Each happening once: what is sent, merged and handled is one interrupt. */
	static const struct {
		const char *probe, *name;
		size_t to;
	} known[] = {
		{"tlbflush", "range_flushes", offsetof(struct top_summary, flushes)},
		{"tlbflush", "full_flushes", offsetof(struct top_summary, flushes)},
		{"ipi", "ipi_handled", offsetof(struct top_summary, interrupts)},
		{"vmalloc", "purges", offsetof(struct top_summary, purges)},
	};
	double value = record_number(record, "value"), a_second = value / model->interval;
	char name[TOP_NAME];
	struct top_row *row;

	snprintf(name, sizeof(name), "%.20s %.40s", record_probe(record),
		 record_text(record, "name"));
	row = isnan(value) ? NULL : top_table_row(&model->tables[TOP_EVENTS], name);
	if (!row)
		return;
	add(&row->values[EVENT_RATE], a_second);
	add(&row->values[EVENT_TOTAL], value);
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (!strcmp(record_probe(record), known[i].probe) &&
		    !strcmp(record_text(record, "name"), known[i].name))
			add((double *)((char *)&model->probes + known[i].to), a_second);
}

void top_model_record(struct top_model *model, const json_t *record)
{
	if (record_is(record, "hist"))
		take_hist(model, record);
	else if (record_is(record, "counter"))
		take_counter(model, record);
	else if (record_is(record, "probe"))
		trace_text_trouble(record, model->trouble, sizeof(model->trouble));
}

/* --- The summary --- */

static void print_rate(char *line, size_t width, const char *what, double value, const char *unit)
{
	size_t length = strlen(line);
	char text[40] = "-";

	if (!isnan(value))
		record_grouped(value, text);
	snprintf(line + length, width + 1 - length, "%s%s %s%s", length ? "   " : "", what, text,
		 unit);
}

static double known(double first, double second)
{
	return isnan(first) ? second : first;
}

void top_model_summary(const struct top_model *model, char *first, char *second, size_t width)
{
	const struct top_summary *summary = &model->summary, *probes = &model->probes;
	double interrupts = known(summary->interrupts, probes->interrupts);

	*first = *second = '\0';
	print_rate(first, width, "flushes", known(summary->flushes, probes->flushes), "/s");
	print_rate(first, width, "IPIs", known(interrupts, model->machine_interrupts), "/s");
	print_rate(first, width, "purges", known(summary->purges, probes->purges), "/s");
	print_rate(second, width, "areas waiting", summary->areas_waiting, "");
	print_rate(second, width, "pages waiting", summary->pages_waiting, "");
	print_rate(second, width, "on CPU lists", summary->list_pages, " pages");
}
