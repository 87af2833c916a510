/* SPDX-License-Identifier: GPL-2.0-only */
/* accel.c - see accel.h. */
#include "accel.h"
#include "kvm_probe.h"
#include "launch.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The answer begins with the verdict, so that it can be handed on as one text. */
static const char yes[] = "ok ", no[] = "no ";

int launch_probe(void)
{
	char found[160];
	bool fast = kvm_probe(found, sizeof(found));

	printf("%s%s\n", fast ? yes : no, found);
	return 0;
}

static bool probe(char *found, size_t size)
{
	const char *before = getenv(ACCEL_PROBED);

	if (!before || (strncmp(before, yes, strlen(yes)) && strncmp(before, no, strlen(no))))
		return kvm_probe(found, size);
	snprintf(found, size, "%s", before + strlen(yes));
	return *before == *yes;
}

void accel_choose(struct accel *accel, const struct options *options)
{
	bool asked = !strcmp(options->accel, "auto") && options->runs && !options->exact;

	*accel = (struct accel){.name = "tcg"};
	if (!strcmp(options->accel, "kvm") || (asked && probe(accel->why, sizeof(accel->why))))
		accel->name = "kvm";
}
