/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fence.c - a full barrier on every CPU that runs one of our threads: membarrier(2), Linux
 * 4.14. Where the host has none (an emulator), moving a page of ours to another protection
 * makes the host interrupt them all.
 */
#include <linux/membarrier.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "platform.h"
#include "tri.h"

static char page[TRI_PAGE_SIZE] __attribute__((aligned(TRI_PAGE_SIZE)));

static void fence_by_unmapping(void)
{
	static plat_spinlock_t lock;

	plat_spin_lock(&lock);
	page[0] = 1; /* present and dirty: taking the right to write away needs a shootdown */
	mprotect(page, sizeof(page), PROT_READ);
	mprotect(page, sizeof(page), PROT_READ | PROT_WRITE);
	plat_spin_unlock(&lock);
}

/* The caller needs a full barrier as well; entering the host is one. */
void plat_fence_cpus(void)
{
	/* Registering twice costs nothing and saves asking whether it was done. */
	if (syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) ||
	    syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0))
		fence_by_unmapping();
}
