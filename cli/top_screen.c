/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * top_screen.c - see top_screen.h. Lines: what is looked at, two of summary, one of trouble, the
 * tables, one of help.
 */
#include "top_screen.h"
#include "cli.h"

#include <ncurses.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define HEAD_LINES 4
/* Wider screens leave the rest empty: numbers far from their names are hard to read. */
#define WIDTH_MAX 120
/* Title, head, and a row worth them. */
#define TABLE_LEAST 3

static int width(void)
{
	return COLS < WIDTH_MAX ? COLS : WIDTH_MAX;
}

bool top_screen_open(struct top_screen *screen, struct top_model *model, const char *title)
{
	*screen = (struct top_screen){.model = model, .title = title};
	/* initscr() would end the program by itself. */
	if (!newterm(NULL, stdout, stdin)) {
		cli_error("no terminal that TERM=%s fits; use --batch N",
			  getenv("TERM") ? getenv("TERM") : "");
		return false;
	}
	cbreak();
	noecho();
	nonl();
	curs_set(0);
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	/* Esc is no key here, and need not be waited behind. */
	set_escdelay(25);
	return true;
}

void top_screen_close(void)
{
	endwin();
}

static void put(int y, int attributes, const char *text)
{
	if (y >= LINES || y < 0)
		return;
	attron(attributes);
	mvaddnstr(y, 0, text, width());
	attroff(attributes);
	clrtoeol();
}

static void draw_table(const struct top_screen *screen, int which, int y, int height)
{
	const struct top_table *table = &screen->model->tables[which];
	char line[WIDTH_MAX + 1];
	size_t rows = height > 2 ? (size_t)height - 2 : 0, from = screen->from[which];
	bool focused = which == screen->focus;

	snprintf(line, sizeof(line), "%d %s, %zu%s", which + 1, table->title, table->n,
		 focused ? " <" : "");
	put(y, focused ? A_BOLD : 0, line);
	top_table_head(table, line, (size_t)width());
	put(y + 1, A_REVERSE, line);
	for (size_t i = 0; i < rows; i++) {
		*line = '\0';
		if (from + i < table->n)
			top_table_line(table, from + i, line, (size_t)width());
		put(y + 2 + (int)i, 0, line);
	}
}

/* The one in focus, and as many others as there is room for, each of equal height. */
static void draw_tables(const struct top_screen *screen, int y, int height)
{
	int n = screen->alone ? 1 : height / TABLE_LEAST, first = 0;

	n = n > TOP_TABLES ? TOP_TABLES : n < 1 ? 1 : n;
	if (screen->focus >= n)
		first = screen->focus - n + 1;
	if (screen->alone)
		first = screen->focus;
	for (int i = 0; i < n; i++) {
		/* What does not divide goes to the first ones. */
		int lines = height / n + (i < height % n);

		draw_table(screen, first + i, y, lines);
		y += lines;
	}
}

void top_screen_draw(struct top_screen *screen)
{
	char line[WIDTH_MAX + 1], second[WIDTH_MAX + 1], clock[16];
	time_t now = time(NULL);
	struct tm local;

	localtime_r(&now, &local);
	strftime(clock, sizeof(clock), "%H:%M:%S", &local);
	erase();
	snprintf(line, sizeof(line), "trimm top: %.80s   %s%s", screen->title, clock,
		 screen->paused ? "   PAUSED" : "");
	put(0, A_BOLD, line);
	top_model_summary(screen->model, line, second, (size_t)width());
	put(1, 0, line);
	put(2, 0, second);
	put(3, A_BOLD, screen->model->trouble);
	draw_tables(screen, HEAD_LINES, LINES - HEAD_LINES - 1);
	put(LINES - 1, A_REVERSE,
	    "q quit  p pause  Tab table  0 all, 1-4 one  < > sort column  r reverse  arrows");
	refresh();
}

static void scroll_by(struct top_screen *screen, long by)
{
	size_t *from = &screen->from[screen->focus], n = screen->model->tables[screen->focus].n;

	if (by < 0)
		*from = *from < (size_t)-by ? 0 : *from - (size_t)-by;
	else if (*from + (size_t)by < n)
		*from += (size_t)by;
}

static void press(struct top_screen *screen, int key)
{
	struct top_table *table = &screen->model->tables[screen->focus];

	switch (key) {
	case 'q':
	case 'Q':
		screen->over = true;
		break;
	case 'p':
	case ' ':
		screen->paused = !screen->paused;
		break;
	case '\t':
		screen->focus = (screen->focus + 1) % TOP_TABLES;
		break;
	case '0':
		screen->alone = false;
		break;
	case '1':
	case '2':
	case '3':
	case '4':
		screen->focus = key - '1';
		screen->alone = true;
		break;
	case '<':
	case KEY_LEFT:
		table->sort = (table->sort ? table->sort : table->nr_columns) - 1;
		break;
	case '>':
	case KEY_RIGHT:
		table->sort = (table->sort + 1) % table->nr_columns;
		break;
	case 'r':
		table->reversed = !table->reversed;
		break;
	case KEY_UP:
		scroll_by(screen, -1);
		break;
	case KEY_DOWN:
		scroll_by(screen, 1);
		break;
	case KEY_PPAGE:
		scroll_by(screen, -LINES / 2);
		break;
	case KEY_NPAGE:
		scroll_by(screen, LINES / 2);
		break;
	}
	top_table_sort(table);
}

void top_screen_keys(struct top_screen *screen)
{
	bool pressed = false;
	int key;

	/* A new size is a key as well (KEY_RESIZE). */
	while ((key = getch()) != ERR) {
		press(screen, key);
		pressed = true;
	}
	if (pressed && !screen->over)
		top_screen_draw(screen);
}
