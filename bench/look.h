/* SPDX-License-Identifier: GPL-2.0-only */
/* look.h - answer questions about the cores of a running case (`trimm show`). See look.c. */
#ifndef BENCH_LOOK_H
#define BENCH_LOOK_H

#include "case.h"

/* Answer the question that waits, if one does. On slot 0, between slices. */
void look_if_asked(struct bench_case *bench);

#endif /* BENCH_LOOK_H */
