/* SPDX-License-Identifier: GPL-2.0-only */
/* subject_mmcore.c - this project's memory core, through the CPU's current core. */
#include "subject.h"

static void mmcore_free(void *memory)
{
	tri_vfree(memory);
}

static void mmcore_finish(void)
{
	tri_vmalloc_purge();
}

const struct subject subject_mmcore = {
	.name = "mmcore",
	.about = "trimm's memory core",
	.has_core = true,
	.has_memory = true,
	.alloc = tri_vmalloc,
	.free = mmcore_free,
	.finish = mmcore_finish,
};
