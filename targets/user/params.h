/* SPDX-License-Identifier: GPL-2.0-only */
/* params.h - the settings of this target, as its other files need them. */
#ifndef USER_PARAMS_H
#define USER_PARAMS_H

#include <stdbool.h>
#include <stddef.h>

bool params_host_exact(void);
size_t params_memory(void); /* bytes of frames per core */
size_t params_window(void); /* bytes of address space per core, a multiple of 2 MiB */
/* Bytes of zones DMA and DMA32 of each core, multiples of the largest block; 0: no such zone. */
size_t params_dma(void);
size_t params_dma32(void);

#endif /* USER_PARAMS_H */
