/* SPDX-License-Identifier: GPL-2.0-only */
/* doctor.h - a question each about this machine; an answer is one line, or a few. */
#ifndef CLI_DOCTOR_H
#define CLI_DOCTOR_H

enum finding {
	FINDING_OK,
	FINDING_WARN,	/* works, but weakens what is measured */
	FINDING_MISSING /* that part of trimm can't work here */
};

/* One answer: what was found and, unless all is well, what to do. */
void doctor_say(enum finding finding, const char *subject, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#define PROBE(name) void doctor_##name(void);
#include "doctor.def"
#undef PROBE

#endif /* CLI_DOCTOR_H */
