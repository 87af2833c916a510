/* SPDX-License-Identifier: GPL-2.0-only */
/* params.h - the settings of this target, as its other files need them. */
#ifndef X86_64_QEMU_PARAMS_H
#define X86_64_QEMU_PARAMS_H

#include <stddef.h>

size_t params_memory(void); /* bytes of frames per core */
size_t params_window(void); /* bytes of address space per core, a multiple of 2 MiB */
/* Bytes of zones DMA and DMA32 of each core, multiples of the largest block; 0: no such zone. */
size_t params_dma(void);
size_t params_dma32(void);
/* Flushes of more pages than this drop all translations. */
unsigned long params_invlpg_max(void);

/* Bytes of each CPU's ring of events; 0: there are none. */
size_t params_events(void);
/* PIT ticks of a turn where CPUs take turns. */
unsigned int params_quantum(void);

#endif /* X86_64_QEMU_PARAMS_H */
