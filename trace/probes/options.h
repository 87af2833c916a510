/* SPDX-License-Identifier: GPL-2.0-only */
/* options.h - what trimm-trace was asked for. */
#ifndef TRACE_PROBES_OPTIONS_H
#define TRACE_PROBES_OPTIONS_H

#include "probe.h"

/* Exit codes, if they are not those of the command that is watched; the last two as a shell's. */
enum { TRACE_FAILED = 1, TRACE_USAGE = 2, TRACE_CANNOT_RUN = 126, TRACE_NOT_FOUND = 127 };

#define TRACE_WORDS_MAX 64

struct options {
	const char *names; /* of probes, "ipi,tlbflush" */
	struct probe_options probe;
	char *words[TRACE_WORDS_MAX + 1]; /* what probe.words points to */
	double seconds, interval;	  /* 0: none */
	bool floor;			  /* say what an empty program costs */
	int output;			  /* where records go */
	int first;			  /* of --module; negative: without */
	char *const *command;		  /* NULL: none */
};

/*
 * "\nWORD\nWORD...": for a trimm-trace in a guest that is to do the same there, as far as it can:
 * processes here are none of its.
 */
char *options_for_guest(const struct options *options);
/* Words of the command line. 0; or -1: all is done; or an exit code, after a line. */
int options_read(struct options *options, int argc, char **argv);

#endif /* TRACE_PROBES_OPTIONS_H */
