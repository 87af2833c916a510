/* SPDX-License-Identifier: GPL-2.0-only */
/* compare_words.c - values, changes and verdicts as people read them. */
#include "compare.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Three or four digits that matter. */
static int print_short(char *out, size_t size, double value, const char *unit)
{
	int decimals = fabs(value) >= 100 || value == 0 ? 0 : fabs(value) >= 10 ? 1 : 2;

	return snprintf(out, size, "%.*f%s", decimals, value, unit);
}

static void print_time(char *out, size_t size, double ns)
{
	static const struct {
		double from, ns;
		const char *name;
	} units[] = {{999.5e6, 1e9, " s"}, {999.5e3, 1e6, " ms"}, {999.5, 1e3, " µs"}};

	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		if (fabs(ns) >= units[i].from) {
			print_short(out, size, ns / units[i].ns, units[i].name);
			return;
		}
	}
	print_short(out, size, ns, " ns");
}

/* 1234567 as 1,234,567. */
static void print_grouped(char *out, size_t size, double value)
{
	char digits[40];
	size_t length = (size_t)snprintf(digits, sizeof(digits), "%.0f", fabs(value)), at = 0;

	if (value < 0 && at + 1 < size)
		out[at++] = '-';
	for (size_t i = 0; i < length && at + 2 < size; i++) {
		if (i && (length - i) % 3 == 0)
			out[at++] = ',';
		out[at++] = digits[i];
	}
	out[at] = '\0';
}

const char *compare_format_value(double value, const char *unit, char *buffer, size_t size)
{
	if (!isfinite(value))
		snprintf(buffer, size, "-");
	else if (!strcmp(unit, "ns") || !strcmp(unit, "ns/op"))
		print_time(buffer, size, value);
	else if (fabs(value) >= 999.5 || (value == floor(value) && fabs(value) < 1e15))
		print_grouped(buffer, size, fabs(value) < 1e30 ? value : copysign(1e30, value));
	else
		snprintf(buffer, size, "%.3g", value);
	return buffer;
}

/* "-17.20%" or, from twofold up, "41.2x". */
static int print_ratio(char *out, size_t size, double ratio, int decimals)
{
	if (ratio >= 2)
		return print_short(out, size, ratio, "x");
	return snprintf(out, size, "%+.*f%s", decimals, 100 * (ratio - 1), decimals > 1 ? "%" : "");
}

/* Do the intervals of the two medians stay clear of each other? */
static bool apart(const struct compare_row *row)
{
	return fabs(row->next - row->base) > row->base_half + row->next_half;
}

static bool resolved(const struct compare_row *row)
{
	if (row->verdict == VERDICT_UNCHANGED || row->verdict == VERDICT_INCONCLUSIVE)
		return false;
	if (row->kind == ROW_EXACT)
		return row->base != row->next;
	if (row->n)
		return row->low > 1 || row->high < 1;
	return apart(row);
}

static const char *format_count_change(const struct compare_row *row, char *buffer, size_t size)
{
	if (row->base == row->next)
		snprintf(buffer, size, "=");
	else if (!isfinite(row->ratio))
		snprintf(buffer, size, "was 0");
	else if (row->next == 0)
		snprintf(buffer, size, "-100%%");
	else
		print_ratio(buffer, size, row->ratio, 2);
	return buffer;
}

const char *compare_format_change(const struct compare_row *row, char *buffer, size_t size)
{
	char change[32] = "~", low[32], high[32];

	if (row->kind == ROW_OUTCOME) {
		snprintf(buffer, size, "%s", row->why ? row->why : "");
		return buffer;
	}
	if (row->kind == ROW_EXACT || row->kind == ROW_COUNTER)
		return format_count_change(row, buffer, size);
	if (!isfinite(row->ratio)) {
		snprintf(buffer, size, "-");
		return buffer;
	}
	if (resolved(row))
		print_ratio(change, sizeof(change), row->ratio, 2);
	if (isfinite(row->low)) {
		print_ratio(low, sizeof(low), row->low, 1);
		print_ratio(high, sizeof(high), row->high, 1);
		/* Ends of one kind share the unit of the change; of two kinds, each has its own. */
		snprintf(buffer, size, "%s [%s%s .. %s] n=%zu", change, low,
			 row->low < 2 && row->high >= 2 ? "%" : "", high, row->n);
		if (row->kind == ROW_TIME && row->effect > 0) {
			size_t length = strlen(buffer);

			snprintf(buffer + length, size - length, " d=%.*f", row->effect < 10,
				 row->effect);
		}
	} else if (row->n) {
		snprintf(buffer, size, "%s n=%zu", change, row->n);
	} else {
		snprintf(buffer, size, "%s", change);
	}
	return buffer;
}

struct sentence {
	char *buffer;
	size_t size, length;
	bool has_part;
};

__attribute__((format(printf, 2, 3))) static void say(struct sentence *sentence, const char *fmt,
						      ...)
{
	va_list args;

	if (sentence->length >= sentence->size)
		return;
	va_start(args, fmt);
	sentence->length += (size_t)vsnprintf(sentence->buffer + sentence->length,
					      sentence->size - sentence->length, fmt, args);
	va_end(args);
}

/* "3.1x faster", "4.2% slower". */
static void say_factor(struct sentence *sentence, double ratio, const char *less, const char *more)
{
	double factor = ratio < 1 ? 1 / ratio : ratio;
	const char *word = ratio < 1 ? less : more;

	if (factor < 1.0005)
		say(sentence, "the same");
	else if (factor < 1.1)
		say(sentence, "%.1f%% %s", 100 * (factor - 1), word);
	else
		say(sentence, "%.*fx %s", factor < 10 ? 1 : 0, factor, word);
}

struct tally {
	size_t judged, improved, regressed, unchanged;
	double base, next; /* sums */
	double log_ratios; /* sum, of @ratios rows that are resolved */
	size_t ratios, rows;
};

/* Rows of one metric in the groups that compare the same two values as @first. */
static struct tally tally_pair(const struct comparison *comparison,
			       const struct compare_group *first, enum row_kind kind,
			       const char *metric)
{
	struct tally out = {0};

	for (size_t i = 0; i < comparison->nr_groups; i++) {
		const struct compare_group *group = &comparison->groups[i];

		if (group->base_name != first->base_name || group->next_name != first->next_name)
			continue;
		for (size_t j = 0; j < group->nr_rows; j++) {
			const struct compare_row *row = &group->rows[j];

			if (row->kind != kind || strcmp(row->metric, metric))
				continue;
			out.rows++;
			out.judged += row->verdict != VERDICT_SHOWN;
			out.improved += row->verdict == VERDICT_IMPROVED;
			out.regressed += row->verdict == VERDICT_REGRESSED;
			out.unchanged += row->verdict == VERDICT_UNCHANGED;
			out.base += row->base;
			out.next += row->next;
			if (row->ratio > 0 && resolved(row)) {
				out.log_ratios += log(row->ratio);
				out.ratios++;
			}
		}
	}
	return out;
}

static struct tally tally(const struct comparison *comparison, enum row_kind kind,
			  const char *metric)
{
	return tally_pair(comparison, &comparison->groups[0], kind, metric);
}

static void say_time(struct sentence *sentence, const struct comparison *comparison)
{
	struct tally time = tally(comparison, ROW_TIME, "total");
	const struct compare_geomean *mean = comparison->geomeans;

	if (!time.rows || !comparison->nr_geomeans)
		return;
	/* A figure here would be read as a result. */
	if (!time.judged && !bench_real_time(comparison->groups[0].base)) {
		say(sentence, "times are an emulator's, not judged");
		sentence->has_part = true;
		return;
	}
	say(sentence, "total time ");
	if (time.judged && time.unchanged == time.judged) {
		say(sentence, "not resolved as different (%zu case%s)", time.rows,
		    time.rows == 1 ? "" : "s");
	} else {
		say_factor(sentence, mean->ratio, "faster", "slower");
		if (time.rows > 1)
			say(sentence, " (geomean of %zu cases)", mean->n);
		if (!comparison->paired)
			say(sentence, ", unpaired");
		else if (!time.judged)
			say(sentence, ", not judged");
		else if (!time.improved && !time.regressed)
			say(sentence, ", but inconclusive");
		if (time.improved && time.regressed)
			say(sentence, ", faster in %zu and slower in %zu", time.improved,
			    time.regressed);
	}
	sentence->has_part = true;
}

/* Of a count that operations of an exact run have, if it differs by @least or more. */
static void say_counted(struct sentence *sentence, const struct comparison *comparison,
			const char *metric, const char *words, double least)
{
	struct tally exact = tally(comparison, ROW_EXACT, metric);

	if (!exact.ratios || fabs(exact.log_ratios) < log(least) * (double)exact.ratios)
		return;
	say(sentence, "%s%s ", sentence->has_part ? ", " : "", words);
	say_factor(sentence, exp(exact.log_ratios / (double)exact.ratios), "fewer", "more");
	if (exact.ratios < exact.rows)
		say(sentence, " where they differ (%zu of %zu cases)", exact.ratios, exact.rows);
	else if (exact.rows > 1)
		say(sentence, " (geomean of %zu cases)", exact.rows);
	sentence->has_part = true;
}

/* A count that one side may be free of: "shootdowns 1/310". */
static void say_count(struct sentence *sentence, const struct comparison *comparison,
		      const char *metric, const char *words)
{
	struct tally exact = tally(comparison, ROW_EXACT, metric);

	if (!exact.rows || exact.base == exact.next)
		return;
	say(sentence, "%s%s ", sentence->has_part ? ", " : "", words);
	if (exact.next == 0)
		say(sentence, "none left");
	else if (exact.base == 0)
		say(sentence, "where there were none");
	else if (exact.next < exact.base / 2)
		say(sentence, "1/%.0f", exact.base / exact.next);
	else
		say_factor(sentence, exact.next / exact.base, "fewer", "more");
	sentence->has_part = true;
}

/* The p99.99: purges reach it, what a hypervisor takes away seldom does. */
static void say_slow_free(struct sentence *sentence, const struct comparison *comparison)
{
	struct tally slow = tally(comparison, ROW_SAMPLES, "free.p9999");
	double ratio;

	if (!slow.ratios)
		return;
	ratio = exp(slow.log_ratios / (double)slow.ratios);
	if (ratio < 1.1 && ratio > 1 / 1.1)
		return;
	say(sentence, "%sslowest frees (p99.99) ", sentence->has_part ? ", " : "");
	say_factor(sentence, ratio, "shorter", "longer");
	if (slow.ratios < slow.rows)
		say(sentence, " where resolved (%zu of %zu)", slow.ratios, slow.rows);
	sentence->has_part = true;
}

/* Is @mean of the base that the first one has, and in its unit? */
static bool in_field(const struct comparison *comparison, const struct compare_geomean *mean)
{
	return mean->base_name == comparison->geomeans[0].base_name &&
	       mean->unit == comparison->geomeans[0].unit;
}

/* Are there several values beside one base, each with times? */
static bool is_a_field(const struct comparison *comparison)
{
	size_t n = 0;

	for (size_t i = 0; comparison->paired && i < comparison->nr_geomeans; i++)
		n += in_field(comparison, &comparison->geomeans[i]);
	return n > 1;
}

/* "total time beside slub: slab 3.4x faster (19 cases), slob 2.1x slower (19)". */
static void say_field(struct sentence *sentence, const struct comparison *comparison)
{
	say(sentence, "total time beside %s: ", comparison->geomeans[0].base_name);
	for (size_t i = 0; i < comparison->nr_geomeans; i++) {
		const struct compare_geomean *mean = &comparison->geomeans[i];
		struct compare_group pair = {.base_name = mean->base_name,
					     .next_name = mean->next_name};
		struct tally time = tally_pair(comparison, &pair, ROW_TIME, "total");

		if (!in_field(comparison, mean))
			continue;
		say(sentence, "%s%s ", i ? ", " : "", mean->next_name);
		if (time.judged && time.unchanged == time.judged)
			say(sentence, "not resolved as different");
		else if (time.judged && !time.improved && !time.regressed)
			say(sentence, "inconclusive");
		else
			say_factor(sentence, mean->ratio, "faster", "slower");
		say(sentence,
		    i		   ? " (%zu)"
		    : mean->n == 1 ? " (%zu case)"
				   : " (%zu cases)",
		    mean->n);
	}
}

/* Has an earlier group compared the same two values? */
static bool is_first_pair(const struct comparison *comparison, size_t i)
{
	for (size_t j = 0; j < i; j++) {
		if (comparison->groups[j].base_name == comparison->groups[i].base_name &&
		    comparison->groups[j].next_name == comparison->groups[i].next_name)
			return false;
	}
	return true;
}

/* "instructions beside slub: slab 2.4x fewer (2 cases), slob 3.7x more (2)"; false: no field. */
static bool say_counted_field(struct sentence *sentence, const struct comparison *comparison)
{
	const struct compare_group *first = &comparison->groups[0];
	size_t pairs = 0, said = 0;

	for (size_t i = 0; i < comparison->nr_groups; i++) {
		const struct compare_group *group = &comparison->groups[i];

		if (group->base_name == first->base_name && is_first_pair(comparison, i))
			pairs += tally_pair(comparison, group, ROW_EXACT, "instructions").rows > 0;
	}
	if (pairs < 2 || comparison->nr_geomeans)
		return false;
	say(sentence, "instructions beside %s: ", first->base_name);
	for (size_t i = 0; i < comparison->nr_groups; i++) {
		const struct compare_group *group = &comparison->groups[i];
		struct tally exact = tally_pair(comparison, group, ROW_EXACT, "instructions");

		if (group->base_name != first->base_name || !is_first_pair(comparison, i) ||
		    !exact.rows)
			continue;
		say(sentence, "%s%s ", said ? ", " : "", group->next_name);
		say_factor(sentence,
			   exact.ratios ? exp(exact.log_ratios / (double)exact.ratios) : 1, "fewer",
			   "more");
		say(sentence,
		    said++	      ? " (%zu)"
		    : exact.rows == 1 ? " (%zu case)"
				      : " (%zu cases)",
		    exact.rows);
	}
	return true;
}

const char *compare_headline(const struct comparison *comparison, char *buffer, size_t size)
{
	struct sentence sentence = {.buffer = buffer, .size = size};
	const struct compare_group *first = &comparison->groups[0];

	*buffer = '\0';
	if (!comparison->nr_groups) {
		say(&sentence, "nothing to compare");
		return buffer;
	}
	if (is_a_field(comparison)) {
		say_field(&sentence, comparison);
		return buffer;
	}
	if (say_counted_field(&sentence, comparison))
		return buffer;
	say(&sentence, "%s against %s: ", first->next_name, first->base_name);
	say_time(&sentence, comparison);
	say_counted(&sentence, comparison, "instructions", "instructions", 1);
	say_count(&sentence, comparison, "shootdowns", "shootdowns");
	say_count(&sentence, comparison, "flush_instructions", "flush instructions");
	say_counted(&sentence, comparison, "walk_steps", "steps of page walks", 1.05);
	say_slow_free(&sentence, comparison);
	if (sentence.has_part)
		return buffer;
	if (first->nr_rows && first->rows[0].kind == ROW_OUTCOME)
		say(&sentence, "%s", first->rows[0].why);
	else if (comparison->count[VERDICT_REGRESSED] || comparison->count[VERDICT_IMPROVED])
		say(&sentence, "exact counters differ");
	else
		say(&sentence, "nothing differs");
	return buffer;
}
