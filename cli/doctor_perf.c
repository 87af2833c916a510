/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * doctor_perf.c - perf events: what can be counted, found out by who would count it (trimm-user
 * perf): it opens the counters, as a look into /sys would not tell what a sandbox refuses.
 */
#include "capture.h"
#include "cli.h"
#include "doctor.h"
#include "target.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "ok", "warn" or "missing" as trimm-user wrote it; false: neither. */
static bool finding_of(const char *text, enum finding *out)
{
	static const char *const names[] = {"ok", "warn", "missing"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(text, names[i]))
			continue;
		*out = (enum finding)i;
		return true;
	}
	return false;
}

void doctor_perf(void)
{
	char *argv[] = {target_program("trimm-user"), "perf", NULL};
	char *text, *rest, *line;
	int code = capture(argv, true, &text);
	enum finding finding;
	bool said = false;

	for (line = text && !code ? strtok_r(text, "\n", &rest) : NULL; line;
	     line = strtok_r(NULL, "\n", &rest)) {
		char *fields, *word = strtok_r(line, "\t", &fields);
		char *subject = strtok_r(NULL, "\t", &fields);

		if (!word || !subject || !*fields || !finding_of(word, &finding))
			continue;
		doctor_say(finding, subject, "%s", fields);
		said = true;
	}
	if (!said)
		doctor_say(FINDING_MISSING, "pmu", "unknown: %s does not say; `make` builds it",
			   argv[0]);
	free(text);
	free(argv[0]);
}
