/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * changes.h - what a reader wants to see first of a comparison: what changed, by how far it can be
 * trusted, then by how much.
 */
#ifndef ANALYSIS_CHANGES_H
#define ANALYSIS_CHANGES_H

#include "compare.h"

enum change_tier {
	CHANGE_COUNTED, /* exact counts judged worse or better */
	CHANGE_TIMED,	/* judged, its interval wholly beyond what is noise */
	CHANGE_UNSURE,	/* less reliable: not judged, inconclusive or unpaired */
	CHANGE_TIERS
};

struct change {
	enum change_tier tier;
	const char *workload, *label;
	const char *next_name;	/* what changed against the base, where there are several; or "" */
	struct compare_row row; /* its texts are the comparison's */
};

struct changes {
	size_t n;
	struct change *list; /* tier by tier, worse ones first, the larger of two first */
	size_t nr[CHANGE_TIERS];
};

/* Add what of @comparison changed; changes_sort() after the last. 0 or -ENOMEM. */
int changes_add(struct changes *changes, const struct comparison *comparison);
/* One that was found otherwise. 0 or -ENOMEM. */
int changes_put(struct changes *changes, const struct change *change);
void changes_sort(struct changes *changes);
void changes_free(struct changes *changes);

#endif /* ANALYSIS_CHANGES_H */
