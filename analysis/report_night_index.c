/* SPDX-License-Identifier: GPL-2.0-only */
/* report_night_index.c - the first page of a night: verdict, the two commits, what changed. */
#include "html.h"
#include "report_changes.h"
#include "report_frame.h"
#include "report_night.h"
#include "report_page.h"

#include <stdlib.h>
#include <string.h>

static void put_commit(FILE *out, const char *what, const struct night_commit *commit)
{
	char shown[13];

	snprintf(shown, sizeof(shown), "%s", commit->commit);
	html(out, "<tr><th scope=row>$</th><td><code>$</code></td><td>$$</td><td>$</td></tr>\n",
	     what, shown, commit->subject, commit->dirty ? " (with uncommitted changes)" : "",
	     commit->author_date);
}

static void put_head(const struct night_report *report)
{
	static const struct report_link links[] = {
		{"#verdict", "Verdict"},
		{"#changes", "Changes"},
		{"#workloads", "Workloads"},
		{"#sides", "The two sides"},
		{"#environment", "Environment"},
		{"#counters", "Counters"},
		{"#files", "Files"},
	};
	const struct night *night = report->night;
	FILE *out = report->out;

	frame_head(out, &(struct report_link){NULL, "trimm nightly"}, night->id);
	html(out, "<p><time>$</time>, suite $, <code>$</code></p>\n", night->started, night->suite,
	     night->repo);
	frame_nav(out, links, sizeof(links) / sizeof(links[0]));
}

/* "2 regression (confirmed), 1 trade-off; 37 no difference". */
static void put_headline(const struct night_report *report)
{
	const struct night *night = report->night;
	size_t count[NIGHT_VERDICTS] = {0};
	bool any = false;
	char text[128];

	for (size_t i = 0; i < night->nr_cases; i++)
		count[night->cases[i].verdict]++;
	fputs("<p class=headline>", report->out);
	for (enum night_verdict verdict = 0; verdict < NIGHT_VERDICTS; verdict++) {
		if (!count[verdict])
			continue;
		snprintf(text, sizeof(text), "%zu × %s", count[verdict],
			 night_verdict_name(verdict));
		html(report->out, "$$", any ? ", " : "", text);
		any = true;
	}
	fputs(any ? "</p>\n" : "Nothing was judged</p>\n", report->out);
}

static void put_verdict(const struct night_report *report)
{
	const struct night *night = report->night;
	FILE *out = report->out;
	char summary[256], threshold[32];

	fputs("<section id=verdict>\n<h2>Verdict</h2>\n", out);
	if (strcmp(night->status, "ok") != 0)
		html(out, "<p class=\"banner $\" role=alert><strong>$$$</strong></p>\n",
		     strcmp(night->status, "failed") ? "unclear" : "bad", night->status,
		     night->why ? ": " : "", night->why ? night->why : "");
	html(out, "<div class=\"verdict $\">\n", frame_tone(night->exit));
	put_headline(report);
	snprintf(threshold, sizeof(threshold), "%.3g %%", 100 * night->threshold);
	html(out,
	     "<p class=summary><code>$</code></p>\n<p class=hint>HEAD against the pinned "
	     "reference; "
	     "time matters from $ on, or three times the noise of two equal builds; the exit code "
	     "follows $.</p>\n</div>\n",
	     night_summary(night, summary, sizeof(summary)), threshold,
	     night->gate == GATE_EXACT	? "counts"
	     : night->gate == GATE_TIME ? "time"
					: "counts and time");
	fputs("</section>\n", out);
}

static void put_accepted(const struct night_report *report)
{
	const struct night *night = report->night;
	FILE *out = report->out;
	size_t n = 0;

	for (size_t i = 0; i < night->nr_cases; i++) {
		const struct night_case *item = &night->cases[i];

		if (!item->accepted_reason)
			continue;
		if (!n++)
			fputs("<h3>Accepted <span class=where>known, and not counted against "
			      "HEAD</span></h3>\n<ul>\n",
			      out);
		html(out, "<li>$ $: $, $ (<code>$</code>)</li>\n", item->workload, item->label,
		     night_verdict_name(item->verdict), item->accepted_reason,
		     item->accepted_commit ? item->accepted_commit : "");
	}
	if (n)
		fputs("</ul>\n", out);
}

static void put_card(const struct night_report *report, const char *workload)
{
	const struct night *night = report->night;
	size_t cases = 0, count[NIGHT_VERDICTS] = {0};
	const char *tag[NIGHT_VERDICTS] = {NULL};
	FILE *out = report->out;
	char page[160], text[128];

	for (size_t i = 0; i < night->nr_cases; i++) {
		const struct night_case *item = &night->cases[i];

		if (strcmp(item->workload, workload) != 0)
			continue;
		cases++;
		count[item->verdict]++;
		tag[item->verdict] = night_tag(item);
	}
	report_page_name(workload, page, sizeof(page));
	snprintf(text, sizeof(text), "%zu case%s", cases, cases == 1 ? "" : "s");
	html(out, "<article class=card>\n<h3><a href=\"$\">$</a></h3>\n<p class=tally>$", page,
	     workload, text);
	for (enum night_verdict verdict = 0; verdict < NIGHT_VERDICTS; verdict++) {
		snprintf(text, sizeof(text), "%zu %s", count[verdict], night_verdict_name(verdict));
		if (count[verdict])
			html(out, " <span class=\"tag v$\">$</span>", tag[verdict], text);
	}
	fputs("</p>\n<div class=thumbs>\n", out);
	for (size_t i = 0; i < report->figures.n; i++) {
		const struct figure *figure = &report->figures.list[i];

		if (figure->drawn && !strcmp(figure->workload, workload))
			report_thumb(out, page, figure);
	}
	fputs("</div>\n</article>\n", out);
}

/* The arm of a run that is of this commit's build, or NULL. */
static const json_t *build_of(const struct night_report *report, const char *arm)
{
	for (size_t i = 0; i < report->nr_runs; i++) {
		const struct run *run = report->runs[i];

		for (size_t b = 0; b < run->nr_benches; b++) {
			const json_t *build = json_object_get(run->benches[b].json, "build");

			if (build && strstr(run->benches[b].arm, arm))
				return build;
		}
	}
	return NULL;
}

static void put_build(FILE *out, const char *what, const json_t *build)
{
	const char *id = json_string_value(json_object_get(build, "id"));
	json_t *settings = json_object_get(build, "settings"), *value;
	const char *name;

	if (!build)
		return;
	html(out, "<tr><th scope=row>$</th><td>build <code>$</code></td><td colspan=2>", what,
	     id ? id : "unknown");
	json_object_foreach (settings, name, value) {
		char *text = json_dumps(value, JSON_ENCODE_ANY);

		html(out, "$=$ ", name, text ? text : "");
		free(text);
	}
	fputs("</td></tr>\n", out);
}

static void put_sides(const struct night_report *report)
{
	const struct night *night = report->night;
	FILE *out = report->out;

	fputs("<section id=sides>\n<h2>The two sides</h2>\n"
	      "<p>Both memory cores ran in one process, under the same workloads, on the same "
	      "kernel and machine: only the commits differ.</p>\n"
	      "<div class=scroll tabindex=0><table class=facts>\n<tbody>\n",
	      out);
	put_commit(out, "reference", &night->reference);
	put_build(out, "reference", build_of(report, "reference"));
	put_commit(out, "HEAD", &night->head);
	put_build(out, "HEAD", build_of(report, "head"));
	fputs("</tbody></table></div>\n</section>\n", out);
}

static void put_runs(const struct night_report *report)
{
	FILE *out = report->out;

	fputs("<section id=environment>\n<h2>Environment</h2>\n", out);
	if (!report->nr_runs)
		fputs("<p>The runs of this night are no longer there: nothing is known.</p>\n",
		      out);
	else
		report_facts(out, report->runs[report->nr_runs - 1]);
	fputs("</section>\n<section id=counters>\n<h2>What could not be counted, and why</h2>\n",
	      out);
	for (size_t i = 0; i < report->nr_runs; i++) {
		html(out, "<h3>$</h3>\n", report->runs[i]->run_id);
		report_outcomes(out, report->runs[i]);
	}
	fputs("</section>\n<section id=files>\n<h2>Files</h2>\n<ul>\n", out);
	if (report->night->path)
		fputs("<li><a href=\"night.json\">night.json</a>: all of the above</li>\n", out);
	for (size_t i = 0; i < report->nr_runs; i++)
		html(out,
		     "<li><a href=\"$.ndjson\">$.ndjson</a>: <code>trimm report $</code></li>\n",
		     report->runs[i]->run_id, report->runs[i]->run_id, report->runs[i]->run_id);
	fputs("</ul>\n</section>\n", out);
}

void night_index(const struct night_report *report)
{
	FILE *out = report->out;

	put_head(report);
	put_verdict(report);
	report_changes(out, &report->changes, "reference", "HEAD");
	put_accepted(report);
	night_figures(report, "");
	fputs("<section id=workloads>\n<h2>Workloads</h2>\n<div class=cards>\n", out);
	for (size_t i = 0; i < report->nr_workloads; i++)
		put_card(report, report->workloads[i]);
	fputs("</div>\n</section>\n", out);
	put_sides(report);
	put_runs(report);
	frame_foot(out);
}
