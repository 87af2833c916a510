/* SPDX-License-Identifier: GPL-2.0-only */
/* calibration_text.c - unit costs as a table for people. */
#include "calibration.h"
#include "compare.h"

#include <math.h>
#include <string.h>

enum { NAME_WIDTH = 22, VALUE_WIDTH = 13, INTERVAL_WIDTH = 25 };

static const char *format_value(double value, const char *unit, char *buffer, size_t size)
{
	if (!strcmp(unit, "bytes/ns"))
		snprintf(buffer, size, "%.3g GB/s", value);
	else
		compare_format_value(value, unit, buffer, size);
	return buffer;
}

/* "4 KiB" */
static void format_bytes(double bytes, char *buffer, size_t size)
{
	if (bytes >= 0x1p20)
		snprintf(buffer, size, "%.4g MiB", bytes / 0x1p20);
	else if (bytes >= 0x1p10)
		snprintf(buffer, size, "%.4g KiB", bytes / 0x1p10);
	else
		snprintf(buffer, size, "%.0f bytes", bytes);
}

static const char *format_name(const struct unit_cost *cost, char *buffer, size_t size)
{
	const struct unit_cost_info *info = &unit_cost_info[cost->name];
	char at[32];

	if (isnan(cost->value) || !*info->at) {
		snprintf(buffer, size, "%s", info->name);
		return buffer;
	}
	if (!strcmp(info->at, "bytes"))
		format_bytes(cost->at, at, sizeof(at));
	else
		snprintf(at, sizeof(at), "%.0f CPU%s", cost->at, cost->at == 1 ? "" : "s");
	snprintf(buffer, size, "%s, %s", info->name, at);
	return buffer;
}

/* Pads by characters, not bytes: "µ" has two bytes. */
static void put(const char *text, int width, FILE *out)
{
	int length = 0;

	for (const char *c = text; *c; c++)
		length += (*c & 0xc0) != 0x80;
	fprintf(out, "%s%*s", text, length < width ? width - length : 1, "");
}

/* @why: the reason that the line above gave for having no value; NULL: it has one. */
static void print_cost(const struct unit_cost *cost, const struct calibration *previous,
		       const char *why, FILE *out)
{
	const struct unit_cost_info *info = &unit_cost_info[cost->name];
	const struct unit_cost *was =
		previous ? calibration_cost(previous, cost->name, cost->at) : NULL;
	char name[64], value[64], low[64], high[64], both[160];

	put(format_name(cost, name, sizeof(name)), NAME_WIDTH, out);
	if (isnan(cost->value)) {
		put("-", VALUE_WIDTH, out);
		fprintf(out, "%s\n", why && !strcmp(why, cost->why) ? "as above" : cost->why);
		return;
	}
	put(format_value(cost->value, info->unit, value, sizeof(value)), VALUE_WIDTH, out);
	snprintf(both, sizeof(both), "[%s .. %s]",
		 format_value(cost->low, info->unit, low, sizeof(low)),
		 format_value(cost->high, info->unit, high, sizeof(high)));
	put(both, INTERVAL_WIDTH, out);
	if (previous)
		put(was ? format_value(was->value, info->unit, value, sizeof(value)) : "-",
		    VALUE_WIDTH, out);
	fprintf(out, "%s\n", cost->source);
}

static void print_knee(const struct access_curve *curve, size_t last, const char *what, FILE *out)
{
	if (last < curve->n)
		fprintf(out, "%s: the access curve rises between %.0f and %.0f pages\n", what,
			curve->point[last].pages, curve->point[last + 1].pages);
	else
		fprintf(out, "%s: the access curve shows no rise that stands out of the noise\n",
			what);
}

void calibration_print(const struct calibration *calibration, const struct calibration *previous,
		       FILE *out)
{
	fprintf(out, "unit costs of machine %s (%s), measured %s\n\n", calibration->machine,
		calibration->cpu ? calibration->cpu : "unknown CPU", calibration->measured);
	put("cost", NAME_WIDTH, out);
	put("median", VALUE_WIDTH, out);
	put("[95 % interval]", INTERVAL_WIDTH, out);
	if (previous)
		put("before", VALUE_WIDTH, out);
	fputs("read off\n", out);
	for (size_t i = 0; i < calibration->n; i++)
		print_cost(&calibration->cost[i], previous, i ? calibration->cost[i - 1].why : NULL,
			   out);
	fputs("\n", out);
	print_knee(&calibration->curve, calibration->curve.dtlb, "first-level data TLB", out);
	if (calibration->curve.dtlb < calibration->curve.n)
		print_knee(&calibration->curve, calibration->curve.stlb, "second-level TLB", out);
}
