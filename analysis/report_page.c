/* SPDX-License-Identifier: GPL-2.0-only */
/* report_page.c - the index of a run, or of two: verdict first, then what changed. */
#include "report_page.h"
#include "html.h"
#include "report_changes.h"
#include "report_frame.h"

#include <string.h>

static const char *head_text(const struct run *run, const char *key)
{
	const char *text = json_string_value(json_object_get(run->head, key));

	return text ? text : "";
}

void report_arm(const struct report *report, const char *name)
{
	char colour[16];

	if (report->base) {
		html(report->out, "<span class=arm>$</span>", name);
		return;
	}
	snprintf(colour, sizeof(colour), "#%06X", plot_arm_colour(report->cases, name));
	html(report->out, "<span class=arm><i style=\"background:$\"></i>$</span>", colour, name);
}

/* A command that would push the verdict off the first screen is folded away. */
#define COMMAND_FOLDED 200

static void put_command(const struct report *report, const struct run *run)
{
	const char *command = head_text(run, "command");

	if (report->base)
		html(report->out, "<p><b>$</b></p>\n", run->run_id);
	if (strlen(command) < COMMAND_FOLDED)
		html(report->out, "<p><time>$</time>, <code>$</code></p>\n", run->started, command);
	else
		html(report->out,
		     "<p><time>$</time></p>\n<details><summary>Command</summary><div "
		     "class=folded><code>$</code></div></details>\n",
		     run->started, command);
}

const char *report_title(const struct report *report, char *buffer, size_t size)
{
	snprintf(buffer, size, "%s%s%s", report->run->run_id, report->base ? " against " : "",
		 report->base ? report->base->run_id : "");
	return buffer;
}

static void put_head(const struct report *report)
{
	static const struct report_link links[] = {
		{"#verdict", "Verdict"},
		{"#changes", "Changes"},
		{"#workloads", "Workloads"},
		{"#harness", "Harness"},
		{"#environment", "Environment"},
		{"#counters", "Counters"},
		{"#notes", "Notes"},
		{"#files", "Files"},
	};
	char title[200];

	frame_head(report->out, &(struct report_link){NULL, "trimm report"},
		   report_title(report, title, sizeof(title)));
	if (report->base)
		put_command(report, report->base);
	put_command(report, report->run);
	frame_nav(report->out, links, sizeof(links) / sizeof(links[0]));
}

static const char *tone(const struct comparison *comparison)
{
	int code = compare_exit_code(comparison);

	if (compare_is_trade_off(comparison))
		return "unclear";
	/* Two runs whose counts are equal: nothing is wrong, but of their times nobody knows. */
	if (!code && !comparison->paired && comparison->nr_geomeans)
		return "plain";
	return frame_tone(code);
}

static void put_comparison_verdict(const struct report *report, const struct comparison *comparison)
{
	char headline[512], summary[256];

	html(report->out,
	     "<div class=\"verdict $\">\n<p class=headline>$$$$</p>\n<p "
	     "class=summary><code>$</code></p>\n",
	     tone(comparison), compare_is_trade_off(comparison) ? "Trade-off, " : "",
	     comparison->factor ? comparison->factor : "", comparison->factor ? ": " : "",
	     compare_headline(comparison, headline, sizeof(headline)),
	     compare_summary(comparison, summary, sizeof(summary)));
	html(report->out, "<p class=hint>As text: <code>trimm compare $$$$$</code></p>\n</div>\n",
	     report->base ? report->base->run_id : "", report->base ? " " : "", report->run->run_id,
	     comparison->factor ? " --by " : "", comparison->factor ? comparison->factor : "");
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

/* Nothing of a run that went as planned. */
static void put_status(const struct report *report, const struct run *run)
{
	bool incomplete = run && !strcmp(run->status, "incomplete");

	if (!run || !strcmp(run->status, "ok"))
		return;
	html(report->out, "<p class=\"banner $\" role=alert><strong>$$$$</strong></p>\n",
	     incomplete ? "bad" : "unclear", report->base ? run->run_id : "",
	     report->base ? ": " : "", run->status,
	     incomplete ? ": not compared. The run was cut short; what it holds is shown."
			: ": the run did not end as planned; see the notes.");
}

/* What the verdict leaves out, and why. */
static void put_footnotes(const struct report *report)
{
	size_t n = 0;
	char count[64];

	for (size_t i = 0; i < report->nr_comparisons; i++)
		n += report->comparisons[i]->nr_footnotes;
	if (!n)
		return;
	snprintf(count, sizeof(count), "%zu", n);
	html(report->out, "<details>\n<summary>What to know about it: $</summary>\n<ul>\n", count);
	for (size_t i = 0; i < report->nr_comparisons; i++) {
		const struct comparison *comparison = report->comparisons[i];

		for (size_t j = 0; j < comparison->nr_footnotes; j++)
			html(report->out, "<li class=footnote>$</li>\n", comparison->footnotes[j]);
	}
	fputs("</ul>\n</details>\n", report->out);
}

static void put_verdict(const struct report *report)
{
	const struct run *run = report->run;

	fputs("<section id=verdict>\n<h2>Verdict</h2>\n", report->out);
	put_clocks(report);
	put_status(report, report->base);
	put_status(report, run);
	for (size_t i = 0; i < report->nr_comparisons; i++)
		put_comparison_verdict(report, report->comparisons[i]);
	put_footnotes(report);
	if (!report->nr_comparisons && strcmp(run->status, "incomplete") != 0)
		fputs("<p>This run has nothing to compare: no case has two arms. Its figures and "
		      "counters are shown; two runs are compared by "
		      "<code>trimm report A B</code>.</p>\n",
		      report->out);
	fputs("</section>\n", report->out);
}

static void put_changes(const struct report *report)
{
	const struct comparison *first = report->comparisons[0];
	bool one = report->nr_comparisons == 1 && first->nr_groups;

	if (!report->nr_comparisons)
		return;
	for (size_t i = 1; one && i < first->nr_groups; i++)
		one = !strcmp(first->groups[i].base_name, first->groups[0].base_name) &&
		      !strcmp(first->groups[i].next_name, first->groups[0].next_name);
	report_changes(report->out, &report->changes, one ? first->groups[0].base_name : "base",
		       one ? first->groups[0].next_name : "new");
	report_figures(report, "");
}

static void put_files(const struct report *report)
{
	FILE *out = report->out;

	fputs("<section id=files>\n<h2>Files</h2>\n<p>All records, one JSON object a line:", out);
	if (report->base)
		html(out, " <a href=\"$\">$</a> ($),", REPORT_RAW_BASE, REPORT_RAW_BASE,
		     report->base->run_id);
	html(out,
	     " <a href=\"$\">$</a> ($). Beside each figure lie its data (<code>.dat</code>) and "
	     "its script (<code>.gp</code>).</p>\n</section>\n",
	     REPORT_RAW, REPORT_RAW, report->run->run_id);
}

void report_index(const struct report *report)
{
	put_head(report);
	put_verdict(report);
	put_changes(report);
	report_shapes(report);
	report_workloads(report);
	report_harness(report);
	report_environment(report);
	report_availability(report);
	report_notes(report);
	put_files(report);
	frame_foot(report->out);
}
