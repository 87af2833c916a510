/* SPDX-License-Identifier: GPL-2.0-only */
/* report_exact.c - a report's section on what was counted instead of timed. */
#include "cost_model.h"
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

static void put_terms(const struct report *report, const struct cost_model *model)
{
	char cell[64];

	for (unsigned int i = 0; i < COST_TERMS; i++) {
		const struct cost_term *term = &model->term[i];

		if (term->count > 0 && isnan(term->unit))
			snprintf(cell, sizeof(cell), "not calibrated");
		else if (term->count > 0)
			compare_format_value(term->ns, "ns", cell, sizeof(cell));
		else
			snprintf(cell, sizeof(cell), "–");
		html(report->out, "<td class=number>$</td>", cell);
	}
	html(report->out, "<td class=number><b>$$</b></td>", model->whole ? "" : "at least ",
	     compare_format_value(model->ns, "ns", cell, sizeof(cell)));
}

static void put_model(const struct report *report)
{
	const struct plot_cases *cases = report->cases;
	FILE *out = report->out;

	fputs("<div class=scroll tabindex=0><table>\n<caption>Modelled, not measured: time of "
	      "translations and flushes per operation</caption>\n<thead><tr><th scope=col>case"
	      "<th scope=col>arm",
	      out);
	for (unsigned int i = 0; i < COST_TERMS; i++)
		html(out, "<th scope=col>$ <span class=unit>modelled</span>",
		     cost_term_info[i].label);
	fputs("<th scope=col>sum <span class=unit>modelled</span></tr></thead>\n<tbody>\n", out);
	for (size_t i = 0; i < cases->nr_cases; i++) {
		const struct plot_case *at = &cases->cases[i];

		for (size_t a = 0; a < at->nr_arms && bench_is_exact(at->arm[a]); a++) {
			struct cost_model model;
			char name[64];

			cost_model_of(report->calibration, at->arm[a], &model);
			html(out, "<tr><th scope=row>$ $</th><td>", at->workload, at->label);
			report_arm(report, plot_arm_name(at->arm[a], name, sizeof(name)));
			fputs("</td>", out);
			put_terms(report, &model);
			fputs("</tr>\n", out);
		}
	}
	fputs("</tbody></table></div>\n", out);
}

static void put_cost_model(const struct report *report)
{
	if (!cost_model_applies(report->cases))
		return;
	fputs("<h3>Modelled cost</h3>\n", report->out);
	if (!report->calibration) {
		fputs("<p><code>trimm calibrate</code> measures what misses and flushes cost on "
		      "the machine of this run; then the counts get a modelled time here.</p>\n",
		      report->out);
		return;
	}
	html(report->out,
	     "<p>No clock ran: these are the counts above times unit costs that <code>trimm "
	     "calibrate</code> measured on machine <code>$</code> at $. Instructions have no price "
	     "in it, so a sum says what translations and flushes cost, not what an operation "
	     "takes.</p>\n",
	     report->calibration->machine, report->calibration->measured);
	put_model(report);
	fputs("<details>\n<summary>The constants, and what they were read off</summary>\n<ul>\n",
	      report->out);
	cost_model_print_constants(report->calibration, "<li>", "</li>\n", report->out);
	fputs("</ul>\n</details>\n", report->out);
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
	put_cost_model(report);
	fputs("</section>\n", report->out);
}
