/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * launch.h - trimm-qemu: run a target inside QEMU as if it were a program like trimm-user.
 *
 *	trimm-qemu kernel WORD...	the bare-metal kernel, under qemu-system-x86_64
 *	trimm-qemu user WORD...		the user target's static build, under qemu-x86_64, exact only
 *
 * The words, records ($TRIMM_RECORD_FD), lines to the user (stderr), signals and exit codes are
 * those of trimm-user. A record of type "model" is between the target and this program: it is
 * replaced by counter and hist records made of the plugin's rows (trace/tlbmodel/rows.h):
 *
 *	{"t":"model","bench":N,"first":ROW,"rows":R,"ops":N,"metrics":["alloc","free"]}
 *
 * Of rows ROW to ROW+R-1, repeats of the same work, the first is the value and the others say
 * whether it is stable.
 */
#ifndef LAUNCH_LAUNCH_H
#define LAUNCH_LAUNCH_H

#endif /* LAUNCH_LAUNCH_H */
