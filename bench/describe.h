/* SPDX-License-Identifier: GPL-2.0-only */
/* describe.h - what this target can run, as one JSON object for the trimm command. */
#ifndef BENCH_DESCRIBE_H
#define BENCH_DESCRIBE_H

/* An exit code. */
int describe(void);

#endif /* BENCH_DESCRIBE_H */
