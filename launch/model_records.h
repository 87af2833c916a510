/* SPDX-License-Identifier: GPL-2.0-only */
/* model_records.h - from the plugin's rows to records of the run's file. */
#ifndef LAUNCH_MODEL_RECORDS_H
#define LAUNCH_MODEL_RECORDS_H

#include "rows.h"

#include <stdbool.h>
#include <stddef.h>

typedef void model_emit_fn(void *arg, const char *line, size_t length);

/*
 * Hand @emit the records that replace @line, a model record (launch.h): a counter each of
 * counters.def, a hist each of a metric's costs that occurred, and a note that names the model.
 * False, and why in @why, if the record or the rows it names are unusable; nothing was emitted.
 */
bool model_records(const struct rows *rows, const char *line, size_t length, model_emit_fn *emit,
		   void *arg, char *why, size_t why_size);

#endif /* LAUNCH_MODEL_RECORDS_H */
