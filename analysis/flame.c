/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * flame.c - see flame.h. The outermost frames are below, as in any flame graph; frames of one
 * caller stand by name, so that graphs of several runs can be held against each other. What would
 * be thinner than a line is left out: its caller still has its weight.
 */
#include "flame.h"
#include "html.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* In units of the picture, which a page shows as pixels where it has room. */
#define WIDTH	  840
#define ROW	  19
#define MARGIN	  6
#define HEAD	  58
#define THINNEST  0.7
#define LETTER	  6.4 /* of the font of 11, on average */
#define DEPTH_MAX 127

struct frame {
	char *name;
	double weight[2]; /* of it and all that it called */
	double own[2];
	size_t nr;
	struct frame *called;
};

struct flame {
	struct frame all;
};

struct flame *flame_open(void)
{
	return calloc(1, sizeof(struct flame));
}

static void frame_free(struct frame *frame)
{
	for (size_t i = 0; i < frame->nr; i++)
		frame_free(&frame->called[i]);
	free(frame->called);
	free(frame->name);
}

void flame_free(struct flame *flame)
{
	if (flame)
		frame_free(&flame->all);
	free(flame);
}

/* That of this name, made if it is new; NULL: no memory. */
static struct frame *frame_called(struct frame *frame, const char *name)
{
	struct frame *called;
	size_t i = 0;

	while (i < frame->nr && strcmp(frame->called[i].name, name) < 0)
		i++;
	if (i < frame->nr && !strcmp(frame->called[i].name, name))
		return &frame->called[i];
	called = realloc(frame->called, (frame->nr + 1) * sizeof(*called));
	if (!called)
		return NULL;
	frame->called = called;
	called += i;
	memmove(called + 1, called, (frame->nr - i) * sizeof(*called));
	*called = (struct frame){.name = strdup(name)};
	if (!called->name) {
		memmove(called, called + 1, (frame->nr - i) * sizeof(*called));
		return NULL;
	}
	frame->nr++;
	return called;
}

/* Code that has no name has an address, other in each process: one frame. */
static const char *frame_name(const char *name)
{
	return !*name || !strncmp(name, "0x", 2) ? "[unknown]" : name;
}

int flame_add(struct flame *flame, int arm, const char *const *frames, size_t nr, double weight)
{
	struct frame *frame = &flame->all;

	frame->weight[arm] += weight;
	for (size_t i = 0; i < nr && i < DEPTH_MAX; i++) {
		const char *name = frame_name(frames[i]);

		if (i && !strcmp(name, "[unknown]") && !strcmp(frame->name, name))
			continue;
		frame = frame_called(frame, name);
		if (!frame)
			return -ENOMEM;
		frame->weight[arm] += weight;
	}
	frame->own[arm] += weight;
	return 0;
}

static double both(const struct frame *frame)
{
	return frame->weight[0] + frame->weight[1];
}

/* The picture so far. */
struct drawing {
	FILE *out;
	const struct flame_words *words;
	double all;    /* weight of the whole width */
	double bottom; /* where the outermost frames stand */
};

static unsigned int depth_of(const struct frame *frame, double all)
{
	unsigned int deepest = 0;

	for (size_t i = 0; i < frame->nr; i++) {
		const struct frame *called = &frame->called[i];
		unsigned int depth;

		if (both(called) * (WIDTH - 2 * MARGIN) < THINNEST * all)
			continue;
		depth = 1 + depth_of(called, all);
		deepest = depth > deepest ? depth : deepest;
	}
	return deepest;
}

/* From what is the same in both arms, a light grey, towards the arm's that has more. */
static unsigned int shade(const struct flame_words *words, const double weight[2])
{
	const unsigned int grey = 0xDFE3E8;
	double sum = weight[0] + weight[1];
	double change = sum > 0 ? (weight[1] - weight[0]) / sum : 0;
	unsigned int towards = words->colours[change > 0], mixed = 0;

	for (int at = 0; at < 24; at += 8) {
		double from = grey >> at & 0xFF, to = towards >> at & 0xFF;

		/* Not all the way: the text on it is dark. */
		mixed |= (unsigned int)lround(from + (to - from) * 0.68 * fabs(change)) << at;
	}
	return mixed;
}

/* "-97 %", "x 2.1", "only in lazy". */
static void change_text(const struct flame_words *words, const double weight[2], char *text,
			size_t size)
{
	if (!(weight[0] > 0))
		snprintf(text, size, "only in %s", words->next);
	else if (!(weight[1] > 0))
		snprintf(text, size, "only in %s", words->base);
	else if (weight[1] >= 2 * weight[0])
		snprintf(text, size, "x %.3g", weight[1] / weight[0]);
	else
		snprintf(text, size, "%+.3g %%", 100 * (weight[1] / weight[0] - 1));
}

static void draw_title(const struct drawing *drawing, const struct frame *frame)
{
	const struct flame_words *words = drawing->words;
	char base[32], next[32], change[96], share[32];

	snprintf(base, sizeof(base), "%.4g", frame->weight[0]);
	snprintf(next, sizeof(next), "%.4g", frame->weight[1]);
	snprintf(share, sizeof(share), "%.3g", 100 * both(frame) / drawing->all);
	change_text(words, frame->weight, change, sizeof(change));
	html(drawing->out,
	     "<title>$: $ $, $ $ $ for 1,000 operations ($); $ % of the width</title>", frame->name,
	     words->base, base, words->next, next, words->unit, change, share);
}

/* As much of the name as there is room for, if that tells anything. */
static void draw_label(const struct drawing *drawing, const char *name, double x, double y,
		       double width)
{
	size_t room = width > 8 ? (size_t)((width - 8) / LETTER) : 0, length = strlen(name);
	char text[160];

	if (room < 3)
		return;
	if (length > room)
		snprintf(text, sizeof(text), "%.*s…", room > 150 ? 149 : (int)room - 1, name);
	else
		snprintf(text, sizeof(text), "%.150s", name);
	fprintf(drawing->out, "<text x=\"%.1f\" y=\"%.1f\">", x + 4, y + ROW - 6);
	html(drawing->out, "$</text>", text);
}

static void draw_called(const struct drawing *drawing, const struct frame *frame, double x,
			unsigned int row)
{
	double scale = (WIDTH - 2 * MARGIN) / drawing->all;

	for (size_t i = 0; i < frame->nr; i++) {
		const struct frame *called = &frame->called[i];
		double width = both(called) * scale, y = drawing->bottom - (row + 1) * ROW;

		if (width >= THINNEST) {
			fprintf(drawing->out,
				"<g><rect x=\"%.2f\" y=\"%.1f\" width=\"%.2f\" height=\"%d\" "
				"fill=\"#%06x\"/>",
				x, y, fmax(width - 0.5, 0.4), ROW - 1,
				shade(drawing->words, called->weight));
			draw_title(drawing, called);
			draw_label(drawing, called->name, x, y, width);
			fputs("</g>\n", drawing->out);
			draw_called(drawing, called, x, row + 1);
		}
		x += width;
	}
}

static void draw_legend(const struct drawing *drawing)
{
	static const double changes[] = {-1, -0.5, 0, 0.5, 1};
	const struct flame_words *words = drawing->words;
	double x = WIDTH / 2.0 - 60;

	for (size_t i = 0; i < 5; i++) {
		const double weight[2] = {1 - changes[i], 1 + changes[i]};

		fprintf(drawing->out,
			"<rect x=\"%.0f\" y=\"32\" width=\"24\" height=\"13\" fill=\"#%06x\"/>\n",
			x + 24 * (double)i, shade(words, weight));
	}
	fprintf(drawing->out, "<text class=\"page\" x=\"%.0f\" y=\"43\" text-anchor=\"end\">",
		x - 6);
	html(drawing->out, "more in $</text>\n", words->base);
	fprintf(drawing->out, "<text class=\"page\" x=\"%.0f\" y=\"43\">", x + 126);
	html(drawing->out, "more in $</text>\n", words->next);
}

void flame_draw(const struct flame *flame, const struct flame_words *words, FILE *out)
{
	struct drawing drawing = {.out = out, .words = words, .all = both(&flame->all)};
	unsigned int depth = depth_of(&flame->all, drawing.all) + 1;
	struct frame all = flame->all;
	char name[] = "all";
	struct frame top = {.nr = 1, .called = &all};

	all.name = name;
	drawing.bottom = HEAD + (double)depth * ROW;
	fprintf(out,
		"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
		"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %.0f\" width=\"%d\" "
		"height=\"%.0f\">\n<style>svg{background:#fff}text{font:11px system-ui,Segoe UI,"
		"Roboto,Helvetica,Arial,sans-serif;fill:#1f2328}g:hover>rect{stroke:#1f2328}"
		".head{font-size:13px}"
		"@media(prefers-color-scheme:dark){svg{background:#161b22}.page{fill:#e6edf3}"
		"g:hover>rect{stroke:#e6edf3}}</style>\n",
		WIDTH, drawing.bottom + MARGIN, WIDTH, drawing.bottom + MARGIN);
	fprintf(out, "<text class=\"page head\" x=\"%d\" y=\"20\" text-anchor=\"middle\">",
		WIDTH / 2);
	html(out, "$</text>\n", words->title);
	draw_legend(&drawing);
	draw_called(&drawing, &top, MARGIN, 0);
	fputs("</svg>\n", out);
}

/* A frame has no separator and no end of line in it. */
static void print_name(const char *name, FILE *out)
{
	for (; *name; name++)
		fputc(*name == ';' ? ':' : *name == '\n' || *name == '\r' ? ' ' : *name, out);
}

static void print_frame(const struct frame *frame, const struct frame **chain, size_t n, FILE *out)
{
	if (n && frame->own[0] + frame->own[1] > 0) {
		for (size_t i = 0; i < n; i++) {
			if (i)
				fputc(';', out);
			print_name(chain[i]->name, out);
		}
		fprintf(out, " %.6g %.6g\n", frame->own[0], frame->own[1]);
	}
	for (size_t i = 0; i < frame->nr && n < DEPTH_MAX; i++) {
		chain[n] = &frame->called[i];
		print_frame(&frame->called[i], chain, n + 1, out);
	}
}

void flame_print(const struct flame *flame, FILE *out)
{
	const struct frame *chain[DEPTH_MAX];

	print_frame(&flame->all, chain, 0, out);
}
