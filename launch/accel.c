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

/*
 * All that there is. KVM: without what keeps guests from other hosts, or an invariant TSC and its
 * rate are hidden; and without ARCH_CAPABILITIES, of no use here, whose MSR nested hosts announce
 * and then refuse, at which QEMU 7.2 aborts.
 */
static const char cpu_tcg[] = "max", cpu_kvm[] = "max,migratable=off,arch-capabilities=off";

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

	*accel = (struct accel){.name = "tcg", .option = "tcg,thread=single", .cpu = cpu_tcg};
	if (!strcmp(options->accel, "mttcg"))
		*accel = (struct accel){
			.name = "mttcg", .option = "tcg,thread=multi", .cpu = cpu_tcg};
	if (!strcmp(options->accel, "kvm") || (asked && probe(accel->why, sizeof(accel->why)))) {
		accel->name = accel->option = "kvm";
		accel->cpu = cpu_kvm;
	}
}
