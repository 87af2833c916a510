/* SPDX-License-Identifier: GPL-2.0-only */
/* describe_trace.h - see describe_trace.c. */
#ifndef USER_DESCRIBE_TRACE_H
#define USER_DESCRIBE_TRACE_H

/* The exit code: 0, or 2 after one line where nothing of it is good. */
int describe_trace(const char *path);

#endif /* USER_DESCRIBE_TRACE_H */
