/* SPDX-License-Identifier: GPL-2.0-only */
/* plot_cases.c - cases, sweeps and colours of a run; see plot_cases.h. */
#include "plot_cases.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Parameters swept at once in one workload; more would not fit a label. */
#define DIMENSIONS_MAX 8

const char *plot_arm_name(const struct bench *bench, char *buffer, size_t size)
{
	const char *equals = strchr(bench->arm, '=');

	if (*bench_param(bench, "label", buffer, size))
		return buffer;
	if (!*bench->arm)
		bench_param(bench, "flush", buffer, size);
	else if (equals && !strchr(bench->arm, ','))
		snprintf(buffer, size, "%s", equals + 1);
	else
		snprintf(buffer, size, "%s",
			 bench->arm + (strncmp(bench->arm, "impl=", 5) ? 0 : 5));
	if (!*buffer)
		snprintf(buffer, size, "%s", bench->workload);
	return buffer;
}

#define EAGER_COLOUR   0xD55E00
#define LAZY_COLOUR    0x0072B2
#define UNKNOWN_COLOUR 0x808080
/*
 * Of the palette of Okabe and Ito, which the colour-blind can tell apart; then others that
 * show on white as on black. With more than two arms the points' shapes tell as well.
 */
static const unsigned int palette[] = {0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9,
				       0x9467D8, 0x9A8A2E, 0xC23B4B, 0x5F7F8F};
#define NR_COLOURS (sizeof(palette) / sizeof(palette[0]))

unsigned int plot_arm_colour(const struct plot_cases *cases, const char *name)
{
	for (size_t i = 0; i < cases->nr_names; i++) {
		if (strcmp(cases->names[i], name) == 0)
			return cases->colours[i];
	}
	return UNKNOWN_COLOUR;
}

static bool has_arm(const struct plot_case *at, const char *name)
{
	char other[64];

	for (size_t i = 0; i < at->nr_arms; i++) {
		if (strcmp(plot_arm_name(at->arm[i], other, sizeof(other)), name) == 0)
			return true;
	}
	return false;
}

/* Has a name before name @i, which it meets in some case, this colour? */
static bool colour_is_taken(const struct plot_cases *cases, size_t i, unsigned int colour)
{
	for (const struct plot_case *at = cases->cases; at < cases->cases + cases->nr_cases; at++) {
		for (size_t j = 0; j < i; j++) {
			if (cases->colours[j] == colour && has_arm(at, cases->names[i]) &&
			    has_arm(at, cases->names[j]))
				return true;
		}
	}
	return false;
}

/* In turn, but none that another arm of a case has; those that have their own keep it. */
static void colours_choose(struct plot_cases *cases)
{
	size_t turn = 0;

	for (size_t i = 0; i < cases->nr_names; i++) {
		size_t next = turn;

		if (strcmp(cases->names[i], "eager") == 0) {
			cases->colours[i] = EAGER_COLOUR;
			continue;
		}
		if (strcmp(cases->names[i], "lazy") == 0) {
			cases->colours[i] = LAZY_COLOUR;
			continue;
		}
		while (next < turn + NR_COLOURS - 1 &&
		       colour_is_taken(cases, i, palette[next % NR_COLOURS]))
			next++;
		cases->colours[i] = palette[next % NR_COLOURS];
		turn++;
	}
}

static void name_add(struct plot_cases *cases, const struct bench *bench)
{
	char name[64];

	plot_arm_name(bench, name, sizeof(name));
	for (size_t i = 0; i < cases->nr_names; i++) {
		if (strcmp(cases->names[i], name) == 0)
			return;
	}
	strcpy(cases->names[cases->nr_names++], name);
}

static bool has_data(const struct bench *bench)
{
	return strcmp(bench->workload, "null") != 0 &&
	       (bench->nr_samples || bench->nr_hists ||
		(bench_is_exact(bench) && bench->nr_counters));
}

static void case_add(struct plot_cases *cases, const struct bench *bench)
{
	struct plot_case *last = cases->nr_cases ? &cases->cases[cases->nr_cases - 1] : NULL;

	if (!last || last->arm[0]->case_id != bench->case_id) {
		last = &cases->cases[cases->nr_cases++];
		last->workload = bench->workload;
	}
	if (last->nr_arms < PLOT_ARMS_MAX)
		last->arm[last->nr_arms++] = bench;
}

static json_t *param_of(const struct plot_case *at, const char *name)
{
	return json_object_get(at->arm[0]->params, name);
}

static bool same_param(const struct plot_case *a, const struct plot_case *b, const char *name)
{
	json_t *left = param_of(a, name), *right = param_of(b, name);

	return left == right || json_equal(left, right);
}

static bool same_workload(const struct plot_case *a, const struct plot_case *b)
{
	return strcmp(a->workload, b->workload) == 0;
}

/* In what the cases of a workload differ: one name for each way. */
struct dimensions {
	const struct plot_case *of; /* any case of the workload */
	size_t n;
	const char *name[DIMENSIONS_MAX];
};

static bool same_but(const struct dimensions *dimensions, const struct plot_case *a,
		     const struct plot_case *b, const char *but)
{
	for (size_t i = 0; i < dimensions->n; i++) {
		const char *name = dimensions->name[i];

		if ((!but || strcmp(name, but) != 0) && !same_param(a, b, name))
			return false;
	}
	return true;
}

/*
 * A parameter that the dimensions before it decide is none of its own: lazy_max_pages is
 * worked out from cpus, and a sweep over cpus stays one sweep.
 */
static void dimension_add(const struct plot_cases *cases, struct dimensions *dimensions,
			  const char *name)
{
	const struct plot_case *end = cases->cases + cases->nr_cases;

	if (dimensions->n == DIMENSIONS_MAX)
		return;
	for (const struct plot_case *a = cases->cases; a < end; a++) {
		for (const struct plot_case *b = cases->cases; b < a; b++) {
			if (same_workload(a, dimensions->of) && same_workload(b, dimensions->of) &&
			    !same_param(a, b, name) && same_but(dimensions, a, b, NULL)) {
				dimensions->name[dimensions->n++] = name;
				return;
			}
		}
	}
}

/* What people sweep comes first, so that it is never taken for a consequence. */
static void dimensions_read(const struct plot_cases *cases, const struct plot_case *of,
			    struct dimensions *dimensions)
{
	const char *name;
	json_t *value;

	*dimensions = (struct dimensions){.of = of};
	dimension_add(cases, dimensions, "nr_pages");
	dimension_add(cases, dimensions, "cpus");
	json_object_foreach (of->arm[0]->params, name, value)
		dimension_add(cases, dimensions, name);
}

/* "nr_pages=1 cpus=2", without @but. */
static void label_write(const struct dimensions *dimensions, const struct plot_case *at,
			const char *but, char *label, size_t size)
{
	size_t used = 0;
	char text[64];

	label[0] = '\0';
	for (size_t i = 0; i < dimensions->n && used < size; i++) {
		const char *name = dimensions->name[i];

		if (but && strcmp(name, but) == 0)
			continue;
		used += (size_t)snprintf(label + used, size - used, "%s%s=%s", used ? " " : "",
					 name, bench_param(at->arm[0], name, text, sizeof(text)));
	}
}

static int by_x(const void *a, const void *b)
{
	const struct plot_point *left = a, *right = b;

	return (left->x > right->x) - (left->x < right->x);
}

/* The sweep over @param that begins at @first, unless @first lies within an earlier one. */
static int sweep_add(struct plot_cases *cases, const struct dimensions *dimensions,
		     const struct plot_case *first, const char *param)
{
	struct plot_sweep *sweep = &cases->sweeps[cases->nr_sweeps];

	for (const struct plot_case *at = cases->cases; at < first; at++) {
		if (same_workload(at, first) && same_but(dimensions, at, first, param))
			return 0;
	}
	*sweep = (struct plot_sweep){.workload = first->workload};
	sweep->points = calloc(cases->nr_cases, sizeof(*sweep->points));
	if (!sweep->points)
		return -ENOMEM;
	snprintf(sweep->param, sizeof(sweep->param), "%s", param);
	label_write(dimensions, first, param, sweep->label, sizeof(sweep->label));
	for (size_t i = 0; i < cases->nr_cases; i++) {
		const struct plot_case *at = &cases->cases[i];

		if (same_workload(at, first) && same_but(dimensions, at, first, param) &&
		    json_is_number(param_of(at, param)))
			sweep->points[sweep->n++] =
				(struct plot_point){json_number_value(param_of(at, param)), at};
	}
	qsort(sweep->points, sweep->n, sizeof(*sweep->points), by_x);
	if (sweep->n > 1 && sweep->points[0].x < sweep->points[sweep->n - 1].x)
		cases->nr_sweeps++;
	else
		free(sweep->points);
	return 0;
}

static int sweeps_read(struct plot_cases *cases)
{
	struct dimensions dimensions = {0};

	cases->sweeps = calloc(cases->nr_cases * DIMENSIONS_MAX + 1, sizeof(*cases->sweeps));
	if (!cases->sweeps)
		return -ENOMEM;
	for (size_t i = 0; i < cases->nr_cases; i++) {
		struct plot_case *at = &cases->cases[i];

		if (!dimensions.of || !same_workload(dimensions.of, at))
			dimensions_read(cases, at, &dimensions);
		label_write(&dimensions, at, NULL, at->label, sizeof(at->label));
		for (size_t d = 0; d < dimensions.n; d++) {
			if (sweep_add(cases, &dimensions, at, dimensions.name[d]))
				return -ENOMEM;
		}
	}
	return 0;
}

int plot_cases_read(const struct run *run, struct plot_cases *cases)
{
	size_t room = run->nr_benches + 1;

	*cases = (struct plot_cases){.run = run};
	cases->cases = calloc(room, sizeof(*cases->cases));
	cases->names = calloc(room, sizeof(*cases->names));
	cases->colours = calloc(room, sizeof(*cases->colours));
	if (!cases->cases || !cases->names || !cases->colours)
		goto out_free;
	for (size_t i = 0; i < run->nr_benches; i++) {
		if (!has_data(&run->benches[i]))
			continue;
		name_add(cases, &run->benches[i]);
		case_add(cases, &run->benches[i]);
	}
	colours_choose(cases);
	if (sweeps_read(cases))
		goto out_free;
	return 0;

out_free:
	plot_cases_free(cases);
	return -ENOMEM;
}

void plot_cases_free(struct plot_cases *cases)
{
	for (size_t i = 0; i < cases->nr_sweeps; i++)
		free(cases->sweeps[i].points);
	free(cases->sweeps);
	free(cases->cases);
	free(cases->names);
	free(cases->colours);
	*cases = (struct plot_cases){0};
}
