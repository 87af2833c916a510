/* SPDX-License-Identifier: GPL-2.0-only */
/* harness.h - the harness's one entrance, the same on every target. */
#ifndef BENCH_HARNESS_H
#define BENCH_HARNESS_H

/*
 * Do what the words say: "describe" (one JSON object: workloads and parameters), "check"
 * and a case (is it valid?), "digests" and what digests.h says, or a case. Returns the exit code: 0
 * fine, 1 measurement failed or was stopped, 2 usage (one line was printed), 77 skipped or not
 * applicable.
 */
int bench_main(int nr_words, char *const *words);

#endif /* BENCH_HARNESS_H */
