/* SPDX-License-Identifier: GPL-2.0-only */
/* row_file.h - the file of rows.h, as its writer. */
#ifndef TLBMODEL_ROW_FILE_H
#define TLBMODEL_ROW_FILE_H

#include "rows.h"

/*
 * Make the file, empty but for @words on the model, and @absent (rows.h). 0, or -1 after a line
 * on stderr.
 */
int row_file_open(const char *path, const char *words, uint64_t absent);
/* The row to fill next, all zero. Beyond ROWS_MAX it is one that nobody reads. */
struct row *row_file_begin(void);
/* It is complete. */
void row_file_end(void);

#endif /* TLBMODEL_ROW_FILE_H */
