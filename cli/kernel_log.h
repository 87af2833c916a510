/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kernel_log.h - what the kernels of a run's guests said, kept beside its records: what starts a
 * guest appends to $TRIMM_KERNEL_LOG, which is results/runs/<run_id>.kernel.log; a line "== words"
 * begins each case. No guest, no such file.
 */
#ifndef CLI_KERNEL_LOG_H
#define CLI_KERNEL_LOG_H

/* From now on, of the run in file @run. */
void kernel_log_begin(const char *run);
/* The run is over. The name of the file, malloc()ed; NULL: nothing was said. */
char *kernel_log_end(void);

#endif /* CLI_KERNEL_LOG_H */
