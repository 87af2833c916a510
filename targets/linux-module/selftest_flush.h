/* SPDX-License-Identifier: GPL-2.0-only */
/* selftest_flush.h - no CPU may use an old translation after a flush. For tests. */
#ifndef LINUX_MODULE_SELFTEST_FLUSH_H
#define LINUX_MODULE_SELFTEST_FLUSH_H

/*
 * On all CPUs of the case, in a core of its own. One line a kind of flush; an exit code: 0 if all
 * CPUs had old translations of all pages, and after no flush one was used, nor a CPU not waited
 * for. On slot 0, after params_reset().
 */
int selftest_flush(void);

#endif /* LINUX_MODULE_SELFTEST_FLUSH_H */
