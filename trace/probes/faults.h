/* SPDX-License-Identifier: GPL-2.0-only */
/* faults.h - what faults' keys are: a is the kind, a set of these bits. */
#ifndef TRACE_PROBES_FAULTS_H
#define TRACE_PROBES_FAULTS_H

/* The processor's error code (Intel SDM volume 3, 4.7), of which these bits are the kind. */
#define FAULTS_PRESENT 0x1 /* there is a page, but not for this */
#define FAULTS_WRITE   0x2
#define FAULTS_EXECUTE 0x10
#define FAULTS_ERROR   (FAULTS_PRESENT | FAULTS_WRITE | FAULTS_EXECUTE)
/* Ours: the kernel's own access; and the page came from a file or a device. */
#define FAULTS_KERNEL 0x100
#define FAULTS_MAJOR  0x200

/* As many kinds as happen: writes and reads, of absent and present pages, user and kernel. */
#define FAULTS_KINDS 16

enum { FAULTS_LATENCY }; /* histograms */
enum {
	FAULTS_ALL,
	FAULTS_MINOR_DONE,
	FAULTS_MAJOR_DONE
}; /* sums; of the last two those that were handled */

#endif /* TRACE_PROBES_FAULTS_H */
