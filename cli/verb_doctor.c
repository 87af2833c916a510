/* SPDX-License-Identifier: GPL-2.0-only */
/* verb_doctor.c - trimm doctor: what this machine can measure. */
#include "cli.h"
#include "doctor.h"

#include <stdarg.h>
#include <stdio.h>

static const struct argp argp = {
	.doc = "Say what this machine can measure, one line each, and what to do where it "
	       "can't.\v"
	       "ok: works. warn: works, but weakens what is measured. missing: that part of "
	       "trimm can't work here. Nothing is changed, and the exit code is always 0.",
};

void doctor_say(enum finding finding, const char *subject, const char *fmt, ...)
{
	static const char *const names[] = {"ok", "warn", "missing"};
	va_list args;

	printf("%-8s %-12s ", names[finding], subject);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	putchar('\n');
	/* A probe may take seconds; what is known is shown. */
	fflush(stdout);
}

int verb_doctor(int argc, char **argv)
{
	cli_parse(&argp, argc, argv, NULL);
#define PROBE(name) doctor_##name();
#include "doctor.def"
#undef PROBE
	return TRIMM_FINE;
}
