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

		html(out, "<th scope=col class=number>$ <span class=unit>$$</span>", counter->name,
		     counter->unit, exact_per_operation(counter) ? "" : ", in all");
	}
	fputs("</tr></thead>\n<tbody>\n", out);
}

static void put_arm(const struct report *report, const struct plot_case *at,
		    const struct bench *bench, const struct exact_columns *columns)
{
	char label[256], name[64], cell[64];

	html(report->out, "<tr><th scope=row>$</th><td>",
	     *exact_label(at, label, sizeof(label)) ? label : "–");
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

static void put_table(const struct report *report, const char *workload, const char *caption,
		      const struct exact_columns *columns)
{
	const struct plot_cases *cases = report->cases;

	html(report->out, "<div class=scroll tabindex=0><table>\n<caption>$</caption>\n", caption);
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

static size_t exact_arms(const struct plot_case *at)
{
	size_t n = 0;

	for (size_t a = 0; a < at->nr_arms; a++)
		n += bench_is_exact(at->arm[a]);
	return n;
}

/* What all flushes and misses of an operation would take; "–" where nothing has a price. */
static void put_modelled(const struct report *report, const struct bench *bench)
{
	struct cost_model model;
	char cell[64];

	cost_model_of(report->calibration, bench, &model);
	html(report->out, "<td class=number>$$</td>", model.whole ? "" : "≥ ",
	     compare_format_value(model.ns, "ns", cell, sizeof(cell)));
}

static void put_headlines_of(const struct report *report, const struct plot_case *at,
			     const struct exact_headline *const *shown, size_t n)
{
	char label[256], name[64], cell[64];
	size_t arms = exact_arms(at);
	FILE *out = report->out;

	snprintf(cell, sizeof(cell), "%zu", arms);
	for (size_t a = 0; a < arms; a++) {
		fputs(a ? "<tr>" : "<tr class=first>", out);
		if (!a)
			html(out, "<th scope=rowgroup rowspan=$>$</th>", cell,
			     *exact_label(at, label, sizeof(label)) ? label : "–");
		fputs("<td>", out);
		report_arm(report, plot_arm_name(at->arm[a], name, sizeof(name)));
		fputs("</td>", out);
		for (size_t i = 0; i < n; i++) {
			char value[64];

			html(out, "<td class=number>$</td>",
			     compare_format_value(shown[i]->value(at->arm[a]), "", value,
						  sizeof(value)));
		}
		if (report->calibration)
			put_modelled(report, at->arm[a]);
		fputs("</tr>\n", out);
	}
}

static void put_headlines(const struct report *report, const char *workload,
			  const struct exact_headline *const *shown, size_t n)
{
	const struct plot_cases *cases = report->cases;
	FILE *out = report->out;

	fputs("<div class=scroll tabindex=0><table class=counted>\n<thead><tr><th scope=col>case"
	      "<th scope=col>arm",
	      out);
	for (size_t i = 0; i < n; i++)
		html(out, "<th scope=col class=number>$", shown[i]->label);
	if (report->calibration)
		fputs("<th scope=col class=number>misses and flushes <span class=unit>modelled "
		      "time</span>",
		      out);
	fputs("</tr></thead>\n<tbody>\n", out);
	for (size_t i = 0; i < cases->nr_cases; i++) {
		if (!strcmp(cases->cases[i].workload, workload))
			put_headlines_of(report, &cases->cases[i], shown, n);
	}
	fputs("</tbody></table></div>\n", out);
}

/* "kernel", "user": where it ran. */
static const char *target_of(const struct plot_cases *cases, const char *workload)
{
	for (size_t i = 0; i < cases->nr_cases; i++) {
		const struct bench *bench = cases->cases[i].arm[0];

		if (bench_is_exact(bench) && !strcmp(cases->cases[i].workload, workload))
			return bench->target;
	}
	return "";
}

static void put_workload(const struct report *report, const char *workload)
{
	const struct exact_headline *shown[EXACT_HEADLINES_MAX];
	struct exact_columns modelled, own;
	size_t n;

	exact_columns_read(report->cases, workload, true, &modelled);
	exact_columns_read(report->cases, workload, false, &own);
	n = exact_headlines(report->cases, workload, shown);
	if (modelled.n)
		put_headlines(report, workload, shown, n);
	else
		fputs("<p>No emulator watched: only the allocator's own events were "
		      "counted.</p>\n",
		      report->out);
	if (!modelled.n && !own.n)
		return;
	fputs("<details>\n<summary>Every count, per operation</summary>\n", report->out);
	if (modelled.n)
		put_table(report, workload, "What the emulator counted", &modelled);
	if (own.n)
		put_table(report, workload, "The allocator's own events", &own);
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

static void put_model(const struct report *report, const char *workload)
{
	const struct plot_cases *cases = report->cases;
	FILE *out = report->out;

	fputs("<div class=scroll tabindex=0><table>\n<thead><tr><th scope=col>case<th scope=col>"
	      "arm",
	      out);
	for (unsigned int i = 0; i < COST_TERMS; i++)
		html(out, "<th scope=col class=number>$ <span class=unit>modelled</span>",
		     cost_term_info[i].label);
	fputs("<th scope=col class=number>sum <span class=unit>modelled</span></tr></thead>\n"
	      "<tbody>\n",
	      out);
	for (size_t i = 0; i < cases->nr_cases; i++) {
		const struct plot_case *at = &cases->cases[i];

		if (strcmp(at->workload, workload) != 0)
			continue;
		for (size_t a = 0; a < at->nr_arms && bench_is_exact(at->arm[a]); a++) {
			struct cost_model model;
			char label[256], name[64];

			cost_model_of(report->calibration, at->arm[a], &model);
			html(out, "<tr><th scope=row>$ $</th><td>", at->workload,
			     exact_label(at, label, sizeof(label)));
			report_arm(report, plot_arm_name(at->arm[a], name, sizeof(name)));
			fputs("</td>", out);
			put_terms(report, &model);
			fputs("</tr>\n", out);
		}
	}
	fputs("</tbody></table></div>\n", out);
}

static void put_cost_model(const struct report *report, const char *workload)
{
	if (!cost_model_applies(report->cases))
		return;
	fputs("<h3>Modelled time</h3>\n", report->out);
	if (!report->calibration) {
		fputs("<p><code>trimm calibrate</code> measures what misses and flushes cost on "
		      "the machine of this run; then the counts get a modelled time here.</p>\n",
		      report->out);
		return;
	}
	html(report->out,
	     "<p>No clock ran: the last column of each table is its counts times unit costs that "
	     "<code>trimm calibrate</code> measured on machine <code>$</code> at $. Instructions "
	     "have no price in it, so it says what misses and flushes cost, not what an operation "
	     "takes; ≥ where a count has no price on that machine.</p>\n",
	     report->calibration->machine, report->calibration->measured);
	fputs("<details>\n<summary>What each sum consists of</summary>\n", report->out);
	put_model(report, workload);
	fputs("</details>\n<details>\n<summary>The constants, and what they were read off"
	      "</summary>\n<ul>\n",
	      report->out);
	cost_model_print_constants(report->calibration, "<li>", "</li>\n", report->out);
	fputs("</ul>\n</details>\n", report->out);
}

bool report_has_exact(const struct report *report, const char *workload)
{
	const struct plot_cases *cases = report->cases;

	for (size_t i = 0; i < cases->nr_cases; i++) {
		if (!strcmp(cases->cases[i].workload, workload) &&
		    bench_is_exact(cases->cases[i].arm[0]))
			return true;
	}
	return false;
}

void report_exact(const struct report *report, const char *workload)
{
	char model[128];

	html(report->out,
	     "<section id=exact>\n<h2>Exact: counted, not timed, on $</h2>\n"
	     "<p>These runs were executed by an emulator that counts every instruction and "
	     "every memory access between two marks. Nothing here is a time: the numbers are "
	     "what one operation takes, they are the same each time the run is repeated on any "
	     "machine, and a change of 1 instruction shows. Lower is better.</p>\n",
	     target_of(report->cases, workload));
	if (*exact_tlb_model(report->cases, model, sizeof(model)))
		html(report->out,
		     "<p>The accesses are fed to a model of a TLB: <code>$</code>. A dTLB miss "
		     "missed its first level, an "
		     "STLB miss its second level too, and then walked the page tables: a walk step "
		     "reads one entry. A full flush drops every translation of a CPU, by toggling "
		     "CR4.PGE or by writing CR3.</p>\n",
		     model);
	put_workload(report, workload);
	put_cost_model(report, workload);
	fputs("</section>\n", report->out);
}
