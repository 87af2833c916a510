/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * run.c - reads a run file: line by line, each checked against the schema and let go.
 *
 * A file is written by one line a write, so a killed run leaves whole lines and at most one
 * that was cut short: the last, without its newline.
 */
#include "error.h"
#include "record.h"
#include "schema.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char format_read[] = "trimm/1";

struct lines {
	FILE *in;
	const char *path;
	char *line;
	size_t room;
	ssize_t length;
	unsigned long number;
	bool whole; /* ended by a newline */
};

/* False at the end of the file. */
static bool next_line(struct lines *lines)
{
	lines->length = getline(&lines->line, &lines->room, lines->in);
	if (lines->length <= 0)
		return false;
	lines->number++;
	lines->whole = lines->line[lines->length - 1] == '\n';
	if (lines->whole)
		lines->length--;
	return true;
}

/* Another version would fail in some odd field; say what it is instead. */
static int check_format(const json_t *record, char *why, size_t size)
{
	const char *format = json_string_value(json_object_get(record, "schema"));

	if (!format || strncmp(format, "trimm/", 6) || !strcmp(format, format_read))
		return 0;
	snprintf(why, size, "format %.40s; this program reads %s", format, format_read);
	return -1;
}

/* 1: the line was cut short. */
static int add_line(struct run_memory *memory, const struct lines *lines, struct run_error *error)
{
	char why[400];
	json_error_t json_error;
	json_t *record;
	int err;

	record =
		json_loadb(lines->line, (size_t)lines->length, JSON_REJECT_DUPLICATES, &json_error);
	if (!record && !lines->whole && lines->number > 1)
		return 1;
	if (!record)
		return error_set(error, "%s:%lu: not a JSON object: %s (column %d)", lines->path,
				 lines->number, json_error.text, json_error.column);
	err = check_format(record, why, sizeof(why));
	if (!err && !schema_check(schema_records(), record, why, sizeof(why)))
		err = -1;
	if (!err)
		err = record_add(memory, record, why, sizeof(why));
	json_decref(record);
	if (err)
		error_set(error, "%s:%lu: %s", lines->path, lines->number, why);
	return err;
}

static int read_lines(struct run_memory *memory, struct lines *lines, struct run_error *error)
{
	int err = 0;

	errno = 0;
	while (!err && next_line(lines))
		err = add_line(memory, lines, error);
	if (err < 0)
		return err;
	if (ferror(lines->in))
		return error_set(error, "%s: %s", lines->path, strerror(errno));
	if (!memory->run.head)
		return error_set(error, "%s:1: the file is empty", lines->path);
	return 0;
}

int run_load(const char *path, struct run **run, struct run_error *error)
{
	struct run_memory *memory = calloc(1, sizeof(*memory));
	struct lines lines = {.path = path};
	int err = -1;

	*run = NULL;
	if (!memory)
		return error_set(error, "%s: out of memory", path);
	memory->run.path = strdup(path);
	memory->run.status = "incomplete";
	lines.in = fopen(path, "re");
	if (!memory->run.path || !lines.in) {
		error_set(error, "%s: %s", path, strerror(errno));
		goto out_free;
	}
	err = read_lines(memory, &lines, error);
	free(lines.line);
	fclose(lines.in);
	if (err)
		goto out_free;
	*run = &memory->run;
	return 0;

out_free:
	run_free(&memory->run);
	return err;
}

static void trace_free(struct trace *trace)
{
	free(trace->probes);
	free(trace->counters);
	free(trace->hists);
	free(trace->stacks);
	free(trace->events);
}

void run_free(struct run *run)
{
	struct run_memory *memory = (struct run_memory *)run;

	if (!run)
		return;
	for (size_t i = 0; i < run->nr_benches; i++) {
		free(run->benches[i].counters);
		free(run->benches[i].samples);
		free(run->benches[i].hists);
		free(run->benches[i].intervals);
		trace_free(&run->benches[i].trace);
		json_decref(run->benches[i].json);
	}
	free(run->benches);
	free(run->notes);
	trace_free(&run->trace);
	json_decref(run->head);
	arena_free(&memory->arena);
	free(run->path);
	free(memory);
}
