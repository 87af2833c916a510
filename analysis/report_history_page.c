/* SPDX-License-Identifier: GPL-2.0-only */
/* report_history_page.c - which changes stand, and for each workload its series night by night. */
#include "html.h"
#include "report_changes.h"
#include "report_frame.h"
#include "report_history.h"
#include "report_page.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Of which series, which of its changes: to sort all of them. */
struct told {
	const struct history_series *series;
	const struct history_change *change;
};

static int by_weight(const void *left, const void *right)
{
	const struct told *a = left, *b = right;
	double x = fabs(a->change->change), y = fabs(b->change->change);

	if (a->change->stands != b->change->stands)
		return a->change->stands ? -1 : 1;
	if (a->series->exact != b->series->exact)
		return a->series->exact ? -1 : 1;
	return (y > x) - (x > y);
}

/* All changes of @workload (NULL: of all), the weightiest first; a list for free(). */
static struct told *tell(const struct history *history, const char *workload, size_t *n)
{
	struct told *list;
	size_t most = 0;

	for (size_t i = 0; i < history->nr_series; i++)
		most += history->series[i].nr_changes;
	list = calloc(most + 1, sizeof(*list));
	*n = 0;
	for (size_t i = 0; list && i < history->nr_series; i++) {
		const struct history_series *series = &history->series[i];

		for (size_t c = 0; c < series->nr_changes; c++) {
			if (!workload || !strcmp(workload, series->workload))
				list[(*n)++] = (struct told){series, &series->changes[c]};
		}
	}
	if (list)
		qsort(list, *n, sizeof(*list), by_weight);
	return list;
}

static void put_change(FILE *out, const struct told *told)
{
	const struct history_series *series = told->series;
	const struct history_change *change = told->change;
	const struct history_point *point = &series->points[change->at];
	char page[160], size[32], base[64], next[64];
	const char *unit = series->exact ? series->unit : "";

	snprintf(size, sizeof(size), "%+.2f %%", 100 * change->change);
	html(out, "<tr><th scope=row><a href=\"$\">$$$</a></th><td>$</td><td>$</td>",
	     report_page_name(series->workload, page, sizeof(page)), series->workload,
	     *series->label ? " " : "", series->label, series->exact ? series->metric : "time",
	     isfinite(change->change) ? size : "from 0");
	if (change->accepted)
		html(out, "<td><span class=\"tag vnone\">accepted</span> $</td>", change->accepted);
	else
		html(out, "<td><span class=\"tag v$\">$</span></td>",
		     change->stands  ? "bad"
		     : change->worse ? "unclear"
				     : "good",
		     change->stands  ? "stands"
		     : change->worse ? "undone since"
				     : "better");
	html(out, "<td class=number>$ → $</td><td>$ <code>",
	     frame_value(change->before, unit, base, sizeof(base)),
	     frame_value(change->after, unit, next, sizeof(next)), point->night);
	fprintf(out, "%.12s", point->commit);
	html(out, "</code> $</td></tr>\n", point->subject);
}

static void put_changes(const struct history_report *report, const char *workload)
{
	size_t n, shown;
	struct told *list = tell(report->history, workload, &n);
	FILE *out = report->out;
	char more[128];

	shown = n < REPORT_CHANGES_MAX ? n : REPORT_CHANGES_MAX;
	fputs("<section id=changes>\n<h2>Changes</h2>\n", out);
	if (!n)
		fputs("<p>None was found.</p>\n", out);
	else
		fputs("<div class=scroll tabindex=0><table class=changes>\n<thead><tr><th "
		      "scope=col>case<th scope=col>metric<th scope=col>change<th scope=col>today"
		      "<th scope=col class=number>levels<th scope=col>first night, its commit</tr>"
		      "</thead>\n<tbody>\n",
		      out);
	for (size_t i = 0; i < shown; i++)
		put_change(out, &list[i]);
	if (n)
		fputs("</tbody></table></div>\n", out);
	snprintf(more, sizeof(more),
		 "%zu of %zu are shown; the others are on the workloads' pages.", shown, n);
	if (shown < n)
		html(out, "<p class=footnote>$</p>\n", more);
	fputs("</section>\n", out);
	free(list);
}

static void put_figures(const struct history_report *report, const char *workload)
{
	fputs("<section id=figures>\n<h2>Figures</h2>\n", report->out);
	for (size_t i = 0; i < report->figures.n; i++) {
		if (!strcmp(report->figures.list[i].workload, workload))
			report_figure(report->out, &report->figures.list[i]);
	}
	fputs("</section>\n", report->out);
}

void history_workload(const struct history_report *report, const char *workload)
{
	static const struct report_link links[] = {
		{"index.html", "Overview"}, {"#changes", "Changes"}, {"#figures", "Figures"}};

	frame_head(report->out, &(struct report_link){"index.html", "trimm report --history"},
		   workload);
	frame_nav(report->out, links, sizeof(links) / sizeof(links[0]));
	put_changes(report, workload);
	put_figures(report, workload);
	frame_foot(report->out);
}

static void put_verdict(const struct history_report *report)
{
	const struct history *history = report->history;
	size_t stand = 0, all = 0;
	char text[300];

	for (size_t i = 0; i < history->nr_series; i++) {
		all += history->series[i].nr_changes;
		for (size_t c = 0; c < history->series[i].nr_changes; c++)
			stand += history->series[i].changes[c].stands;
	}
	snprintf(text, sizeof(text), "%zu change%s for the worse stand%s, of %zu found", stand,
		 stand == 1 ? "" : "s", stand == 1 ? "s" : "", all);
	html(report->out,
	     "<section id=verdict>\n<h2>Verdict</h2>\n<div class=\"verdict $\">\n<p "
	     "class=headline>$</p>\n",
	     stand ? "bad" : "fine", text);
	snprintf(text, sizeof(text), "%zu nights, %zu series%s", history->nr_nights,
		 history->nr_series,
		 history->nr_others ? "; nights of other machines are left out" : "");
	html(report->out,
	     "<p class=summary>$</p>\n<p class=hint>As text: <code>trimm trend</code>"
	     "</p>\n</div>\n</section>\n",
	     text);
}

static void put_cards(const struct history_report *report)
{
	FILE *out = report->out;
	char page[160], text[64];

	fputs("<section id=workloads>\n<h2>Workloads</h2>\n<div class=cards>\n", out);
	for (size_t i = 0; i < report->nr_workloads; i++) {
		const char *workload = report->workloads[i];
		size_t changes;

		free(tell(report->history, workload, &changes));
		report_page_name(workload, page, sizeof(page));
		snprintf(text, sizeof(text), "%zu change%s", changes, changes == 1 ? "" : "s");
		html(out,
		     "<article class=card>\n<h3><a href=\"$\">$</a></h3>\n<p class=tally>$</p>\n"
		     "<div class=thumbs>\n",
		     page, workload, text);
		for (size_t f = 0; f < report->figures.n; f++) {
			const struct figure *figure = &report->figures.list[f];

			if (figure->drawn && !strcmp(figure->workload, workload))
				report_thumb(out, page, figure);
		}
		fputs("</div>\n</article>\n", out);
	}
	fputs("</div>\n</section>\n", out);
}

static void put_nights(const struct history_report *report)
{
	const struct history *history = report->history;
	FILE *out = report->out;

	fputs("<section id=nights>\n<h2>Nights</h2>\n<details>\n<summary>All nights, the newest "
	      "first</summary>\n<div class=scroll tabindex=0><table>\n<thead><tr><th "
	      "scope=col>night"
	      "<th scope=col>started<th scope=col>status<th scope=col>HEAD<th scope=col>subject"
	      "<th scope=col>reference</tr></thead>\n<tbody>\n",
	      out);
	for (size_t i = history->nr_nights; i--;) {
		const struct history_night *night = &history->nights[i];

		html(out, "<tr><th scope=row>$</th><td>$</td><td>$</td>", night->night,
		     night->started, night->status);
		fprintf(out, "<td><code>%.12s</code></td>", night->commit);
		html(out, "<td>$</td>", night->subject);
		fprintf(out, "<td><code>%.12s</code></td></tr>\n", night->reference);
	}
	fputs("</tbody></table></div>\n</details>\n<p>One night as pages: <code>trimm report "
	      "--night "
	      "NIGHT</code>. Beside each figure lie its data (<code>.dat</code>) and its script "
	      "(<code>.gp</code>); all values: <code>trimm trend --format csv</code>.</p>\n"
	      "</section>\n",
	      out);
}

void history_index(const struct history_report *report)
{
	static const struct report_link links[] = {{"#verdict", "Verdict"},
						   {"#changes", "Changes"},
						   {"#workloads", "Workloads"},
						   {"#nights", "Nights"}};
	const struct history *history = report->history;

	frame_head(report->out, &(struct report_link){NULL, "trimm report --history"},
		   history->machine ? history->machine : "all machines");
	fputs("<p>Each night measures HEAD beside a pinned reference: what drifts with the machine "
	      "cancels.</p>\n",
	      report->out);
	frame_nav(report->out, links, sizeof(links) / sizeof(links[0]));
	put_verdict(report);
	if (*report->figures.missing)
		html(report->out, "<p class=\"banner unclear\">$</p>\n", report->figures.missing);
	put_changes(report, NULL);
	put_cards(report);
	put_nights(report);
	frame_foot(report->out);
}
