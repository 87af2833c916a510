/* SPDX-License-Identifier: GPL-2.0-only */
/* report_night_workload.c - a workload's page of a night: each case's verdict, counts and time. */
#include "html.h"
#include "report_frame.h"
#include "report_night.h"
#include "report_page.h"

#include <math.h>
#include <string.h>

const char *night_tag(const struct night_case *item)
{
	if (item->accepted_reason)
		return "none";
	switch (item->verdict) {
	case NIGHT_REGRESSION:
	case NIGHT_REGRESSION_COUNTED:
	case NIGHT_SLOWDOWN:
		return "bad";
	case NIGHT_IMPROVEMENT:
		return "good";
	case NIGHT_TRADE_OFF:
	case NIGHT_INCONCLUSIVE:
	case NIGHT_NOT_COMPARABLE:
		return "unclear";
	default:
		return "none";
	}
}

void night_figures(const struct night_report *report, const char *workload)
{
	const struct figures *figures = &report->figures;

	if (*figures->missing)
		html(report->out, "<p class=\"banner unclear\">$</p>\n", figures->missing);
	fputs("<div class=grid>\n", report->out);
	for (size_t i = 0; i < figures->n; i++) {
		if (!strcmp(figures->list[i].workload, workload))
			report_figure(report->out, &figures->list[i]);
	}
	fputs("</div>\n", report->out);
}

static void put_again(FILE *out, const struct night_time *time)
{
	struct compare_row row = {.kind = ROW_TIME,
				  .ratio = time->again_ratio,
				  .low = time->again_low,
				  .high = time->again_high,
				  .n = time->n,
				  .verdict = time->again};
	char text[160];

	if (time->again == VERDICT_COUNT)
		fputs("<td>–</td>", out);
	else
		html(out, "<td>$, $</td>", compare_format_change(&row, text, sizeof(text)),
		     verdict_name(time->again));
}

static void put_case(FILE *out, const struct night_case *item)
{
	char base[64], next[64], text[160];
	struct compare_row row = night_time_row(&item->time);
	size_t changed = 0;

	for (size_t i = 0; item->has_exact && i < item->exact.nr_counters; i++)
		changed += item->exact.counters[i].verdict == VERDICT_REGRESSED ||
			   item->exact.counters[i].verdict == VERDICT_IMPROVED;
	html(out, "<tr><th scope=row>$</th><td>$</td><td><span class=\"tag v$\">$</span>$$</td>",
	     *item->label ? item->label : "–", item->target, night_tag(item),
	     night_verdict_name(item->verdict), item->accepted_reason ? " accepted: " : "",
	     item->accepted_reason ? item->accepted_reason : "");
	snprintf(text, sizeof(text), "%zu of %zu changed", changed, item->exact.nr_counters);
	if (!item->has_exact)
		fputs("<td>not counted</td>", out);
	else
		html(out, "<td>$$$</td>", item->exact.nr_counters ? text : "",
		     item->exact.nr_counters && item->exact.why ? ": " : "",
		     item->exact.why ? item->exact.why : "");
	if (!item->has_time) {
		fputs("<td colspan=4>not timed</td></tr>\n", out);
		return;
	}
	html(out, "<td>$ → $</td><td>$</td><td><span class=\"tag v$\">$</span>$$</td>",
	     frame_value(row.base, row.unit, base, sizeof(base)),
	     frame_value(row.next, row.unit, next, sizeof(next)),
	     compare_format_change(&row, text, sizeof(text)), frame_tag(row.verdict),
	     verdict_name(row.verdict), row.why ? " " : "", row.why ? row.why : "");
	put_again(out, &item->time);
	fputs("</tr>\n", out);
}

static void put_cases(const struct night_report *report, const char *workload)
{
	const struct night *night = report->night;
	FILE *out = report->out;

	fputs("<section id=cases>\n<h2>Cases</h2>\n<div class=scroll "
	      "tabindex=0><table>\n<thead><tr>"
	      "<th scope=col>case<th scope=col>target<th scope=col>verdict<th scope=col>counts"
	      "<th scope=col>time of an operation<th scope=col>change, its interval<th scope=col>"
	      "time alone<th scope=col>second invocation</tr></thead>\n<tbody>\n",
	      out);
	for (size_t i = 0; i < night->nr_cases; i++) {
		if (!strcmp(night->cases[i].workload, workload))
			put_case(out, &night->cases[i]);
	}
	fputs("</tbody></table></div>\n</section>\n", out);
}

static void put_counters(FILE *out, const struct night_case *item)
{
	size_t equal = 0;
	char base[64], next[64], text[160];

	html(out,
	     "<details>\n<summary>$: every count</summary>\n<div class=scroll tabindex=0><table>\n"
	     "<thead><tr><th scope=col>counter<th scope=col class=number>reference<th scope=col "
	     "class=number>HEAD<th scope=col>unit<th scope=col>change<th scope=col>verdict</tr>"
	     "</thead>\n<tbody>\n",
	     *item->label ? item->label : item->workload);
	for (size_t i = 0; i < item->exact.nr_counters; i++) {
		const struct night_counter *counter = &item->exact.counters[i];
		struct compare_row row = night_counter_row(counter);

		if (counter->reference == counter->head) {
			equal++;
			continue;
		}
		html(out,
		     "<tr><th scope=row>$</th><td class=number>$</td><td "
		     "class=number>$</td><td>$</td>"
		     "<td>$</td><td><span class=\"tag v$\">$</span></td></tr>\n",
		     counter->name, frame_value(row.base, row.unit, base, sizeof(base)),
		     frame_value(row.next, row.unit, next, sizeof(next)), row.unit,
		     isnan(row.base) || isnan(row.next)
			     ? "one of them does not count it"
			     : compare_format_change(&row, text, sizeof(text)),
		     frame_tag(row.verdict), verdict_name(row.verdict));
	}
	snprintf(text, sizeof(text), "%zu count%s equal", equal, equal == 1 ? "" : "s");
	html(out, "<tr><td colspan=6>$</td></tr>\n</tbody></table></div>\n</details>\n", text);
}

void night_workload(const struct night_report *report, const char *workload)
{
	static const struct report_link links[] = {{"index.html", "Overview"},
						   {"#cases", "Cases"},
						   {"#figures", "Figures"},
						   {"#counts", "Counts"}};
	const struct night *night = report->night;
	FILE *out = report->out;
	char home[128];

	snprintf(home, sizeof(home), "trimm nightly %s", night->id);
	frame_head(out, &(struct report_link){"index.html", home}, workload);
	frame_nav(out, links, sizeof(links) / sizeof(links[0]));
	put_cases(report, workload);
	fputs("<section id=figures>\n<h2>Figures</h2>\n", out);
	night_figures(report, workload);
	fputs("</section>\n<section id=counts>\n<h2>Counts</h2>\n", out);
	for (size_t i = 0; i < night->nr_cases; i++) {
		const struct night_case *item = &night->cases[i];

		if (!strcmp(item->workload, workload) && item->has_exact && item->exact.nr_counters)
			put_counters(out, item);
	}
	fputs("</section>\n", out);
	frame_foot(out);
}
