/* SPDX-License-Identifier: GPL-2.0-only */
/* report_exact.c - a report's section on what was counted instead of timed. */
#include "exact_table.h"
#include "html.h"
#include "report_page.h"

#include <math.h>
#include <string.h>

static void put_heads(FILE *out, const struct exact_columns *columns)
{
	fputs("<thead><tr><th scope=col>case<th scope=col>arm", out);
	for (size_t i = 0; i < columns->n; i++) {
		const struct counter *counter = columns->counter[i];

		html(out, "<th scope=col>$ <span class=unit>$$</span>", counter->name,
		     counter->unit, exact_per_operation(counter) ? "" : ", in all");
	}
	fputs("</tr></thead>\n<tbody>\n", out);
}

static void put_arm(const struct report *report, const struct plot_case *at,
		    const struct bench *bench, const struct exact_columns *columns)
{
	char name[64], cell[64];

	html(report->out, "<tr><th scope=row>$</th><td>", *at->label ? at->label : at->workload);
	report_arm(report, plot_arm_name(bench, name, sizeof(name)));
	fputs("</td>", report->out);
	for (size_t i = 0; i < columns->n; i++) {
		const struct counter *counter = columns->counter[i];
		const struct counter *own = bench_counter(bench, "exact", counter->name);

		compare_format_value(exact_cell(bench, counter->name), counter->unit, cell,
				     sizeof(cell));
		html(report->out, "<td class=number>$$</td>", cell,
		     own && !own->stable ? " (unstable)" : "");
	}
	fputs("</tr>\n", report->out);
}

static void put_table(const struct report *report, const char *workload,
		      const struct exact_columns *columns)
{
	const struct plot_cases *cases = report->cases;

	fputs("<div class=scroll tabindex=0><table>\n", report->out);
	put_heads(report->out, columns);
	for (size_t i = 0; i < cases->nr_cases; i++) {
		const struct plot_case *at = &cases->cases[i];

		for (size_t a = 0; a < at->nr_arms && !strcmp(at->workload, workload); a++) {
			if (bench_is_exact(at->arm[a]))
				put_arm(report, at, at->arm[a], columns);
		}
	}
	fputs("</tbody></table></div>\n", report->out);
}

static void put_workload(const struct report *report, const char *workload)
{
	struct exact_columns columns;

	html(report->out, "<h3>$</h3>\n", workload);
	exact_columns_read(report->cases, workload, true, &columns);
	if (columns.n)
		put_table(report, workload, &columns);
	else
		fputs("<p>No emulator watched: only the allocator's own events were "
		      "counted.</p>\n",
		      report->out);
	exact_columns_read(report->cases, workload, false, &columns);
	if (!columns.n)
		return;
	fputs("<details>\n<summary>The allocator's own events, per operation</summary>\n",
	      report->out);
	put_table(report, workload, &columns);
	fputs("</details>\n", report->out);
}

void report_exact(const struct report *report)
{
	const struct plot_cases *cases = report->cases;
	const char *workload = "";
	char model[128];

	fputs("<section id=exact>\n<h2>Exact: counted, not timed</h2>\n"
	      "<p>These runs were executed by an emulator that counts every instruction and "
	      "every memory access between two marks, and feeds the accesses to a model of a "
	      "TLB. Nothing here is a time: the numbers are what one operation takes, they are "
	      "the same each time the run is repeated on any machine, and a change of 1 "
	      "instruction shows. Lower is better.</p>\n",
	      report->out);
	if (*exact_tlb_model(cases, model, sizeof(model)))
		html(report->out,
		     "<p>The modelled TLB: <code>$</code>. <code>dtlb_misses</code> missed its "
		     "first level, <code>stlb_misses</code> its second level too, and each of "
		     "those walked the page tables in <code>walk_steps</code> reads.</p>\n",
		     model);
	for (size_t i = 0; i < cases->nr_cases; i++) {
		if (!bench_is_exact(cases->cases[i].arm[0]) ||
		    !strcmp(cases->cases[i].workload, workload))
			continue;
		workload = cases->cases[i].workload;
		put_workload(report, workload);
	}
	fputs("</section>\n", report->out);
}
