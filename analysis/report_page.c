/* SPDX-License-Identifier: GPL-2.0-only */
/* report_page.c - head, verdict and frame of a report's page: what it says comes first. */
#include "report_page.h"
#include "exact_table.h"
#include "html.h"
#include "shapes.h"

#include <string.h>

/* analysis/report.css, taken in at build time from the project's root. */
__asm__(".section .rodata\n"
	"report_style: .incbin \"analysis/report.css\"\n"
	".byte 0\n"
	".previous\n");
extern const char report_style[];

static const char *head_text(const struct report *report, const char *key)
{
	const char *text = json_string_value(json_object_get(report->run->head, key));

	return text ? text : "";
}

void report_arm(const struct report *report, const char *name)
{
	char colour[16];

	snprintf(colour, sizeof(colour), "#%06X", plot_arm_colour(report->cases, name));
	html(report->out, "<span class=arm><i style=\"background:$\"></i>$</span>", colour, name);
}

/* A command that would push the verdict off the first screen is folded away. */
#define COMMAND_FOLDED 200

static void put_command(const struct report *report)
{
	const char *command = head_text(report, "command");

	if (strlen(command) < COMMAND_FOLDED)
		html(report->out, "<p><time>$</time>, <code>$</code></p>\n", report->run->started,
		     command);
	else
		html(report->out,
		     "<p><time>$</time></p>\n<details><summary>Command</summary><div "
		     "class=folded><code>$</code></div></details>\n",
		     report->run->started, command);
}

static void put_head(const struct report *report)
{
	const struct run *run = report->run;
	struct shape shapes[SHAPES];

	shapes_judge(run, shapes);
	html(report->out,
	     "<!DOCTYPE html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n"
	     "<meta name=generator content=trimm>\n"
	     "<meta name=viewport content=\"width=device-width,initial-scale=1\">\n"
	     "<meta name=color-scheme content=\"light dark\">\n"
	     "<title>trimm report $</title>\n<style>\n",
	     run->run_id);
	fputs(report_style, report->out);
	html(report->out,
	     "</style>\n</head>\n<body>\n<header>\n<p class=product>trimm report</p>\n"
	     "<h1>$</h1>\n",
	     run->run_id);
	put_command(report);
	fputs("<nav aria-label=Sections><a href=#verdict>Verdict</a> ", report->out);
	if (exact_table_any(report->cases))
		fputs("<a href=#exact>Exact</a> ", report->out);
	if (shapes_any(shapes))
		fputs("<a href=#shapes>Shapes</a> ", report->out);
	fputs("<a href=#figures>Figures</a> <a href=#tables>Tables</a> <a "
	      "href=#harness>Harness</a> "
	      "<a href=#environment>Environment</a> <a href=#counters>Counters</a> "
	      "<a href=#notes>Notes</a> <a href=#files>Files</a></nav>\n</header>\n<main>\n",
	      report->out);
}

static const char *tone(const struct comparison *comparison)
{
	switch (compare_exit_code(comparison)) {
	case 0:
		return "fine";
	case 3:
		return compare_is_trade_off(comparison) ? "unclear" : "bad";
	default:
		return "unclear";
	}
}

static void put_comparison_verdict(const struct report *report, const struct comparison *comparison)
{
	char headline[512], summary[256];

	html(report->out,
	     "<div class=\"verdict $\">\n<p class=headline>$$: $</p>\n<p "
	     "class=summary><code>$</code></p>\n",
	     tone(comparison), compare_is_trade_off(comparison) ? "Trade-off, " : "",
	     comparison->factor, compare_headline(comparison, headline, sizeof(headline)),
	     compare_summary(comparison, summary, sizeof(summary)));
	html(report->out,
	     "<p class=hint>As text: <code>trimm compare $ --by $</code></p>\n</div>\n",
	     report->run->run_id, comparison->factor);
}

enum clock { TIMED, EMULATED, COUNTED, CLOCKS };

static enum clock clock_of(const struct bench *bench)
{
	if (bench_is_exact(bench))
		return COUNTED;
	return bench_real_time(bench) ? TIMED : EMULATED;
}

/* Cases of this clock and of case @first's target; 0 unless it is the first of them. */
static size_t cases_alike(const struct plot_cases *cases, size_t first, enum clock clock)
{
	const char *target = cases->cases[first].arm[0]->target;
	size_t n = 0;

	for (size_t i = 0; i < cases->nr_cases; i++) {
		const struct bench *bench = cases->cases[i].arm[0];

		if (clock_of(bench) != clock || strcmp(bench->target, target) != 0)
			continue;
		if (i < first)
			return 0;
		n++;
	}
	return clock_of(cases->cases[first].arm[0]) == clock ? n : 0;
}

/* What was timed and what was counted, and where; nothing of a run that was all timed. */
static void put_clocks(const struct report *report)
{
	static const char *const words[CLOCKS] = {
		[TIMED] = "timed on the machine's own clock",
		[EMULATED] = "run by an emulator, whose time is not the hardware's: shown, never "
			     "judged",
		[COUNTED] = "counted, not timed (mode=exact)",
	};
	const struct plot_cases *cases = report->cases;
	bool emulated = false, all_timed = true;

	for (size_t i = 0; i < cases->nr_cases; i++) {
		enum clock clock = clock_of(cases->cases[i].arm[0]);

		emulated |= clock == EMULATED;
		all_timed &= clock == TIMED;
	}
	if (all_timed)
		return;
	html(report->out, "<ul class=\"banner $\">\n", emulated ? "unclear" : "plain");
	for (enum clock clock = 0; clock < CLOCKS; clock++) {
		for (size_t i = 0; i < cases->nr_cases; i++) {
			size_t n = cases_alike(cases, i, clock);
			char count[32];

			snprintf(count, sizeof(count), "%zu case%s", n, n == 1 ? "" : "s");
			if (n)
				html(report->out, "<li><b>$ on $</b>: $</li>\n", count,
				     cases->cases[i].arm[0]->target, words[clock]);
		}
	}
	fputs("</ul>\n", report->out);
}

static void put_verdict(const struct report *report)
{
	const struct run *run = report->run;

	fputs("<section id=verdict>\n<h2>Verdict</h2>\n", report->out);
	put_clocks(report);
	if (strcmp(run->status, "ok") != 0)
		html(report->out, "<p class=\"banner $\" role=alert><strong>$$</strong></p>\n",
		     strcmp(run->status, "incomplete") == 0 ? "bad" : "unclear", run->status,
		     strcmp(run->status, "incomplete") == 0
			     ? ": not compared. The run was cut short; what it holds is shown."
			     : ": the run did not end as planned; see the notes.");
	for (size_t i = 0; i < report->nr_comparisons; i++)
		put_comparison_verdict(report, report->comparisons[i]);
	if (!report->nr_comparisons && strcmp(run->status, "incomplete") != 0)
		fputs("<p>This run has nothing to compare: no case has two arms. Its figures and "
		      "counters are shown; two runs are compared by "
		      "<code>trimm compare A B</code>.</p>\n",
		      report->out);
	fputs("</section>\n", report->out);
}

static void put_tables(const struct report *report)
{
	fputs("<section id=tables>\n<h2>Tables</h2>\n", report->out);
	for (size_t i = 0; i < report->nr_comparisons; i++)
		report_comparison(report, report->comparisons[i]);
	if (!report->nr_comparisons)
		fputs("<p>Nothing was compared.</p>\n", report->out);
	fputs("</section>\n", report->out);
}

void report_page(const struct report *report)
{
	put_head(report);
	put_verdict(report);
	if (exact_table_any(report->cases))
		report_exact(report);
	report_shapes(report);
	report_figures(report);
	put_tables(report);
	report_harness(report);
	report_environment(report);
	report_availability(report);
	report_notes(report);
	html(report->out,
	     "<section id=files>\n<h2>Files</h2>\n<p>All records of this run, one JSON object a "
	     "line: <a href=\"$\">$</a>. Beside each figure lie its data (<code>.dat</code>) and "
	     "its script (<code>.gp</code>).</p>\n</section>\n</main>\n</body>\n</html>\n",
	     report->raw, report->raw);
}
