/* SPDX-License-Identifier: GPL-2.0-only */
/* bisect_report.c - what a bisection found, for a person, a program or a mail. */
#include "bisect_rules.h"
#include "compare.h"

#include <jansson.h>
#include <math.h>
#include <stdarg.h>
#include <string.h>

#define SHORT_COMMIT 12

static const char *const side_names[] = {[BISECT_NONE] = "not measured",
					 [BISECT_OLD] = "old",
					 [BISECT_NEW] = "new",
					 [BISECT_UNCLEAR] = "unclear",
					 [BISECT_SKIPPED] = "skipped"};
static const char *const status_names[] = {[BISECT_FOUND] = "found",
					   [BISECT_UNCLEAR_RANGE] = "unclear",
					   [BISECT_INTERRUPTED] = "interrupted",
					   [BISECT_FAILED] = "failed"};
static const char *const format_names[] = {
	[BISECT_TEXT] = "text", [BISECT_JSON] = "json", [BISECT_MARKDOWN] = "markdown"};

int bisect_format_from_name(const char *name)
{
	for (size_t i = 0; i < sizeof(format_names) / sizeof(*format_names); i++)
		if (!strcmp(format_names[i], name))
			return (int)i;
	return -1;
}

const char *bisect_side_name(enum bisect_side side)
{
	return side_names[side];
}

const char *bisect_side_word(const struct bisection *bisection, enum bisect_side side)
{
	bool bad = (side == BISECT_NEW) == bisection->bad_is_new;

	if (side != BISECT_OLD && side != BISECT_NEW)
		return side_names[side];
	if (!bisection->oracle.exact)
		return bad ? "slow" : "fast";
	return bad ? "as bad" : "as good";
}

const char *bisect_value_text(const struct bisection *bisection, const struct bisect_value *value,
			      char *buffer, size_t size)
{
	if (!isfinite(value->value))
		snprintf(buffer, size, "-");
	else if (bisection->oracle.exact)
		compare_format_value(value->value, bisection->oracle.unit, buffer, size);
	else if (isfinite(value->low))
		snprintf(buffer, size, "%+.2f%% [%+.1f .. %+.1f] n=%zu", 100 * expm1(value->value),
			 100 * expm1(value->low), 100 * expm1(value->high), value->n);
	else
		snprintf(buffer, size, "%+.2f%% n=%zu", 100 * expm1(value->value), value->n);
	return buffer;
}

const char *bisect_change_text(const struct bisection *bisection, double before, double after,
			       char *buffer, size_t size)
{
	const struct bisect_oracle *oracle = &bisection->oracle;
	char from[40], to[40], factor[40] = "";

	if (!oracle->exact) {
		snprintf(buffer, size, "total time %+.2f%%", 100 * expm1(after - before));
		return buffer;
	}
	if (before > 0 && (after >= 2 * before || 2 * after <= before))
		snprintf(factor, sizeof(factor), " (%.3gx)", after / before);
	else if (before > 0)
		snprintf(factor, sizeof(factor), " (%+.2f%%)", 100 * (after / before - 1));
	snprintf(buffer, size, "%s %s -> %s %s%s", oracle->metric,
		 compare_format_value(before, oracle->unit, from, sizeof(from)),
		 compare_format_value(after, oracle->unit, to, sizeof(to)), oracle->unit, factor);
	return buffer;
}

static const struct bisect_point *first_new(const struct bisection *bisection)
{
	return &bisection->points[bisection->range.new];
}

static const struct bisect_point *last_old(const struct bisection *bisection)
{
	return &bisection->points[bisection->range.old];
}

const char *bisect_summary(const struct bisection *bisection, char *buffer, size_t size)
{
	const struct bisect_range *range = &bisection->range;
	char change[160], took[80];

	snprintf(took, sizeof(took), "%zu of %zu commits measured, %.0f s",
		 bisect_nr_measured(bisection), bisection->n, bisection->seconds);
	if (bisection->status == BISECT_FOUND)
		snprintf(buffer, size, "trimm: bisect: found %.*s, %s; %s", SHORT_COMMIT,
			 first_new(bisection)->commit,
			 bisect_change_text(bisection, last_old(bisection)->anew.value,
					    first_new(bisection)->anew.value, change,
					    sizeof(change)),
			 took);
	else
		snprintf(buffer, size,
			 "trimm: bisect: %s: one of %zu commits, after %.*s up to %.*s; %s",
			 bisection->status == BISECT_UNCLEAR_RANGE
				 ? "signal unclear"
				 : status_names[bisection->status],
			 range->new - range->old, SHORT_COMMIT, last_old(bisection)->commit,
			 SHORT_COMMIT, first_new(bisection)->commit, took);
	return buffer;
}

/* How it came that there is no more than a range. */
static void range_text(const struct bisection *bisection, char *buffer, size_t size)
{
	const struct bisect_range *range = &bisection->range;
	size_t skipped = 0, unclear = 0;
	int n;

	for (size_t i = range->old + 1; i < range->new; i++) {
		skipped += bisection->points[i].side == BISECT_SKIPPED;
		unclear += bisection->points[i].side == BISECT_UNCLEAR;
	}
	n = snprintf(buffer, size, "one of these %zu commits", range->new - range->old);
	if (n > 0 && (size_t)n < size && (skipped || unclear))
		snprintf(buffer + n, size - n, ": %zu could not be built or run, %zu were unclear",
			 skipped, unclear);
	else if (n > 0 && (size_t)n < size && bisection->why)
		snprintf(buffer + n, size - n, ": %s", bisection->why);
}

/* A heading of the report; markdown marks it. */
static void heading(FILE *out, bool markdown, const char *text)
{
	fprintf(out, markdown ? "\n### %s\n\n" : "\n%s\n", text);
}

static void field(FILE *out, bool markdown, const char *name, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
static void field(FILE *out, bool markdown, const char *name, const char *fmt, ...)
{
	va_list args;

	fprintf(out, markdown ? "- %s: " : "  %-12s ", name);
	va_start(args, fmt);
	vfprintf(out, fmt, args);
	va_end(args);
	putc('\n', out);
}

static void print_head(const struct bisection *bisection, bool markdown, FILE *out)
{
	const struct bisect_point *new = first_new(bisection), *old = last_old(bisection);
	char text[256];
	double share = bisect_share(bisection);

	if (markdown)
		fputs("## ", out);
	if (bisection->status != BISECT_FOUND) {
		range_text(bisection, text, sizeof(text));
		fprintf(out, "signal unclear: %s\n\n", text);
		field(out, markdown, "after", "%s %s", old->commit, old->subject);
		field(out, markdown, "up to", "%s %s", new->commit, new->subject);
		field(out, markdown, "between ends", "%s",
		      bisect_change_text(bisection, bisection->oracle.old, bisection->oracle.new,
					 text, sizeof(text)));
		return;
	}
	fprintf(out, "%.*s made it %s: %s\n\n", SHORT_COMMIT, new->commit,
		bisection->bad_is_new ? "worse" : "better",
		bisect_change_text(bisection, old->anew.value, new->anew.value, text,
				   sizeof(text)));
	field(out, markdown, "commit", "%s", new->commit);
	field(out, markdown, "author date", "%s", new->author_date);
	field(out, markdown, "subject", "%s", new->subject);
	field(out, markdown, "before it", "%s %s", old->commit, old->subject);
	field(out, markdown, "its share", "%.0f %% of the difference between the ends%s",
	      100 * share, share < 0.9 ? ": there are more such commits" : "");
}

static void print_case(const struct bisection *bisection, bool markdown, FILE *out)
{
	const struct bisect_oracle *oracle = &bisection->oracle;

	field(out, markdown, "workload", "%s", bisection->words);
	if (!oracle->exact)
		field(out, markdown, "judged by",
		      "total time beside the good end in each of several processes; slow beyond "
		      "%+.2f%%, intervals of %.2f %%",
		      100 * expm1(oracle->middle), 100 * oracle->confidence);
	else if (oracle->ops > 0)
		field(out, markdown, "judged by",
		      "%s of %.0f operations, counted exactly; the "
		      "middle is %.6g",
		      oracle->metric, oracle->ops, oracle->middle);
	else
		field(out, markdown, "judged by", "%s, counted exactly; the middle is %.6g",
		      oracle->metric, oracle->middle);
	field(out, markdown, "repository", "%s", bisection->repo);
	field(out, markdown, "machine", "%s", bisection->machine);
}

static const char *remark(const struct bisection *bisection, size_t i)
{
	if (i == 0 || i + 1 == bisection->n)
		return (i != 0) == bisection->bad_is_new ? "the bad end" : "the good end";
	return bisection->points[i].why ? bisection->points[i].why : "";
}

/* How wide values are: counts are short, times have an interval. */
static int width_of(const struct bisection *bisection)
{
	return bisection->oracle.exact ? 16 : 36;
}

static void print_row(const struct bisection *bisection, size_t i, bool markdown, FILE *out)
{
	const struct bisect_point *point = &bisection->points[i];
	const char *side = bisect_side_word(bisection, point->side), *again = "", *say;
	char value[80], anew[80] = "";
	int width = width_of(bisection);

	if (!point->order)
		return;
	bisect_value_text(bisection, &point->value, value, sizeof(value));
	if (point->again) {
		bisect_value_text(bisection, &point->anew, anew, sizeof(anew));
		again = bisect_side_word(bisection, point->again);
	}
	say = remark(bisection, i);
	if (markdown)
		fprintf(out, "| %zu | `%.*s` | %s | %s | %s | %s | %s |\n", i, SHORT_COMMIT,
			point->commit, value, side, anew, again, say);
	else if (point->again)
		fprintf(out, "  %5zu  %.*s  %*s  %-7s  %*s  %-*s%s\n", i, SHORT_COMMIT,
			point->commit, width, value, side, width, anew, *say ? 9 : 0, again, say);
	else
		fprintf(out, "  %5zu  %.*s  %*s  %-*s%s\n", i, SHORT_COMMIT, point->commit, width,
			value, *say ? 9 : 0, side, say);
}

static void print_table(const struct bisection *bisection, bool markdown, FILE *out)
{
	const char *metric = bisection->oracle.exact ? bisection->oracle.metric : "time";
	int width = width_of(bisection);

	heading(out, markdown, "What was measured, in the order of history");
	if (markdown)
		fprintf(out,
			"| place | commit | %s | side | built anew | side | |\n"
			"|---:|---|---:|---|---:|---|---|\n",
			metric);
	else
		fprintf(out, "  place  commit        %*s  side     %*s  side\n", width, metric,
			width, "built anew");
	for (size_t i = 0; i < bisection->n; i++)
		print_row(bisection, i, markdown, out);
}

static void print_text(const struct bisection *bisection, bool markdown, FILE *out)
{
	char text[512];

	print_head(bisection, markdown, out);
	print_case(bisection, markdown, out);
	print_table(bisection, markdown, out);
	heading(out, markdown, "To see it again");
	if (markdown)
		fputs("```sh\n", out);
	fprintf(out, "%s%s\n", markdown ? "" : "  ", bisection->command);
	for (const char *const *line = bisection->by_hand; line && *line; line++)
		fprintf(out, "%s%s\n", markdown ? "" : "  ", *line);
	if (markdown)
		fputs("```\n", out);
	putc('\n', out);
	if (bisection->figure)
		field(out, markdown, "figure", "%s", bisection->figure);
	field(out, markdown, "log", "%s", bisection->log);
	fprintf(out, "\n%s\n", bisect_summary(bisection, text, sizeof(text)));
}

static json_t *number(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

static json_t *value_json(const struct bisect_value *value)
{
	return json_pack("{s:o, s:o, s:o, s:I}", "value", number(value->value), "low",
			 number(value->low), "high", number(value->high), "n",
			 (json_int_t)value->n);
}

static json_t *point_json(const struct bisect_point *point, size_t place)
{
	json_t *json = json_pack("{s:I, s:s, s:s?, s:s?, s:s, s:I, s:b, s:o, s:o, s:s?}", "place",
				 (json_int_t)place, "commit", point->commit, "subject",
				 point->subject, "author_date", point->author_date, "side",
				 side_names[point->side], "order", (json_int_t)point->order,
				 "cached", point->cached, "seconds", number(point->seconds),
				 "measured", value_json(&point->value), "why", point->why);

	if (point->again) {
		json_object_set_new(json, "again", json_string(side_names[point->again]));
		json_object_set_new(json, "anew", value_json(&point->anew));
	}
	return json;
}

static void print_json(const struct bisection *bisection, FILE *out)
{
	const struct bisect_oracle *oracle = &bisection->oracle;
	json_t *points = json_array(), *by_hand = json_array(), *all;
	char summary[512];

	for (size_t i = 0; i < bisection->n; i++)
		if (bisection->points[i].order)
			json_array_append_new(points, point_json(&bisection->points[i], i));
	for (const char *const *line = bisection->by_hand; line && *line; line++)
		json_array_append_new(by_hand, json_string(*line));
	all = json_pack(
		"{s:s, s:s, s:s, s:s?, s:s, s:s, s:s, s:s, s:s, s:{s:s, s:s, s:b, s:o, s:o, s:o, "
		"s:o}, s:I, s:I, s:b, s:{s:I, s:I, s:s, s:s}, s:o, s:o, s:o, s:o, s:s?, s:s, s:s, "
		"s:s}",
		"schema", "trimm-bisect/1", "id", bisection->id, "status",
		status_names[bisection->status], "why", bisection->why, "repo", bisection->repo,
		"started", bisection->started, "words", bisection->words, "machine",
		bisection->machine, "version", bisection->version, "oracle", "metric",
		oracle->metric, "unit", oracle->unit, "exact", oracle->exact, "old",
		number(oracle->old), "new", number(oracle->new), "middle", number(oracle->middle),
		"ops", number(oracle->ops), "commits", (json_int_t)bisection->n, "measured",
		(json_int_t)bisect_nr_measured(bisection), "bad_is_new", bisection->bad_is_new,
		"range", "after", (json_int_t)bisection->range.old, "up_to",
		(json_int_t)bisection->range.new, "after_commit", last_old(bisection)->commit,
		"up_to_commit", first_new(bisection)->commit, "share",
		number(bisect_share(bisection)), "points", points, "by_hand", by_hand, "seconds",
		number(bisection->seconds), "figure", bisection->figure, "log", bisection->log,
		"command", bisection->command, "summary",
		bisect_summary(bisection, summary, sizeof(summary)));
	if (all && bisection->status == BISECT_FOUND)
		json_object_set_new(all, "commit", json_string(first_new(bisection)->commit));
	json_dumpf(all, out, JSON_INDENT(2) | JSON_REAL_PRECISION(15));
	putc('\n', out);
	json_decref(all);
}

void bisect_print(const struct bisection *bisection, enum bisect_format format, FILE *out)
{
	if (format == BISECT_JSON)
		print_json(bisection, out);
	else
		print_text(bisection, format == BISECT_MARKDOWN, out);
}
