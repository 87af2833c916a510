/* SPDX-License-Identifier: GPL-2.0-only */
/* night_print.c - see night_print.h. */
#include "night_print.h"
#include "html.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

/* Enough of a commit to know it by. */
#define SHORT 12
/* Counters that are named of a case; the night's file has all. */
#define COUNTERS_MAX 4

struct text {
	char *at;
	size_t left;
};

static void add(struct text *text, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void add(struct text *text, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(text->at, text->left, fmt, args);
	va_end(args);
	if (n < 0)
		return;
	if ((size_t)n >= text->left)
		n = text->left ? (int)text->left - 1 : 0;
	text->at += n;
	text->left -= n;
}

static double percent(double ratio)
{
	return 100 * (ratio - 1);
}

static void add_counters(struct text *text, const struct night_exact *exact)
{
	size_t n = 0;

	for (size_t i = 0; i < exact->nr_counters; i++) {
		const struct night_counter *counter = &exact->counters[i];

		if (counter->verdict != VERDICT_REGRESSED && counter->verdict != VERDICT_IMPROVED)
			continue;
		if (n++ >= COUNTERS_MAX)
			continue;
		add(text, "%s%s %.10g -> %.10g", n > 1 ? ", " : "", counter->name,
		    counter->reference, counter->head);
		if (counter->reference > 0 && isfinite(counter->head))
			add(text, " (%+.1f %%)", percent(counter->head / counter->reference));
	}
	if (n > COUNTERS_MAX)
		add(text, " and %zu more", n - COUNTERS_MAX);
	if (!n && exact->verdict != VERDICT_UNCHANGED)
		add(text, "counts %s%s%s", verdict_name(exact->verdict), exact->why ? ": " : "",
		    exact->why ? exact->why : "");
}

static void add_time(struct text *text, const struct night_time *time)
{
	if (isnan(time->ratio)) {
		add(text, "time %s%s%s", verdict_name(time->verdict), time->why ? ": " : "",
		    time->why ? time->why : "");
		return;
	}
	add(text, "time %+.1f %%", percent(time->ratio));
	if (!isnan(time->low))
		add(text, " (%+.1f to %+.1f %%)", percent(time->low), percent(time->high));
	if (time->again != VERDICT_COUNT && !isnan(time->again_ratio))
		add(text, ", again %+.1f %%", percent(time->again_ratio));
}

const char *night_changes(const struct night_case *item, char *buffer, size_t size)
{
	struct text text = {buffer, size};

	*buffer = 0;
	if (item->has_exact)
		add_counters(&text, &item->exact);
	if (item->has_time) {
		if (*buffer)
			add(&text, "; ");
		add_time(&text, &item->time);
	}
	return buffer;
}

/* Cases of each verdict that is worth a line, worst first; SKIPPED last. */
typedef void case_fn(const struct night *night, const struct night_case *item, FILE *out);

static size_t each_case(const struct night *night, case_fn *each, FILE *out)
{
	size_t n = 0;

	for (enum night_verdict verdict = 0; verdict < NIGHT_VERDICTS; verdict++) {
		for (size_t i = 0; i < night->nr_cases; i++) {
			const struct night_case *item = &night->cases[i];

			if (item->verdict != verdict || verdict == NIGHT_NO_DIFFERENCE)
				continue;
			if (each)
				each(night, item, out);
			n++;
		}
	}
	return n;
}

static void print_case(const struct night *night, const struct night_case *item, FILE *out)
{
	char changes[1024];

	(void)night;
	fprintf(out, "%s%s%s: %s: %s", item->workload, *item->label ? " " : "", item->label,
		night_verdict_name(item->verdict), night_changes(item, changes, sizeof(changes)));
	if (item->accepted_commit)
		fprintf(out, " [accepted since %.*s: %s]", SHORT, item->accepted_commit,
			item->accepted_reason ? item->accepted_reason : "");
	fputc('\n', out);
}

void night_print_text(const struct night *night, FILE *out)
{
	fprintf(out, "night %s: HEAD %.*s \"%s\" against %.*s \"%s\"\n", night->id, SHORT,
		night->head.commit, night->head.subject, SHORT, night->reference.commit,
		night->reference.subject);
	if (night->why)
		fprintf(out, "%s: %s\n", night->status, night->why);
	each_case(night, print_case, out);
	fprintf(out, "%s\n", night->summary);
}

/* A cell: what would end it, or begin markup, is taken literally. */
static void put_cell(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (strchr("|\\`*_<[", *text))
			fputc('\\', out);
		fputc((unsigned char)*text < ' ' ? ' ' : *text, out);
	}
}

static void put_row(const struct night *night, const struct night_case *item, FILE *out)
{
	char changes[1024];

	(void)night;
	fputs("| ", out);
	put_cell(out, item->workload);
	fputs(" ", out);
	put_cell(out, item->label);
	fprintf(out, " | %s%s | ", night_verdict_name(item->verdict),
		item->accepted_commit ? ", accepted" : "");
	put_cell(out, night_changes(item, changes, sizeof(changes)));
	fputs(" |\n", out);
}

static void put_commit(FILE *out, const char *what, const struct night_commit *commit)
{
	fprintf(out, "- %s `%.*s` ", what, SHORT, commit->commit);
	put_cell(out, commit->subject ? commit->subject : "");
	fprintf(out, "%s\n", commit->dirty ? " (as committed; its checkout was changed)" : "");
}

void night_print_markdown(const struct night *night, FILE *out)
{
	const char *summary = strchr(night->summary, ' ');

	fprintf(out, "### Night %s:%s\n\n", night->id, summary ? summary : "");
	put_commit(out, "HEAD", &night->head);
	put_commit(out, "Reference", &night->reference);
	fputs("- Suite ", out);
	put_cell(out, night->suite);
	fprintf(out, ", %zu cases, threshold %.3g %%, gate %s\n", night->nr_cases,
		100 * night->threshold, night_gate_name(night->gate));
	if (night->why) {
		fprintf(out, "- %s: ", night->status);
		put_cell(out, night->why);
		fputc('\n', out);
	}
	fputc('\n', out);
	if (!each_case(night, NULL, out))
		return;
	fputs("| case | verdict | HEAD against the reference |\n|---|---|---|\n", out);
	each_case(night, put_row, out);
	fputs("\nCounts are exact. Time is the median of several processes with its family-wise "
	      "95 % interval; it is slower only if that lies beyond the threshold twice.\n",
	      out);
}

static bool is_failure(const struct night *night, const struct night_case *item)
{
	if (item->accepted_commit)
		return false;
	switch (item->verdict) {
	case NIGHT_REGRESSION:
		return true;
	case NIGHT_REGRESSION_COUNTED:
		return night->gate != GATE_TIME;
	case NIGHT_SLOWDOWN:
		return night->gate != GATE_EXACT;
	default:
		return false;
	}
}

static bool is_skipped(const struct night_case *item)
{
	return item->verdict == NIGHT_INCONCLUSIVE || item->verdict == NIGHT_NOT_COMPARABLE ||
	       item->verdict == NIGHT_SKIPPED || item->verdict == NIGHT_TRADE_OFF;
}

static void put_test(const struct night *night, const struct night_case *item, FILE *out)
{
	bool failed = is_failure(night, item);
	char changes[1024];

	html(out, "  <testcase classname=\"trimm.$\" name=\"$\"", item->workload,
	     *item->label ? item->label : item->workload);
	if (!failed && !is_skipped(item)) {
		fputs("/>\n", out);
		return;
	}
	html(out, ">\n    <$ message=\"$: $\"/>\n  </testcase>\n", failed ? "failure" : "skipped",
	     night_verdict_name(item->verdict), night_changes(item, changes, sizeof(changes)));
}

void night_print_junit(const struct night *night, FILE *out)
{
	bool broken = strcmp(night->status, "ok");
	size_t failed = 0, skipped = 0;
	char tests[32], failures[32], skips[32];

	for (size_t i = 0; i < night->nr_cases; i++) {
		failed += is_failure(night, &night->cases[i]);
		skipped += is_skipped(&night->cases[i]) && !is_failure(night, &night->cases[i]);
	}
	snprintf(tests, sizeof(tests), "%zu", night->nr_cases + broken);
	snprintf(failures, sizeof(failures), "%zu", failed);
	snprintf(skips, sizeof(skips), "%zu", skipped);
	html(out,
	     "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
	     " <testsuite name=\"trimm nightly $\" timestamp=\"$\" tests=\"$\" failures=\"$\" "
	     "errors=\"$\" skipped=\"$\">\n",
	     night->id, night->started, tests, failures, broken ? "1" : "0", skips);
	if (broken)
		html(out,
		     "  <testcase classname=\"trimm\" name=\"night\">\n"
		     "    <error message=\"$: $\"/>\n  </testcase>\n",
		     night->status, night->why ? night->why : "");
	for (size_t i = 0; i < night->nr_cases; i++)
		put_test(night, &night->cases[i], out);
	fputs(" </testsuite>\n</testsuites>\n", out);
}
