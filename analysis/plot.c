/* SPDX-License-Identifier: GPL-2.0-only */
/* plot.c - which figures a run gives; see plot.h. */
#include "plot.h"
#include "plot_command.h"
#include "plot_figures.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Metrics of single operations that get figures of their own, in this order. */
static const char *const metrics[] = {"free", "alloc"};
#define NR_METRICS (sizeof(metrics) / sizeof(metrics[0]))
/* Probes whose stacks are drawn. */
#define FLAMES	      4
#define CASE_FIGURES  (5 * NR_METRICS + 9 + FLAMES)
#define SWEEP_FIGURES 6

struct plotter {
	struct plot_target target;
	struct figures *out;
	int err; /* first that is no matter of missing data */
};

/* @err is what the function that wrote the script and data of the next figure returned. */
static void add(struct plotter *plotter, int err)
{
	if (err && err != -ENODATA && !plotter->err)
		plotter->err = err;
	if (err || plotter->err)
		return;
	plotter->out->n++;
}

static struct figure *next(struct plotter *plotter, const struct plot_case *at,
			   const struct plot_sweep *sweep)
{
	struct figure *figure = &plotter->out->list[plotter->out->n];

	*figure = (struct figure){.how = ""};
	plot_command(plotter->target.cases->run, at, sweep, figure->command,
		     sizeof(figure->command));
	return figure;
}

/* The same, of what probes saw: the command that has them in. */
static struct figure *next_traced(struct plotter *plotter, const struct plot_case *at)
{
	struct figure *figure = next(plotter, at, NULL);
	const struct trace *trace = &at->arm[0]->trace;
	char plain[sizeof(figure->command)];
	size_t used = 0, room = sizeof(figure->command);
	bool stacks = false, events = false;

	for (size_t a = 0; a < at->nr_arms; a++) {
		stacks |= at->arm[a]->trace.nr_stacks > 0;
		events |= at->arm[a]->trace.nr_events > 0;
	}
	if (!trace->nr_probes || !*figure->command)
		return figure;
	strcpy(plain, figure->command);
	for (size_t i = 0; i < trace->nr_probes && used < room; i++)
		used += (size_t)snprintf(figure->command + used, room - used, "%s%s",
					 i ? "," : "trimm trace ", trace->probes[i].name);
	if (used < room)
		used += (size_t)snprintf(figure->command + used, room - used, "%s%s -- %s",
					 stacks ? " --stacks" : "", events ? " --events" : "",
					 plain);
	/* Cut short it would be another command. */
	if (used >= room)
		figure->command[0] = '\0';
	return figure;
}

static void plot_sweeps(struct plotter *plotter, const char *workload)
{
	const struct plot_cases *cases = plotter->target.cases;

	for (size_t i = 0; i < cases->nr_sweeps; i++) {
		const struct plot_sweep *sweep = &cases->sweeps[i];

		if (strcmp(sweep->workload, workload) != 0)
			continue;
		add(plotter, plot_counted(&plotter->target, sweep,
					  next(plotter, sweep->points[0].at, sweep)));
		if (strcmp(sweep->param, "cpus") == 0) {
			add(plotter, plot_scaling(&plotter->target, sweep,
						  next(plotter, sweep->points[0].at, sweep)));
		} else {
			add(plotter, plot_crossover(&plotter->target, sweep,
						    next(plotter, sweep->points[0].at, sweep)));
			add(plotter, plot_tradeoff(&plotter->target, sweep,
						   next(plotter, sweep->points[0].at, sweep)));
			add(plotter,
			    plot_threshold_sweep(&plotter->target, sweep,
						 next(plotter, sweep->points[0].at, sweep)));
			add(plotter, plot_cost(&plotter->target, sweep,
					       next(plotter, sweep->points[0].at, sweep)));
			add(plotter, plot_held(&plotter->target, sweep,
					       next(plotter, sweep->points[0].at, sweep)));
		}
	}
}

static void plot_maps(struct plotter *plotter, const char *workload)
{
	const struct plot_target *target = &plotter->target;

	for (size_t i = 0; i < target->cases->nr_cases; i++) {
		const struct plot_case *at = &target->cases->cases[i];

		struct figure *figure;

		if (strcmp(at->workload, workload) != 0)
			continue;
		figure = next(plotter, at, NULL);
		/* That is one case's. */
		figure->command[0] = '\0';
		add(plotter, plot_map(target, at, figure));
	}
}

static void plot_each_case(struct plotter *plotter, const char *workload)
{
	const struct plot_target *target = &plotter->target;

	for (size_t i = 0; i < target->cases->nr_cases; i++) {
		const struct plot_case *at = &target->cases->cases[i];

		if (strcmp(at->workload, workload) != 0)
			continue;
		add(plotter, plot_threshold_arms(target, at, next(plotter, at, NULL)));
		add(plotter, plot_series(target, at, next(plotter, at, NULL)));
		add(plotter, plot_stalls(target, at, next(plotter, at, NULL)));
		add(plotter, plot_shootdown(target, at, next(plotter, at, NULL)));
		add(plotter, plot_ipi(target, at, "call", next_traced(plotter, at)));
		add(plotter, plot_ipi(target, at, "reschedule", next_traced(plotter, at)));
		add(plotter, plot_purges(target, at, next_traced(plotter, at)));
		for (size_t m = 0; m < NR_METRICS; m++) {
			add(plotter,
			    plot_spectrum(target, at, metrics[m], next(plotter, at, NULL)));
			add(plotter, plot_costs(target, at, metrics[m], next(plotter, at, NULL)));
			add(plotter,
			    plot_histogram(target, at, metrics[m], next(plotter, at, NULL)));
			add(plotter, plot_causes(target, at, metrics[m], next_traced(plotter, at)));
			add(plotter, plot_heatmap(target, at, metrics[m], next(plotter, at, NULL)));
		}
		add(plotter, plot_probes(target, at, next_traced(plotter, at)));
		for (size_t n = 0; n < FLAMES; n++)
			add(plotter, plot_flame(target, at, n, next_traced(plotter, at)));
	}
}

static bool seen(const struct plot_cases *cases, size_t i)
{
	for (size_t j = 0; j < i; j++) {
		if (strcmp(cases->cases[j].workload, cases->cases[i].workload) == 0)
			return true;
	}
	return false;
}

int plot_run(const struct plot_cases *cases, const char *directory, struct figures *out,
	     struct run_error *error)
{
	size_t room = cases->nr_cases * CASE_FIGURES + cases->nr_sweeps * SWEEP_FIGURES + 1;
	struct plotter plotter = {.target = {cases, directory, false}, .out = out};

	*out = (struct figures){0};
	out->list = calloc(room, sizeof(*out->list));
	if (!out->list)
		plotter.err = -ENOMEM;
	for (size_t i = 0; i < cases->nr_cases && !plotter.err; i++) {
		if (seen(cases, i))
			continue;
		plot_sweeps(&plotter, cases->cases[i].workload);
		plot_maps(&plotter, cases->cases[i].workload);
		plot_each_case(&plotter, cases->cases[i].workload);
	}
	if (!plotter.err)
		return 0;
	snprintf(error->text, sizeof(error->text), "%s: can't write figures: %s", directory,
		 strerror(-plotter.err));
	plot_free(out);
	return -1;
}

void plot_free(struct figures *figures)
{
	free(figures->list);
	*figures = (struct figures){0};
}

/* The first figure that tells most: a crossover, else how the arms' operations spread. */
static int terminal_choose(const struct plot_target *target, struct figure *figure)
{
	const struct plot_cases *cases = target->cases;
	int err = -ENODATA;

	for (size_t i = 0; i < cases->nr_sweeps && err == -ENODATA; i++) {
		if (strcmp(cases->sweeps[i].param, "cpus") != 0)
			err = plot_crossover(target, &cases->sweeps[i], figure);
	}
	for (size_t i = 0; i < cases->nr_cases && err == -ENODATA; i++) {
		for (size_t m = 0; m < NR_METRICS && err == -ENODATA; m++)
			err = plot_spectrum(target, &cases->cases[i], metrics[m], figure);
	}
	return err;
}

/* Without the form feed and the blanks that gnuplot fills its page with. */
static int copy_text(const char *path, FILE *out)
{
	char *line = NULL;
	size_t room = 0, shown = 0;
	FILE *in = fopen(path, "r");

	if (!in)
		return -errno;
	while (getline(&line, &room, in) >= 0) {
		char *text = line + (*line == '\f');
		size_t length = strlen(text);

		while (length && strchr(" \n", text[length - 1]))
			length--;
		if (length || shown)
			shown += fprintf(out, "%.*s\n", (int)length, text) > 0;
	}
	free(line);
	fclose(in);
	return ferror(out) ? -EIO : 0;
}

static void remove_figure(const char *directory, const char *name)
{
	static const char *const suffixes[] = {".gp", ".dat", ".txt"};
	char path[512];

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s%s", directory, name, suffixes[i]);
		unlink(path);
	}
	rmdir(directory);
}

int plot_terminal(const struct run *run, FILE *out)
{
	char directory[] = "/tmp/trimm-plot-XXXXXX", path[512];
	struct plot_target target = {.directory = directory, .tty = true};
	struct figure figure = {.how = ""};
	struct plot_cases cases;
	int err = plot_cases_read(run, &cases);

	if (err)
		return err;
	if (!mkdtemp(directory)) {
		err = -errno;
		goto out_free;
	}
	target.cases = &cases;
	err = terminal_choose(&target, &figure);
	if (!err)
		err = script_run(directory, figure.name);
	snprintf(path, sizeof(path), "%s/%s.txt", directory, figure.name);
	if (!err)
		err = copy_text(path, out);
	remove_figure(directory, figure.name);
out_free:
	plot_cases_free(&cases);
	return err;
}
