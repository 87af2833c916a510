/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * run_file.h - the file of a run as it grows, results/runs/<run_id>.ndjson: each line goes
 * out in one write, so whatever kills the command leaves whole lines.
 */
#ifndef CLI_RUN_FILE_H
#define CLI_RUN_FILE_H

#include <jansson.h>
#include <stdbool.h>
#include <time.h>

struct run_file {
	int fd;
	char id[24];	  /* 20261121T114720-3f9a */
	char started[24]; /* 2026-11-21T11:47:20Z */
	char *path;
	char *begun; /* where it is until it has a line: nobody finds an empty one; or NULL */
	bool broken; /* a write failed and was reported; nothing more is written */
};

/* A new file in @results, made if missing. 0, or TRIMM_FAILED after one line. */
int run_file_create(struct run_file *file, const char *results);
/* The same at @path, whose contents go, if it had some. */
int run_file_create_at(struct run_file *file, const char *path);
/*
 * One that is there, to go on with: what is in it beyond @length goes. False, and nothing is open:
 * it is not what it was.
 */
bool run_file_reopen(struct run_file *file, const char *path, long long length);
/* One line, its newline included. False after one line about the failure. */
bool run_file_write(struct run_file *file, const char *line, size_t length);
/* The same for an object, whose reference is taken over. */
bool run_file_add(struct run_file *file, json_t *record);
/* Onto the disk, and closed. @remove: nothing was measured, leave no trace. */
void run_file_close(struct run_file *file, bool remove);

#endif /* CLI_RUN_FILE_H */
