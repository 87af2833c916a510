/* SPDX-License-Identifier: GPL-2.0-only */
/* history.c - rows of nights put together from the index. */
#include "history.h"
#include "arena.h"
#include "error.h"

#include <stdlib.h>
#include <string.h>

/* Of the index: which series, and which night, has this number here. */
struct places {
	size_t *place; /* + 1; 0: left out */
	size_t size;
};

/* More are as good as these many: it is said how many are left out. */
#define MACHINES_COUNTED 64

struct reading {
	struct history history; /* first, so that it can be freed by its address */
	struct arena arena;
	const struct history_options *options;
	struct places nights, series;
	size_t nights_room, series_room, points_room;
	const char *second; /* another machine that begins as was asked for */
	bool no_memory;
	size_t nr_machines;
	const char *machines[MACHINES_COUNTED]; /* that have nights */
};

/* At least @need items. */
static bool grow(struct reading *reading, void *items, size_t *room, size_t need, size_t size)
{
	void **at = items, *grown;
	size_t more = need + need / 2 + 16;

	if (need <= *room)
		return true;
	grown = realloc(*at, more * size);
	if (!grown) {
		reading->no_memory = true;
		return false;
	}
	memset((char *)grown + *room * size, 0, (more - *room) * size);
	*at = grown;
	*room = more;
	return true;
}

static void set_place(struct reading *reading, struct places *places, long long id, size_t place)
{
	if (grow(reading, &places->place, &places->size, (size_t)id + 1, sizeof(*places->place)))
		places->place[id] = place + 1;
}

static size_t get_place(const struct places *places, long long id)
{
	return id >= 0 && (size_t)id < places->size ? places->place[id] : 0;
}

static void count_machine(struct reading *reading, const char *machine)
{
	for (size_t i = 0; i < reading->nr_machines; i++)
		if (!strcmp(reading->machines[i], machine))
			return;
	if (reading->nr_machines < MACHINES_COUNTED)
		reading->machines[reading->nr_machines++] = arena_text(&reading->arena, machine);
}

/* The newest night's, or that which begins as was asked for. */
static void choose_machine(void *arg, const struct store_night *night)
{
	struct reading *reading = arg;
	const char *wanted = reading->options->machine, *chosen = reading->history.machine;
	const char *machine = night->machine;

	count_machine(reading, machine);
	if (wanted && strncmp(machine, wanted, strlen(wanted)))
		return;
	if (wanted && chosen && strcmp(chosen, machine))
		reading->second = arena_text(&reading->arena, machine);
	reading->history.machine = arena_text(&reading->arena, machine);
}

static void take_night(void *arg, const struct store_night *night)
{
	struct reading *reading = arg;
	struct history *history = &reading->history;
	struct arena *arena = &reading->arena;

	if (!grow(reading, &history->nights, &reading->nights_room, history->nr_nights + 1,
		  sizeof(*history->nights)))
		return;
	history->nights[history->nr_nights] = (struct history_night){
		.night = arena_text(arena, night->night),
		.started = arena_text(arena, night->started),
		.status = arena_text(arena, night->status),
		.machine = arena_text(arena, night->machine),
		.commit = arena_text(arena, night->commit),
		.subject = arena_text(arena, night->subject),
		.reference = arena_text(arena, night->reference),
		.repo = arena_text(arena, night->repo),
	};
	set_place(reading, &reading->nights, night->id, history->nr_nights++);
}

static void take_series(void *arg, const struct store_series *series)
{
	struct reading *reading = arg;
	struct history *history = &reading->history;
	struct arena *arena = &reading->arena;

	if (!grow(reading, &history->series, &reading->series_room, history->nr_series + 1,
		  sizeof(*history->series)))
		return;
	history->series[history->nr_series] = (struct history_series){
		.series = arena_text(arena, series->series),
		.workload = arena_text(arena, series->workload),
		.label = arena_text(arena, series->label),
		.target = arena_text(arena, series->target),
		.machine = arena_text(arena, series->machine),
		.metric = arena_text(arena, series->metric),
		.unit = arena_text(arena, series->unit),
		.exact = series->exact,
		.better = (enum better)series->better,
	};
	set_place(reading, &reading->series, series->id, history->nr_series++);
}

static void take_value(void *arg, const struct store_value *value)
{
	struct reading *reading = arg;
	size_t at = get_place(&reading->series, value->series);
	size_t night = get_place(&reading->nights, value->night);
	const struct history_night *of;
	struct history_series *series;

	if (!at || !night)
		return;
	series = &reading->history.series[at - 1];
	of = &reading->history.nights[night - 1];
	/* Values come series by series: room is that of the one at work. */
	if (!series->nr_points)
		reading->points_room = 0;
	if (!grow(reading, &series->points, &reading->points_room, series->nr_points + 1,
		  sizeof(*series->points)))
		return;
	series->points[series->nr_points++] = (struct history_point){
		.night = of->night,
		.started = of->started,
		.commit = of->commit,
		.subject = of->subject,
		.reference = of->reference,
		.value = value->value,
		.low = value->low,
		.high = value->high,
	};
}

static int by_time(const void *left, const void *right)
{
	const struct history_point *a = left, *b = right;
	int order = strcmp(a->started, b->started);

	return order ? order : strcmp(a->night, b->night);
}

/* The index has nights in the order they came to it. */
static void sort_points(struct history_series *series)
{
	for (size_t i = 1; i < series->nr_points; i++) {
		if (by_time(&series->points[i - 1], &series->points[i]) > 0) {
			qsort(series->points, series->nr_points, sizeof(*series->points), by_time);
			return;
		}
	}
}

static int read_all(struct reading *reading, struct store *store, struct run_error *error)
{
	const struct store_history choice = {.night = choose_machine, .arg = reading};
	const struct store_history all = {take_night, take_series, take_value, reading};
	struct history *history = &reading->history;
	const char *wanted = reading->options->machine;

	if (!reading->options->across) {
		if (store_read_nights(store, NULL, &choice, error))
			return -1;
		if (wanted && !history->machine)
			return error_set(error, "%s: no night of such a machine", wanted);
		if (reading->second)
			return error_set(error, "%s: more than one machine begins so: %s, %s",
					 wanted, reading->second, history->machine);
		history->nr_others = reading->nr_machines ? reading->nr_machines - 1 : 0;
	}
	return store_read_nights(store, history->machine, &all, error);
}

int history_load(struct store *store, const struct history_options *options, struct history **out,
		 struct run_error *error)
{
	struct reading *reading = calloc(1, sizeof(*reading));
	struct history *history = &reading->history;

	*out = NULL;
	if (!reading)
		return error_set(error, "history: out of memory");
	reading->options = options;
	if (read_all(reading, store, error))
		goto out_free;
	if (reading->no_memory || reading->arena.exhausted) {
		error_set(error, "history: out of memory");
		goto out_free;
	}
	free(reading->nights.place);
	free(reading->series.place);
	reading->nights.place = reading->series.place = NULL;
	if (!history->nr_nights) {
		error_set(error, "no finished nights; `trimm nightly` makes one");
		goto out_free;
	}
	for (size_t i = 0; i < history->nr_series; i++) {
		sort_points(&history->series[i]);
		history_judge(&history->series[i], options);
	}
	*out = history;
	return 0;

out_free:
	history_free(history);
	return -1;
}

void history_free(struct history *history)
{
	struct reading *reading = (struct reading *)history;

	if (!reading)
		return;
	for (size_t i = 0; i < history->nr_series; i++) {
		free(history->series[i].points);
		free(history->series[i].changes);
	}
	free(history->series);
	free(history->nights);
	free(reading->nights.place);
	free(reading->series.place);
	arena_free(&reading->arena);
	free(reading);
}
