/* SPDX-License-Identifier: GPL-2.0-only */
/* guest.h - record the kernel of a guest. */
#ifndef TRACE_KERNEL_GUEST_H
#define TRACE_KERNEL_GUEST_H

#include "options.h"

/*
 * Boot it, by trimm-qemu; this program records there as it would here, and the trace comes out of
 * the guest when the command has ended. The exit code, after a line if it is not 0.
 */
int record_guest(const struct options *options);

#endif /* TRACE_KERNEL_GUEST_H */
