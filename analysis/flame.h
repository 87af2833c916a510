/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * flame.h - the stacks of two arms as one flame graph, coloured by what changed: an SVG that
 * needs no script, each frame told in full where the pointer rests on it.
 */
#ifndef ANALYSIS_FLAME_H
#define ANALYSIS_FLAME_H

#include <stdio.h>

struct flame;

/* What a graph is of, for its texts. */
struct flame_words {
	const char *title;
	const char *base, *next; /* names of the arms */
	unsigned int colours[2]; /* theirs, 0xRRGGBB */
	const char *unit;	 /* of weights: "events" */
};

/* NULL: no memory. */
struct flame *flame_open(void);
void flame_free(struct flame *flame);

/*
 * Add a stack of arm @arm (0: base, 1: next), @frames outermost first, that weighs so much for
 * 1,000 operations. -ENOMEM or 0.
 */
int flame_add(struct flame *flame, int arm, const char *const *frames, size_t nr, double weight);

/* A frame is as wide as it weighs in both arms together; its colour is the arm's that has more. */
void flame_draw(const struct flame *flame, const struct flame_words *words, FILE *out);
/* "outermost;...;innermost BASE NEXT" a line, for other programs. */
void flame_print(const struct flame *flame, FILE *out);

#endif /* ANALYSIS_FLAME_H */
