/* SPDX-License-Identifier: GPL-2.0-only */
/* fwcfg.c - QEMU's configuration device: select an item by its key, read it byte by byte. */
#include "fwcfg.h"

#include "port.h"

#define FWCFG_SELECT	0x510
#define FWCFG_DATA	0x511
#define FWCFG_SIGNATURE 0x00 /* "QEMU" */
#define FWCFG_NB_CPUS	0x05 /* two bytes, little endian */

static uint32_t item(uint16_t key, unsigned int bytes)
{
	uint32_t value = 0;
	unsigned int i;

	port_out16(FWCFG_SELECT, key);
	for (i = 0; i < bytes; i++)
		value |= (uint32_t)port_in8(FWCFG_DATA) << 8 * i;
	return value;
}

unsigned int fwcfg_cpus(void)
{
	if (item(FWCFG_SIGNATURE, 4) != ('Q' | 'E' << 8 | 'M' << 16 | 'U' << 24))
		return 1;
	return item(FWCFG_NB_CPUS, 2);
}
