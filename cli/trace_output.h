/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * trace_output.h - where the records of `trimm trace` go: onto stdout as text, NDJSON or CSV, and
 * into the files that were asked for.
 */
#ifndef CLI_TRACE_OUTPUT_H
#define CLI_TRACE_OUTPUT_H

#include "perfetto.h"
#include "run_file.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

enum trace_format { TRACE_TEXT, TRACE_NDJSON, TRACE_CSV };

struct trace_output_options {
	enum trace_format format;
	const char *perfetto, *folded, *output; /* paths, or NULL */
	const char *tag;			/* or NULL */
	char *const *command;			/* cli_command(), for the head of the run file */
	size_t top;				/* stacks of a probe */
	bool several;				/* probes */
	bool events; /* are asked for: they go into the run file, else are shown */
};

struct trace_output {
	const struct trace_output_options *options;
	struct run_file file; /* fd -1: none */
	FILE *perfetto_file, *folded_file;
	struct perfetto *perfetto;
	json_t *kept; /* what text shows at the end of a snapshot */
	bool headed;
	size_t worked, troubled; /* probe records */
	bool elsewhere;		 /* there were records that another run file has */
	bool odd;		 /* a record was left out of the run file, and that was told */
	bool failed;		 /* a record or file was bad, and that was told */
};

/* 0, or TRIMM_FAILED after one line. @options stay the caller's, until the close. */
int trace_output_open(struct trace_output *output, const struct trace_output_options *options);
/* A line with its newline; false: no use in going on. Of lines_fn's form. */
bool trace_output_take(void *output, char *line, size_t length);
/* What has come since the last one belongs together: text shows it. */
void trace_output_snapshot(struct trace_output *output);
/* End all files; @status is the run file's: "ok", "partial" or "failed". 0, or TRIMM_FAILED. */
int trace_output_close(struct trace_output *output, const char *status);

#endif /* CLI_TRACE_OUTPUT_H */
