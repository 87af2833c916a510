/* SPDX-License-Identifier: GPL-2.0-only */
/* say.h - one line to the user, on stderr: "trimm: ...". */
#ifndef TRACE_PROBES_SAY_H
#define TRACE_PROBES_SAY_H

void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif /* TRACE_PROBES_SAY_H */
