/* SPDX-License-Identifier: GPL-2.0-only */
/* shapes.h - do the shapes that others have published (shapes.def) show in a run? */
#ifndef ANALYSIS_SHAPES_H
#define ANALYSIS_SHAPES_H

#include "run.h"

#include <stdio.h>

enum shape_verdict { SHAPE_NOT_HERE, SHAPE_HOLDS, SHAPE_DIFFERS };

struct shape {
	const char *name, *claim, *source, *counter, *remark;
	double factor; /* at least so many times as much */
	/* Of this run: */
	enum shape_verdict verdict;
	const struct bench *larger, *smaller; /* NULL: the run has none with that count */
	double large, small;		      /* per operation */
};

/* In the order of shapes.def. */
enum {
#define SHAPE(name, ...) SHAPE_##name,
#include "shapes.def"
#undef SHAPE
	SHAPES
};

void shapes_judge(const struct run *run, struct shape shapes[SHAPES]);
/* Has the run what any of them takes? */
bool shapes_any(const struct shape shapes[SHAPES]);
/* "3.1 ×", or in words where the smaller count is 0. In @buffer. */
const char *shape_ratio(const struct shape *shape, char *buffer, size_t size);

/* Those that the run has, a line each; nothing, if it has none. */
void shapes_print(const struct run *run, FILE *out);

#endif /* ANALYSIS_SHAPES_H */
