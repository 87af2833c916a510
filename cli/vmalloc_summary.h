/* SPDX-License-Identifier: GPL-2.0-only */
/* vmalloc_summary.h - a run of the kernel's vmalloc tests in the lines that the kernel prints. */
#ifndef CLI_VMALLOC_SUMMARY_H
#define CLI_VMALLOC_SUMMARY_H

#include "run.h"

#include <stdio.h>

/*
 * An arm after the other, its tests as measured. What follows "avg: " is the mean over the repeats
 * of the time that all workers together took for their loops, in us, without the purge that ends a
 * repeat. Under the lines of a target whose time is an emulator's it says so.
 */
void vmalloc_summary_print(const struct run *run, FILE *out);

#endif /* CLI_VMALLOC_SUMMARY_H */
