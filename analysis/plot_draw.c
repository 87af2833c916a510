/* SPDX-License-Identifier: GPL-2.0-only */
/* plot_draw.c - see plot_draw.h. */
#include "plot_draw.h"
#include "plot_script.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysinfo.h>

#define AT_ONCE_MAX 16

/* The gnuplots that are at work, the one that was started first at @first. */
struct drawing {
	struct figures *figures;
	size_t first, n, room;
	struct {
		struct figure *figure;
		pid_t pid;
	} job[AT_ONCE_MAX];
	bool no_gnuplot;
};

struct figure *figures_add(struct figures *figures)
{
	struct figure *list = realloc(figures->list, (figures->n + 1) * sizeof(*figures->list));

	if (!list)
		return NULL;
	figures->list = list;
	list[figures->n] = (struct figure){.how = "", .workload = ""};
	return &list[figures->n++];
}

static void note(struct drawing *drawing, const struct figure *figure, int err)
{
	struct figures *figures = drawing->figures;

	if (err == -ENOENT && !drawing->no_gnuplot) {
		drawing->no_gnuplot = true;
		strcpy(figures->missing, "gnuplot is not installed: no figures are drawn; install "
					 "it (Debian: gnuplot-nox) and repeat");
	} else if (err && !*figures->missing) {
		snprintf(figures->missing, sizeof(figures->missing),
			 "gnuplot failed on %s.gp; run it by hand to see why", figure->name);
	}
}

static void finish_first(struct drawing *drawing)
{
	struct figure *figure = drawing->job[drawing->first].figure;
	int err = script_wait(drawing->job[drawing->first].pid);

	drawing->first = (drawing->first + 1) % AT_ONCE_MAX;
	drawing->n--;
	figure->drawn = !err;
	note(drawing, figure, err);
}

static void start(struct drawing *drawing, struct figure *figure, const char *directory)
{
	size_t next;
	int err;

	if (drawing->n == drawing->room)
		finish_first(drawing);
	next = (drawing->first + drawing->n) % AT_ONCE_MAX;
	err = script_start(directory, figure->name, &drawing->job[next].pid);
	if (err) {
		note(drawing, figure, err);
		return;
	}
	drawing->job[next].figure = figure;
	drawing->n++;
}

static unsigned int rank_of(const struct figure *figure)
{
	return !*figure->label ? 0 : figure->matters ? 1 : 2;
}

void figures_draw(struct figures *figures, const char *directory, size_t most)
{
	struct drawing drawing = {.figures = figures, .room = (size_t)get_nprocs()};
	size_t drawn = 0;

	if (drawing.room > AT_ONCE_MAX)
		drawing.room = AT_ONCE_MAX;
	for (unsigned int rank = 0; rank < 3; rank++) {
		for (size_t i = 0; i < figures->n && !drawing.no_gnuplot; i++) {
			struct figure *figure = &figures->list[i];

			if (rank_of(figure) != rank)
				continue;
			figure->left_out = !figure->own && drawn >= most;
			figure->drawn = figure->own;
			if (figure->own || figure->left_out)
				continue;
			start(&drawing, figure, directory);
			drawn++;
		}
	}
	while (drawing.n)
		finish_first(&drawing);
}
