/* SPDX-License-Identifier: GPL-2.0-only */
/* trace_file.h - the file that trace= names, for a guest that can't open it. */
#ifndef LAUNCH_TRACE_FILE_H
#define LAUNCH_TRACE_FILE_H

#include <stdint.h>

/* Its bytes, or 0 and *@code not 0 after one line. */
uint64_t trace_file_bytes(const char *path, int *code);
/* All @bytes into @to; 0, or LAUNCH_FAILED after one line. */
int trace_file_load(const char *path, void *to, uint64_t bytes);

#endif /* LAUNCH_TRACE_FILE_H */
