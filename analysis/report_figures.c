/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * report_figures.c - the figures of a report: those that span cases in full, those of one
 * case folded away where there are many cases.
 */
#include "report_page.h"
#include "html.h"

#include <string.h>

void report_figure(FILE *out, const struct figure *figure)
{
	html(out, "<figure id=$>\n", figure->name);
	if (figure->own)
		html(out,
		     "<div class=scroll tabindex=0><object type=\"image/svg+xml\" data=\"$.svg\" "
		     "aria-label=\"$\"></object></div>\n",
		     figure->name, figure->title);
	else if (figure->drawn)
		html(out,
		     "<div class=scroll tabindex=0><a href=\"$.svg\"><img src=\"$.svg\" alt=\"$\" "
		     "loading=lazy></a></div>\n",
		     figure->name, figure->name, figure->title);
	else
		html(out, "<p class=missing>Not drawn$: $</p>\n",
		     figure->left_out ? ", being one of very many (the command below draws it)"
				      : "",
		     figure->title);
	html(out, "<figcaption><b>How to read:</b> $ ", figure->how);
	if (*figure->command)
		html(out, "<span class=repeat>Measure again: <code>$</code></span> ",
		     figure->command);
	if (figure->own)
		html(out,
		     "<span class=repeat><a href=\"$.svg\">The figure alone</a>, "
		     "<a href=\"$.dat\">folded stacks</a> with the weights of both arms</span>",
		     figure->name, figure->name);
	else
		html(out,
		     "<span class=repeat>Draw again: <code>gnuplot $.gp</code> "
		     "(<a href=\"$.gp\">script</a>, <a href=\"$.dat\">data</a>)</span>",
		     figure->name, figure->name, figure->name);
	fputs("</figcaption>\n</figure>\n", out);
}

static bool same_place(const struct figure *a, const struct figure *b)
{
	return strcmp(a->workload, b->workload) == 0 && strcmp(a->label, b->label) == 0;
}

/* Those of the case of these figures; none if they span cases. */
static void put_probes(const struct report *report, const struct figure *figure)
{
	const struct plot_cases *cases = report->cases;
	bool any = false;

	for (size_t i = 0; i < cases->nr_cases; i++) {
		const struct plot_case *at = &cases->cases[i];

		if (!any && !strcmp(at->workload, figure->workload) &&
		    !strcmp(at->label, figure->label)) {
			report_probes(report, at);
			any = true;
		}
	}
}

/* Figures i.. of one case; returns the first that is not. */
static size_t put_case(const struct report *report, size_t i)
{
	const struct figures *figures = report->figures;
	const struct figure *first = &figures->list[i];
	bool folded = *first->label;

	if (folded)
		html(report->out, "<details>\n<summary>$</summary>\n", first->label);
	fputs("<div class=grid>\n", report->out);
	for (; i < figures->n && same_place(&figures->list[i], first); i++)
		report_figure(report->out, &figures->list[i]);
	fputs("</div>\n", report->out);
	put_probes(report, first);
	if (folded)
		fputs("</details>\n", report->out);
	return i;
}

void report_figures(const struct report *report, const char *workload)
{
	const struct figures *figures = report->figures;

	if (*figures->missing)
		html(report->out, "<p class=\"banner unclear\">$</p>\n", figures->missing);
	for (size_t i = 0; i < figures->n;) {
		if (strcmp(figures->list[i].workload, workload) != 0)
			i++;
		else
			i = put_case(report, i);
	}
}
