/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * gfp_name.c - see gfp_name.h. First the sets that the kernel's source mostly names, the largest
 * first; then single flags. Those above ZEROTAGS are at other places with other configurations:
 * numbers.
 */
#include "gfp_name.h"

#include <stdio.h>
#include <string.h>

static const struct gfp_set {
	uint32_t flags;
	const char *name;
} sets[] = {
	{0x100cca, "GFP_HIGHUSER_MOVABLE"},
	{0x100cc2, "GFP_HIGHUSER"},
	{0x100cc0, "GFP_USER"},
	{0xcc0, "GFP_KERNEL"},
	{0xc40, "GFP_NOFS"},
	{0xc00, "GFP_NOIO"},
	{0xa20, "GFP_ATOMIC"}, /* to 6.2 */
	{0x820, "GFP_ATOMIC"},
	{0x800, "GFP_NOWAIT"},
	{0x1, "DMA"},
	{0x2, "HIGHMEM"},
	{0x4, "DMA32"},
	{0x8, "MOVABLE"},
	{0x10, "RECLAIMABLE"},
	{0x20, "HIGH"},
	{0x40, "IO"},
	{0x80, "FS"},
	{0x100, "ZERO"},
	{0x200, "ATOMIC"}, /* to 6.2 */
	{0x400, "DIRECT_RECLAIM"},
	{0x1000, "WRITE"},
	{0x2000, "NOWARN"},
	{0x4000, "RETRY_MAYFAIL"},
	{0x8000, "NOFAIL"},
	{0x10000, "NORETRY"},
	{0x20000, "MEMALLOC"},
	{0x40000, "COMP"},
	{0x80000, "NOMEMALLOC"},
	{0x100000, "HARDWALL"},
	{0x200000, "THISNODE"},
	{0x400000, "ACCOUNT"},
	{0x800000, "ZEROTAGS"},
};

void gfp_name(uint32_t flags, char *text, size_t size)
{
	const char *between = "";
	size_t used = 0;

	*text = '\0';
	for (size_t i = 0; i < sizeof(sets) / sizeof(*sets) && used < size; i++) {
		if ((flags & sets[i].flags) != sets[i].flags)
			continue;
		flags &= ~sets[i].flags;
		used += (size_t)snprintf(text + used, size - used, "%s%s", between, sets[i].name);
		between = "|";
	}
	if (used < size && (flags || !used))
		snprintf(text + used, size - used, flags ? "%s0x%x" : "%s%u", between, flags);
}
