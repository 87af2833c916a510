/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * report_workload.c - workloads on a report's pages: as cards on the index, each with its verdicts
 * and its first figures, small; and the page of one.
 */
#include "html.h"
#include "report_changes.h"
#include "report_frame.h"
#include "report_page.h"

#include <string.h>

/* Small figures of a card, and of all cards: more would be no index. */
#define THUMBS_MAX     6
#define THUMBS_ALL_MAX 120

struct tally {
	size_t cases, worse, better;
};

static struct tally tally_of(const struct report *report, const char *workload)
{
	const struct plot_cases *cases = report->cases;
	struct tally tally = {0};

	for (size_t i = 0; i < cases->nr_cases; i++)
		tally.cases += !strcmp(cases->cases[i].workload, workload);
	for (size_t i = 0; i < report->changes.n; i++) {
		const struct change *change = &report->changes.list[i];

		if (strcmp(change->workload, workload) != 0)
			continue;
		tally.worse += change->row.verdict == VERDICT_REGRESSED;
		tally.better += change->row.verdict == VERDICT_IMPROVED;
	}
	return tally;
}

static void put_tally(FILE *out, const struct tally *tally)
{
	char text[64];

	snprintf(text, sizeof(text), "%zu case%s", tally->cases, tally->cases == 1 ? "" : "s");
	html(out, "<p class=tally>$", text);
	snprintf(text, sizeof(text), "%zu worse", tally->worse);
	if (tally->worse)
		html(out, " <span class=\"tag vbad\">$</span>", text);
	snprintf(text, sizeof(text), "%zu better", tally->better);
	if (tally->better)
		html(out, " <span class=\"tag vgood\">$</span>", text);
	if (!tally->worse && !tally->better)
		fputs(" <span class=vnone>nothing that is judged changed</span>", out);
	fputs("</p>\n", out);
}

void report_thumb(FILE *out, const char *page, const struct figure *figure)
{
	html(out,
	     "<a class=thumb href=\"$#$\"><img src=\"$.svg\" alt=\"$\" loading=lazy width=210 "
	     "height=140></a>\n",
	     page, figure->name, figure->name, figure->title);
}

/* The first ones that were drawn, @most of them. */
static void put_thumbs(const struct report *report, const char *workload, const char *page,
		       size_t most)
{
	const struct figures *figures = report->figures;
	size_t shown = 0;

	for (size_t i = 0; i < figures->n && shown < most; i++) {
		const struct figure *figure = &figures->list[i];

		if (strcmp(figure->workload, workload) || !figure->drawn)
			continue;
		if (!shown++)
			fputs("<div class=thumbs>\n", report->out);
		report_thumb(report->out, page, figure);
	}
	if (shown)
		fputs("</div>\n", report->out);
}

static size_t thumbs_of_a_card(const struct report *report)
{
	size_t each = report->nr_workloads ? THUMBS_ALL_MAX / report->nr_workloads : 0;

	return each < THUMBS_MAX ? each : THUMBS_MAX;
}

void report_workloads(const struct report *report)
{
	FILE *out = report->out;

	fputs("<section id=workloads>\n<h2>Workloads</h2>\n", out);
	if (!report->nr_workloads)
		fputs("<p>The run holds nothing that could be drawn.</p>\n", out);
	fputs("<div class=cards>\n", out);
	for (size_t i = 0; i < report->nr_workloads; i++) {
		const char *workload = report->workloads[i];
		struct tally tally = tally_of(report, workload);
		char page[160];

		report_page_name(workload, page, sizeof(page));
		html(out, "<article class=card>\n<h3><a href=\"$\">$</a></h3>\n", page, workload);
		put_tally(out, &tally);
		put_thumbs(report, workload, page, thumbs_of_a_card(report));
		fputs("</article>\n", out);
	}
	fputs("</div>\n</section>\n", out);
}

static void put_ways(const struct report *report, const char *workload)
{
	static const struct report_link tables = {"#tables", "Tables"},
					figures = {"#figures", "Figures"},
					exact = {"#exact", "Exact"};
	struct report_link links[4] = {{"index.html", "Overview"}};
	size_t n = 1;

	if (report_has_exact(report, workload))
		links[n++] = exact;
	links[n++] = figures;
	if (report->nr_comparisons)
		links[n++] = tables;
	frame_nav(report->out, links, n);
}

void report_workload(const struct report *report, const char *workload)
{
	struct tally tally = tally_of(report, workload);
	FILE *out = report->out;
	char title[200], home[256];

	snprintf(home, sizeof(home), "trimm report %s", report_title(report, title, sizeof(title)));
	frame_head(out, &(struct report_link){"index.html", home}, workload);
	put_tally(out, &tally);
	put_thumbs(report, workload, "", 4 * THUMBS_MAX);
	put_ways(report, workload);
	if (report_has_exact(report, workload))
		report_exact(report, workload);
	fputs("<section id=figures>\n<h2>Figures</h2>\n", out);
	report_figures(report, workload);
	fputs("</section>\n", out);
	if (report->nr_comparisons) {
		fputs("<section id=tables>\n<h2>Tables</h2>\n", out);
		for (size_t i = 0; i < report->nr_comparisons; i++)
			report_comparison(report, report->comparisons[i], workload);
		fputs("</section>\n", out);
	}
	frame_foot(out);
}
