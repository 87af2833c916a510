/* SPDX-License-Identifier: GPL-2.0-only */
/* run_files.h - files for tests, in a folder that goes when the test program ends. */
#ifndef TESTS_RUN_FILES_H
#define TESTS_RUN_FILES_H

#include "record_maker.h"

#include <stddef.h>

/* The folder, made on first use. */
const char *files_folder(void);
/* A path in it, malloc()ed: "a.ndjson", "runs/a.ndjson" (the folder runs/ is there). */
char *files_path(const char *name);
void files_write(const char *path, const char *bytes, size_t length);
/* Zero-terminated, malloc()ed. */
char *files_read(const char *path, size_t *length);
/* Write a run of this shape; its path, malloc()ed. */
char *files_make_run(const char *name, const struct record_shape *shape);

#endif /* TESTS_RUN_FILES_H */
