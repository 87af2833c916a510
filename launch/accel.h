/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * accel.h - emulation or KVM: what accel=auto comes to on this machine, and why.
 *
 * tcg has one thread that takes turns for all CPUs, and a CPU that waits (PAUSE) hands its turn
 * on: spinning costs the others nothing, however many they are (16 CPUs on 2: 0.4 s for what takes
 * a thread each, mttcg, 19 s). mttcg is for true concurrency.
 */
#ifndef LAUNCH_ACCEL_H
#define LAUNCH_ACCEL_H

#include "options.h"

#include <stddef.h>

/* Where the answer of `trimm-qemu probe` may be given, so that a run asks only once. */
#define ACCEL_PROBED "TRIMM_KVM"

struct accel {
	const char *name;   /* "tcg", "mttcg" or "kvm" */
	const char *option; /* the same as QEMU's -accel has it */
	const char *cpu;    /* the processor, as QEMU's -cpu has it */
	char why[160];	    /* what was found, or "": nobody had to look */
};

/* KVM is only worth asking for where a case is timed. */
void accel_choose(struct accel *accel, const struct options *options);

#endif /* LAUNCH_ACCEL_H */
