/* SPDX-License-Identifier: GPL-2.0-only */
/* digests.h - what operations every workload makes of a seed, and nothing else: see digests.c. */
#ifndef BENCH_DIGESTS_H
#define BENCH_DIGESTS_H

/*
 * For each workload a line {"t":"digests","workload":W,"seed":S,"digests":{ARM:DIGEST,...}} for
 * each word seed=; all other @words are those of each case: cpus=, arm:impl=. An arm that can't
 * run here has no digest. An exit code.
 */
int digests(int nr_words, char *const *words);

#endif /* BENCH_DIGESTS_H */
