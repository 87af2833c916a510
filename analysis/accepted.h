/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * accepted.h - changes that somebody looked at and found right, from the file results/accepted.
 *
 * The file is text, kept under version control. Its first line says "trimm-accepted/1"; each of the
 * others, but empty ones and those that begin with '#', is
 *
 *	COMMIT SERIES METRIC[<=RATIO] REASON...
 *
 * COMMIT: 7 to 40 hex digits. SERIES: a series' 16 hex digits, or a pattern (fnmatch(3)) of its
 * workload, or of WORKLOAD:LABEL with ',' for each space. METRIC: a pattern, too. RATIO, above 0:
 * accepted while HEAD is no more than so many times the reference, or after than before; without
 * it, however much that is. REASON: the rest of the line.
 */
#ifndef ANALYSIS_ACCEPTED_H
#define ANALYSIS_ACCEPTED_H

#include "night.h"

struct accepted_entry {
	const char *commit, *series, *metric, *reason;
	double ratio; /* INFINITY: any */
	size_t line;
};

struct accepted {
	size_t nr;
	struct accepted_entry *entries; /* in the file's order */
};

/*
 * 0 with *out, empty if there is no such file; -1 with @error, FILE:LINE and what is wrong there,
 * and *out NULL.
 */
int accepted_load(const char *path, struct accepted **out, struct run_error *error);
void accepted_free(struct accepted *accepted);

/* Does SERIES, as above, name this one? */
bool accepted_names(const char *name, const char *series, const char *workload, const char *label);

/* What is asked for: does @commit come after @good, up to and with @bad? Commits may be short. */
struct accepted_commits {
	/* Is @commit an ancestor of @head, or @head itself? NULL: nobody can tell, then by names.
	 */
	bool (*holds)(void *arg, const char *commit, const char *head);
	void *arg;
};

struct accepted_change {
	const char *series, *workload, *label, *metric;
	const char *good, *bad; /* commits, 40 hex digits */
	double ratio;		/* after / before */
};

/* The first entry that is about this change, or NULL. */
const struct accepted_entry *accepted_find(const struct accepted *accepted,
					   const struct accepted_commits *commits,
					   const struct accepted_change *change);

/*
 * Mark cases of a night of which all that regressed is accepted, the reference being good and HEAD
 * bad; unmark all others. The texts are copied into the night.
 */
void accepted_mark_night(const struct accepted *accepted, const struct accepted_commits *commits,
			 struct night *night);

#endif /* ANALYSIS_ACCEPTED_H */
