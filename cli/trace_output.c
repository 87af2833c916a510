/* SPDX-License-Identifier: GPL-2.0-only */
/* trace_output.c - see trace_output.h. */
#include "trace_output.h"
#include "cli.h"
#include "folded.h"
#include "machine.h"
#include "run_head.h"
#include "schema.h"
#include "trace_csv.h"
#include "trace_record.h"
#include "trace_text.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static int open_file(FILE **file, const char *path, const char *option)
{
	if (!path)
		return 0;
	*file = fopen(path, "we");
	if (*file)
		return 0;
	cli_error("%s %s: %m; give another file", option, path);
	return TRIMM_FAILED;
}

static int begin_run(struct trace_output *output)
{
	const struct trace_output_options *options = output->options;
	json_t *machine, *head;
	int code = run_file_create_at(&output->file, options->output);

	if (code)
		return code;
	machine = machine_record();
	head = run_head(&output->file, "trace", options->command, machine);
	if (options->tag)
		json_object_set_new(head, "tag", json_string(options->tag));
	json_decref(machine);
	return run_file_add(&output->file, head) ? 0 : TRIMM_FAILED;
}

int trace_output_open(struct trace_output *output, const struct trace_output_options *options)
{
	int code;

	*output = (struct trace_output){.options = options, .file.fd = -1, .kept = json_array()};
	code = open_file(&output->perfetto_file, options->perfetto, "--perfetto");
	if (!code)
		code = open_file(&output->folded_file, options->folded, "--folded");
	if (!code && options->output)
		code = begin_run(output);
	if (output->perfetto_file)
		output->perfetto = perfetto_open(output->perfetto_file);
	if (!code && options->format == TRACE_CSV)
		trace_csv_head(stdout);
	return code;
}

/* Events are too many to keep, and known one by one. */
static void show_text(struct trace_output *output, json_t *record)
{
	if (!record_is(record, "event")) {
		json_array_append(output->kept, record);
		return;
	}
	if (!output->options->events)
		return;
	if (!output->headed)
		trace_text_event_head(stdout);
	output->headed = true;
	trace_text_event(record, stdout);
}

/* Events that go into a file are not shown: nobody reads so many twice. */
static void show(struct trace_output *output, json_t *record, const char *line, size_t length)
{
	if (output->options->output && record_is(record, "event"))
		return;
	switch (output->options->format) {
	case TRACE_TEXT:
		show_text(output, record);
		break;
	case TRACE_NDJSON:
		fwrite(line, 1, length, stdout);
		break;
	case TRACE_CSV:
		trace_csv_print(record, stdout);
		break;
	}
}

/* A probe that is not there is told once, when that is known, whatever the format. */
static void look_at_probe(struct trace_output *output, const json_t *record)
{
	char text[600];

	if (trace_text_trouble(record, text, sizeof(text))) {
		output->troubled++;
		cli_error("%s", text);
	} else {
		output->worked++;
	}
}

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/*
 * Single events are in a run if they are asked for themselves: there is no end of them. What a
 * phase of another run had is in that run, behind the bench line it belongs to.
 */
static void keep(struct trace_output *output, const json_t *record, const char *line, size_t length)
{
	char why[300];

	if (record_is(record, "event") && !output->options->events)
		return;
	if (record_bench(record) >= 0) {
		output->elsewhere = true;
	} else if (schema_check(schema_records(), record, why, sizeof(why))) {
		if (!run_file_write(&output->file, line, length))
			output->failed = true;
	} else {
		if (!output->odd)
			cli_error("%s: left out what trimm/1 does not allow: %s", output->file.path,
				  why);
		output->odd = true;
	}
}

bool trace_output_take(void *arg, char *line, size_t length)
{
	struct trace_output *output = arg;
	json_t *record = json_loadb(line, length, JSON_REJECT_DUPLICATES, NULL);

	if (!*record_text(record, "t")) {
		cli_error("trimm-trace: not a record: %.*s; is it of another version? `make` "
			  "builds both",
			  length > 60 ? 60 : (int)length - 1, line);
		json_decref(record);
		output->failed = true;
		return false;
	}
	if (output->file.fd >= 0)
		keep(output, record, line, length);
	if (record_is(record, "probe"))
		look_at_probe(output, record);
	show(output, record, line, length);
	if (output->perfetto)
		perfetto_add(output->perfetto, record, now_ns());
	if (output->folded_file && record_is(record, "stack"))
		folded_print(record, output->options->several, output->folded_file);
	json_decref(record);
	return !output->failed && !ferror(stdout);
}

void trace_output_snapshot(struct trace_output *output)
{
	if (json_array_size(output->kept))
		trace_text_print(output->kept, output->options->top, stdout);
	json_array_clear(output->kept);
	output->headed = false;
	fflush(stdout);
}

static int close_file(FILE *file, const char *path)
{
	bool bad = file && ferror(file);

	if (!file || (!fclose(file) && !bad))
		return 0;
	cli_error("%s: %m; it is not whole", path);
	return TRIMM_FAILED;
}

static void end_run(struct trace_output *output, const char *status)
{
	if (output->elsewhere)
		run_file_add(&output->file,
			     json_pack("{s:s, s:s, s:s}", "t", "note", "level", "info", "text",
				       "what was traced of the phases of a run is in the file of "
				       "that run"));
	run_file_add(&output->file, json_pack("{s:s, s:s, s:s, s:i, s:i, s:i}", "t", "end",
					      "run_id", output->file.id, "status", status,
					      "benches", 0, "skipped", 0, "failed", 0));
	output->failed |= output->file.broken;
	run_file_close(&output->file, false);
}

int trace_output_close(struct trace_output *output, const char *status)
{
	int code;

	trace_output_snapshot(output);
	if (output->perfetto)
		perfetto_close(output->perfetto);
	code = close_file(output->perfetto_file, output->options->perfetto);
	if (close_file(output->folded_file, output->options->folded))
		code = TRIMM_FAILED;
	if (output->file.fd >= 0)
		end_run(output, status);
	json_decref(output->kept);
	return output->failed || output->odd ? TRIMM_FAILED : code;
}
