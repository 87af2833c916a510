/* SPDX-License-Identifier: GPL-2.0-only */
/* account.h - what a probe saw, missed and cost, as a record of trimm/1. */
#ifndef TRACE_PROBES_ACCOUNT_H
#define TRACE_PROBES_ACCOUNT_H

#include "common.h"
#include "programs.h"
#include "trace_cost.h"

#include <jansson.h>
#include <stdbool.h>

struct account {
	const char *probe, *status; /* "ok", or in a word why not: then the rest is unknown */
	const char *why;	    /* why not, or what it lacks; "" */
	const char *how;
	double seconds; /* attached */
	struct trace_account events;
	struct program_counts programs;
	bool timed;			   /* programs.runs and .ns are known */
	double floor_ns;		   /* of an empty program; negative: not measured */
	const struct trace_cost *all_cost; /* of all probes together; NULL: no case said so */
};

/* The caller's; without `bench`. */
json_t *account_record(const struct account *account);

#endif /* TRACE_PROBES_ACCOUNT_H */
