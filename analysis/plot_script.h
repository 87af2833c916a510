/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * plot_script.h - a figure's script and data on their way to gnuplot.
 *
 * A script is its variables, then style.gp, then a template: NAME.gp runs by itself. The
 * templates are part of the program, so that it can be moved.
 */
#ifndef ANALYSIS_PLOT_SCRIPT_H
#define ANALYSIS_PLOT_SCRIPT_H

#include "plot.h"

#include <sys/types.h>

struct script {
	const struct plot_cases *cases;
	const char *directory;
	FILE *script, *data;
	char name[160];
	size_t blocks; /* of data so far */
};

/* A file name, and a word of the shell, from @parts (ended by NULL), which may hold anything. */
void script_name(char *name, size_t size, const char *const *parts);
/*
 * Open NAME.gp and NAME.dat, NAME being a file name made of @parts (ended by NULL). 0 or
 * -errno, then nothing needs closing.
 */
int script_open(struct script *script, const struct plot_cases *cases, const char *directory,
		const char *const *parts);
/* Variables of the template. Text may hold anything. */
void script_text(struct script *script, const char *variable, const char *value);
void script_number(struct script *script, const char *variable, double value);
/* series, label[] and colour[]: the arms, in the order of their blocks. */
void script_arms(struct script *script, size_t n, const struct bench *const *arms);
/* Replace a label by the arm's name and @suffix. */
void script_relabel(struct script *script, size_t i, const struct bench *arm, const char *suffix);
/* Begin a block of data, with a comment. */
void script_block(struct script *script, const char *about);
/* Append the template, close. 0 or -errno. */
int script_close(struct script *script, const char *template);
/* Let gnuplot begin with NAME.gp: 0 with *pid set, -ENOENT without gnuplot, or another -errno. */
int script_start(const char *directory, const char *name, pid_t *pid);
/* Wait until it has ended: 0, or -EIO if it failed. */
int script_wait(pid_t pid);
/* Both: 0, -ENOENT without gnuplot, -EIO if it failed. */
int script_run(const char *directory, const char *name);

#endif /* ANALYSIS_PLOT_SCRIPT_H */
