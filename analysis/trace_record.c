/* SPDX-License-Identifier: GPL-2.0-only */
/* trace_record.c - see trace_record.h. */
#include "trace_record.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool record_is(const json_t *record, const char *type)
{
	return !strcmp(record_text(record, "t"), type);
}

const char *record_text(const json_t *record, const char *field)
{
	const char *text = json_string_value(json_object_get(record, field));

	return text ? text : "";
}

static double number(const json_t *value)
{
	return json_is_number(value) ? json_number_value(value) : NAN;
}

double record_number(const json_t *record, const char *field)
{
	return number(json_object_get(record, field));
}

double record_at(const json_t *record, const char *field, size_t i)
{
	return number(json_array_get(json_object_get(record, field), i));
}

const char *record_probe(const json_t *record)
{
	return record_text(record, json_object_get(record, "probe") ? "probe" : "source");
}

bool record_worked(const json_t *probe)
{
	return !strcmp(record_text(probe, "status"), "ok");
}

int record_bench(const json_t *record)
{
	const json_t *bench = json_object_get(record, "bench");

	return json_is_integer(bench) ? (int)json_integer_value(bench) : -1;
}

const char *record_key(const json_t *record, char *buffer, size_t size)
{
	json_t *keys = json_object_get(record, "key"), *value;
	const char *name;
	size_t length = 0;

	*buffer = '\0';
	json_object_foreach (keys, name, value) {
		const char *gap = length ? " " : "", *text = json_string_value(value);

		if (length >= size)
			break;
		length += (size_t)(text ? snprintf(buffer + length, size - length, "%s%s=%s", gap,
						   name, text)
					: snprintf(buffer + length, size - length, "%s%s=%.15g",
						   gap, name, json_number_value(value)));
	}
	return buffer;
}

static uint64_t count_of(const json_t *value)
{
	return json_is_integer(value) && json_integer_value(value) > 0
		       ? (uint64_t)json_integer_value(value)
		       : 0;
}

bool record_hist(const json_t *record, struct hist *hist)
{
	const json_t *buckets = json_object_get(record, "buckets"), *item;
	size_t i, n = json_array_size(buckets);

	*hist = (struct hist){
		.metric = record_text(record, "metric"),
		.unit = record_text(record, "unit"),
		.hz = strcmp(record_text(record, "unit"), "ticks") ? 0
								   : record_number(record, "hz"),
		.sub_bits = (unsigned int)count_of(json_object_get(record, "sub_bits")),
		.n = count_of(json_object_get(record, "n")),
		.min = count_of(json_object_get(record, "min")),
		.max = count_of(json_object_get(record, "max")),
		.lost = count_of(json_object_get(record, "lost")),
		.sum = strtod(record_text(record, "sum"), NULL),
		.buckets = calloc(n ? n : 1, sizeof(*hist->buckets)),
	};
	if (!hist->buckets || !record_is(record, "hist") || hist->sub_bits > 16)
		return false;
	json_array_foreach (buckets, i, item) {
		struct bucket *bucket = &hist->buckets[i];

		bucket->low = count_of(json_array_get(item, 0));
		bucket->count = count_of(json_array_get(item, 1));
		if (i && bucket->low <= bucket[-1].low)
			return false;
		hist->nr_buckets++;
	}
	return true;
}

void record_hist_free(struct hist *hist)
{
	free(hist->buckets);
	hist->buckets = NULL;
}

const char *record_grouped(double value, char *buffer)
{
	char digits[32];
	size_t n, at = 0;

	if (!isfinite(value))
		return strcpy(buffer, "-");
	snprintf(digits, 24, "%.0f", fabs(value));
	n = strlen(digits);
	if (value < 0)
		buffer[at++] = '-';
	for (size_t i = 0; i < n; i++) {
		if (i && (n - i) % 3 == 0)
			buffer[at++] = ',';
		buffer[at++] = digits[i];
	}
	buffer[at] = '\0';
	return buffer;
}

const char *record_amount(double value, const char *unit, char *buffer, size_t size)
{
	static const char *const times[] = {"ns", "us", "ms", "s"};
	char grouped[40];
	size_t i = 0;

	if (!strcmp(unit, "ns"))
		for (; value >= 10000 && i < 3; i++)
			value /= 1000;
	if (i || (value < 100 && value != floor(value)))
		snprintf(buffer, size, "%.4g %s", value, i ? times[i] : unit);
	else
		snprintf(buffer, size, "%s %s", record_grouped(value, grouped), unit);
	return buffer;
}
