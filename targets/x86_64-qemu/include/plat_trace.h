/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * plat_trace.h - who listens to a point, on the bare machine: all or none of them go into a ring of
 * each CPU (point_rings.h), as events= says.
 */
#ifndef X86_64_QEMU_PLAT_TRACE_H
#define X86_64_QEMU_PLAT_TRACE_H

#define PLAT_TRACED(name) POINT_TESTED("b", points_on)

/* There is no red zone, and no vector register in use; one function for all points. */
#define POINT_STEP
#define POINT_TELL(name) "push %[id]\n\tcall points_put"
#define POINT_BACK	 "+8"
#define POINT_CLOBBERS
#include "point_call.h"

extern uint8_t points_on; /* written while no worker runs */
void points_put(POINT_SKIPPED, unsigned long id, unsigned long f1, unsigned long f2,
		unsigned long f3, unsigned long f4) POINT_KEEPS;

#endif /* X86_64_QEMU_PLAT_TRACE_H */
