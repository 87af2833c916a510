/* SPDX-License-Identifier: GPL-2.0-only */
/* accel.h - emulation or KVM: what accel=auto comes to on this machine, and why. */
#ifndef LAUNCH_ACCEL_H
#define LAUNCH_ACCEL_H

#include "options.h"

#include <stddef.h>

/* Where the answer of `trimm-qemu probe` may be given, so that a run asks only once. */
#define ACCEL_PROBED "TRIMM_KVM"

struct accel {
	const char *name; /* "tcg" or "kvm" */
	const char *cpu;  /* the processor, as QEMU's -cpu has it */
	char why[160];	  /* what was found, or "": nobody had to look */
};

/* KVM is only worth asking for where a case is timed. */
void accel_choose(struct accel *accel, const struct options *options);

#endif /* LAUNCH_ACCEL_H */
