/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * night_judge.h - from the runs of a night to its cases and their verdicts.
 *
 * Each core is an arm, told by its parameter core=: the pinned reference, the same file loaded a
 * second time (what it differs by is noise), and HEAD. Exact runs hold reference and head; timed
 * ones all three, each case in several processes, because one process is one layout.
 */
#ifndef ANALYSIS_NIGHT_JUDGE_H
#define ANALYSIS_NIGHT_JUDGE_H

#include "night.h"

/* Values of core= in the runs of a night. */
#define NIGHT_REFERENCE "reference"
#define NIGHT_COPY	"copy"
#define NIGHT_HEAD	"head"

/* The files of a part, in any order and each with any of the part's cases and processes. */
struct night_files {
	size_t nr;
	const struct run *const *run;
};

/*
 * Replace the cases of @night by those that @files hold, judged by its threshold: those of the
 * exact part in file order, then those that were only timed. A part without files was not
 * measured; a case that the second invocation alone has is passed over. What is accepted is not
 * known here. 0, or -1 with @error set and no case.
 */
int night_judge(struct night *night, const struct night_files files[NIGHT_PARTS],
		struct run_error *error);

/*
 * Must its time be measured in a second invocation, so that it can be judged? A case that both
 * invocations must call slower is found less often than one of them finds it, so first give what
 * is inconclusive more processes.
 */
bool night_wants_again(const struct night_case *item);
/*
 * Would as many processes more, in a file of their own, help @part, NIGHT_TIME or NIGHT_AGAIN?
 * Ask once: who measures until it is certain finds what is not there.
 */
bool night_wants_more(const struct night_case *item, enum night_part part);

/*
 * How many processes each of @cases timed cases needs: what the measured error rates of
 * tests/stats/paired.c call for.
 */
size_t night_processes(size_t cases);

#endif /* ANALYSIS_NIGHT_JUDGE_H */
