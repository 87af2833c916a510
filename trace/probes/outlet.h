/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * outlet.h - records on their way to who reads them, who may be slow, or have stopped: a pager that
 * waits for its user. Who traces never waits for it, for a case may be waiting for him.
 */
#ifndef TRACE_PROBES_OUTLET_H
#define TRACE_PROBES_OUTLET_H

#include <stdbool.h>
#include <stddef.h>

/* Single events wait in so much memory at most, bytes; all else is little, and always taken. */
#define OUTLET_EVENTS_MAX (8UL << 20)

struct outlet {
	int fd;
	char *waiting;
	size_t from, to, room; /* what waits is between @from and @to */
	bool broken;	       /* nobody reads any more: what comes is thrown away */
};

void outlet_open(struct outlet *outlet, int fd);
void outlet_close(struct outlet *outlet);
/* Take @text; false: there was no room for it, which can happen to one that @may_go only. */
bool outlet_put(struct outlet *outlet, const char *text, size_t length, bool may_go);
/* Write what can be written at once. */
void outlet_flush(struct outlet *outlet);
/*
 * Write all, as long as that takes; true: it is done, or nobody reads any more. False: there is
 * something to be read at @stop (negative: nothing will be) while the reader takes nothing.
 */
bool outlet_finish(struct outlet *outlet, int stop);

#endif /* TRACE_PROBES_OUTLET_H */
