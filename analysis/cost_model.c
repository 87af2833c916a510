/* SPDX-License-Identifier: GPL-2.0-only */
/* cost_model.c - see cost_model.h. */
#include "cost_model.h"
#include "compare.h"
#include "exact_table.h"

#include <math.h>
#include <string.h>

const struct cost_term_info cost_term_info[COST_TERMS] = {
#define COST_TERM(name, label, about) {#name, label, about},
#include "cost_terms.def"
#undef COST_TERM
};

enum { LABEL_WIDTH = 34, CELL_WIDTH = 12 };

/* Per operation; 0 if it was not counted. */
static double counted(const struct bench *bench, const char *name)
{
	double value = exact_cell(bench, name);

	return isnan(value) ? 0 : value;
}

static void price(struct cost_model *model, enum cost_term_name name, double count, double unit)
{
	struct cost_term *term = &model->term[name];

	*term = (struct cost_term){count, unit, 0};
	if (!(count > 0))
		return;
	if (isnan(unit)) {
		model->whole = false;
		return;
	}
	term->ns = count * unit;
	model->ns += term->ns;
}

/*
 * A flush interrupts as many CPUs as mmcore counted for it on average. On bare metal what
 * the flush does to its own CPU is priced by its instructions; in user space the host's
 * call is all of it, with CPUs to interrupt or without.
 */
static void price_flushes(struct cost_model *model, const struct calibration *calibration,
			  const struct bench *bench)
{
	bool user = !strcmp(bench->target, "user");
	double flushes = counted(bench, "flush_range") + counted(bench, "flush_full");
	double interrupts = counted(bench, "shootdowns");

	if (!user && !(interrupts > 0))
		flushes = 0;
	price(model, COST_TERM_flushes, flushes,
	      flushes > 0 ? calibration_at(calibration, user ? UNIT_COST_shootdown : UNIT_COST_ipi,
					   interrupts / flushes)
			  : NAN);
}

void cost_model_of(const struct calibration *calibration, const struct bench *bench,
		   struct cost_model *model)
{
	*model = (struct cost_model){.whole = true};
	price(model, COST_TERM_dtlb_misses, counted(bench, "dtlb_misses"),
	      calibration_at(calibration, UNIT_COST_stlb_hit, 0));
	price(model, COST_TERM_walk_steps, counted(bench, "walk_steps"),
	      calibration_at(calibration, UNIT_COST_walk, 0));
	price(model, COST_TERM_invlpg, counted(bench, "invlpg"),
	      calibration_at(calibration, UNIT_COST_invlpg, 0));
	price(model, COST_TERM_cr3_writes, counted(bench, "cr3_writes"),
	      calibration_at(calibration, UNIT_COST_cr3_reload, 0));
	price(model, COST_TERM_cr4_writes, counted(bench, "cr4_writes"),
	      calibration_at(calibration, UNIT_COST_pge_toggle, 0) / 2);
	price_flushes(model, calibration, bench);
}

/* The counters of the plugin: without them there is nothing to price. */
static bool is_modelled(const struct bench *bench)
{
	return bench_is_exact(bench) && !isnan(exact_cell(bench, "walk_steps"));
}

bool cost_model_applies(const struct plot_cases *cases)
{
	for (size_t i = 0; i < cases->nr_cases; i++)
		for (size_t a = 0; a < cases->cases[i].nr_arms; a++)
			if (is_modelled(cases->cases[i].arm[a]))
				return true;
	return false;
}

void cost_model_print_constants(const struct calibration *calibration, const char *before,
				const char *after, FILE *out)
{
	static const enum unit_cost_name used[] = {
		UNIT_COST_stlb_hit,   UNIT_COST_walk, UNIT_COST_invlpg,	  UNIT_COST_cr3_reload,
		UNIT_COST_pge_toggle, UNIT_COST_ipi,  UNIT_COST_shootdown};
	char value[64];

	for (size_t u = 0; u < sizeof(used) / sizeof(used[0]); u++) {
		for (size_t i = 0; i < calibration->n; i++) {
			const struct unit_cost *cost = &calibration->cost[i];
			const char *name = unit_cost_info[used[u]].name;

			if (cost->name != used[u])
				continue;
			fprintf(out, "%s%s", before, name);
			if (isnan(cost->value)) {
				fprintf(out, ": not calibrated%s", after);
				continue;
			}
			if (*unit_cost_info[used[u]].at)
				fprintf(out, " of %.0f CPU%s", cost->at, cost->at == 1 ? "" : "s");
			fprintf(out, ": %s, from %s%s",
				compare_format_value(cost->value, "ns", value, sizeof(value)),
				cost->source, after);
		}
	}
}

/* Less than this in whole is not worth a line. */
#define LEAST_NS 1

static bool worth_a_line(const struct cost_model *model)
{
	return !model->whole || model->ns >= LEAST_NS;
}

static void print_arm(const struct cost_model *model, const struct plot_case *at,
		      const struct bench *bench, const bool *shown, FILE *out)
{
	char label[400], own[256], name[64], cell[80];
	int width;

	plot_arm_name(bench, name, sizeof(name));
	exact_label(at, own, sizeof(own));
	snprintf(label, sizeof(label), "%s %s%s%s", at->workload, own, *own ? " " : "", name);
	fprintf(out, "%-*s", LABEL_WIDTH, label);
	/* A long one has a line of its own, so that the columns stay put. */
	if (strlen(label) > LABEL_WIDTH)
		fprintf(out, "\n%*s", LABEL_WIDTH, "");
	for (unsigned int i = 0; i < COST_TERMS; i++) {
		const struct cost_term *term = &model->term[i];

		if (!shown[i])
			continue;
		if (term->count > 0 && isnan(term->unit))
			snprintf(cell, sizeof(cell), "?");
		else if (term->count > 0)
			compare_format_value(term->ns, "ns", cell, sizeof(cell));
		else
			snprintf(cell, sizeof(cell), "-");
		/* A micro sign is two bytes and one column. */
		width = CELL_WIDTH + (strstr(cell, "µ") ? 1 : 0);
		fprintf(out, "%*s", width, cell);
	}
	compare_format_value(model->ns, "ns", name, sizeof(name));
	snprintf(cell, sizeof(cell), "%s%s", model->whole ? "" : ">= ", name);
	width = CELL_WIDTH + (strstr(cell, "µ") ? 1 : 0);
	fprintf(out, "%*s\n", width, cell);
}

/* The terms that any line has, and how many arms are not worth one. */
static size_t choose(const struct calibration *calibration, const struct plot_cases *cases,
		     bool *shown)
{
	size_t left_out = 0;

	for (size_t i = 0; i < cases->nr_cases; i++) {
		for (size_t a = 0; a < cases->cases[i].nr_arms; a++) {
			const struct bench *bench = cases->cases[i].arm[a];
			struct cost_model model;

			if (!is_modelled(bench))
				continue;
			cost_model_of(calibration, bench, &model);
			left_out += !worth_a_line(&model);
			for (unsigned int t = 0; t < COST_TERMS && worth_a_line(&model); t++)
				shown[t] |= model.term[t].count > 0;
		}
	}
	return left_out;
}

static void print_table(const struct calibration *calibration, const struct plot_cases *cases,
			FILE *out)
{
	bool shown[COST_TERMS] = {false};
	size_t left_out = choose(calibration, cases, shown);

	fprintf(out, "%*s", LABEL_WIDTH, "");
	for (unsigned int i = 0; i < COST_TERMS; i++)
		if (shown[i])
			fprintf(out, "%*s", CELL_WIDTH, cost_term_info[i].label);
	fprintf(out, "%*s\n", CELL_WIDTH, "sum");
	for (size_t i = 0; i < cases->nr_cases; i++) {
		const struct plot_case *at = &cases->cases[i];

		for (size_t a = 0; a < at->nr_arms; a++) {
			struct cost_model model;

			if (!is_modelled(at->arm[a]))
				continue;
			cost_model_of(calibration, at->arm[a], &model);
			if (worth_a_line(&model))
				print_arm(&model, at, at->arm[a], shown, out);
		}
	}
	if (left_out)
		fprintf(out, "%zu arm%s more: below %d ns\n", left_out, left_out == 1 ? "" : "s",
			LEAST_NS);
	fputs("\n", out);
}

void cost_model_print(const struct calibration *calibration, const struct plot_cases *cases,
		      FILE *out)
{
	if (!cost_model_applies(cases))
		return;
	if (!calibration) {
		fputs("`trimm calibrate` measures what misses and flushes cost on this machine; "
		      "then these counts get a modelled time\n",
		      out);
		return;
	}
	fprintf(out,
		"MODELLED, not measured: time per operation, counts x unit costs of machine %s "
		"(%s)\ninstructions are not priced; ?: not calibrated\n\n",
		calibration->machine, calibration->measured);
	print_table(calibration, cases, out);
	cost_model_print_constants(calibration, "constant ", "\n", out);
}
