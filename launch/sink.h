/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sink.h - records on their way out: to the descriptor named by $TRIMM_RECORD_FD, or stdout;
 * those of type "model" replaced by what the plugin's rows say.
 */
#ifndef LAUNCH_SINK_H
#define LAUNCH_SINK_H

#include "rows.h"

#include <stdbool.h>
#include <stddef.h>

struct sink {
	int fd;
	const struct rows *rows; /* NULL: no plugin counts */
	bool closed;		 /* nobody reads any more: the run may end */
	char wrong[256];	 /* what a record got wrong, or "" */
};

void sink_open(struct sink *sink, const struct rows *rows);
/* One record, its newline not included. Nothing more is written after a wrong one. */
void sink_record(struct sink *sink, const char *line, size_t length);

#endif /* LAUNCH_SINK_H */
