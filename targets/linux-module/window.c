/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * window.c - windows: a range of Linux's own addresses, reserved by ioremap(), whose entries in the
 * tables' third level are replaced by mmcore's tables of the second.
 *
 * vmap() would reserve too, but maps no more pages than the machine has. Nobody touches what is
 * ioremapped, while it is: it is uncached, so no CPU reads it ahead either. All address spaces
 * share the tables concerned, since Linux makes those of vmalloc's addresses when it boots
 * (preallocate_vmalloc_pages(), arch/x86/mm/init_64.c), so one store is seen by all of them.
 */
#include "window.h"

#include <asm/pgtable.h>
#include <asm/processor.h>
#include <linux/cc_platform.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/mm.h>
#include <linux/mutex.h>

#include "host.h"
#include "tlb.h"

static struct reservation {
	void __iomem *mapping; /* NULL: a free entry */
	size_t bytes;	       /* a multiple of PUD_SIZE */
	pud_t *kept;	       /* while the window is open: Linux's entries */
} reservations[WINDOWS];
static DEFINE_MUTEX(lock); /* of the array, when one is taken or given back */

/* Why mmcore's tables can't stand in for Linux's here, or NULL. */
static const char *obstacle(void)
{
	if (cpu_feature_enabled(X86_FEATURE_XENPV))
		return "a Xen PV guest does not write its own page tables";
	if (cc_platform_has(CC_ATTR_MEM_ENCRYPT))
		return "memory is encrypted (SME, SEV), and mmcore's page tables can't say so; "
		       "boot with mem_encrypt=off";
	if (!boot_cpu_has(X86_FEATURE_PGE))
		return "the CPU has no global pages; boot without nopcid, nopge";
	return NULL;
}

/*
 * The highest physical addresses that nothing claims; 0: there are none. RAM begins below, and what
 * is plugged in later comes behind that.
 */
static phys_addr_t nothing_at(size_t bytes)
{
	phys_addr_t limit = 1ULL << boot_cpu_data.x86_phys_bits;

	if (bytes >= limit)
		return 0;
	for (phys_addr_t at = limit - bytes; at >= PUD_SIZE; at -= PUD_SIZE)
		if (region_intersects(at, bytes, IORESOURCE_MEM, IORES_DESC_NONE) ==
		    REGION_DISJOINT)
			return at;
	return 0;
}

static void __iomem *map_nothing(size_t bytes)
{
	phys_addr_t at = nothing_at(bytes);
	void __iomem *mapping;

	if (!at) {
		host_error("no window of %lu GiB: the CPU's %d physical address bits leave no such "
			   "range unused; lower window=",
			   bytes >> 30, (int)boot_cpu_data.x86_phys_bits);
		return NULL;
	}
	mapping = ioremap(at, bytes);
	if (mapping && IS_ALIGNED((uintptr_t)mapping, PUD_SIZE))
		return mapping;
	host_error("no window of %lu GiB: Linux has no such range of addresses left; lower window=",
		   bytes >> 30);
	if (mapping)
		iounmap(mapping);
	return NULL;
}

/*
 * Of a reserved address, so it is there, and in every address space: any will do. This thread's is
 * borrowed, and may be gone once another thread has had the CPU.
 */
static pud_t *entry_of(uintptr_t addr)
{
	pud_t *entry;

	preempt_disable();
	entry = pud_offset(p4d_offset(pgd_offset_pgd(__va(read_cr3_pa()), addr), addr), addr);
	preempt_enable();
	return entry;
}

static struct reservation *reservation_of(uintptr_t start)
{
	struct reservation *of = reservations;

	while ((uintptr_t)of->mapping != start)
		of++;
	return of;
}

uintptr_t window_reserve(size_t bytes)
{
	const char *why = obstacle();
	size_t rounded = ALIGN(bytes, PUD_SIZE);
	struct reservation *free = reservations;
	uintptr_t start = 0;

	if (why) {
		host_error("no window: %s", why);
		return 0;
	}
	mutex_lock(&lock);
	while (free < reservations + WINDOWS && free->mapping)
		free++;
	if (free == reservations + WINDOWS) {
		host_error("no more than %d windows at once; compare fewer arms", WINDOWS);
	} else {
		*free = (struct reservation){.mapping = map_nothing(rounded), .bytes = rounded};
		start = (uintptr_t)free->mapping;
	}
	mutex_unlock(&lock);
	return start;
}

int window_open(struct tri_core *core, uintptr_t start, size_t bytes)
{
	struct reservation *of = reservation_of(start);
	unsigned long n = of->bytes >> PUD_SHIFT;

	(void)bytes;
	of->kept = kvmalloc_array(n, sizeof(*of->kept), GFP_KERNEL);
	if (!of->kept)
		return -ENOMEM;
	for (unsigned long i = 0; i < n; i++) {
		uintptr_t at = start + i * PUD_SIZE;
		pud_t *entry = entry_of(at);

		of->kept[i] = *entry;
		set_pud(entry, __pud(PFN_PHYS(tri_table_pfn(core, at)) | _KERNPG_TABLE));
	}
	/* What was there may be cached, though nobody used it. */
	tlb_forget();
	return 0;
}

void window_close(uintptr_t start, size_t bytes)
{
	struct reservation *of = reservation_of(start);

	(void)bytes;
	for (unsigned long i = 0; i < of->bytes >> PUD_SHIFT; i++)
		set_pud(entry_of(start + i * PUD_SIZE), of->kept[i]);
	tlb_forget();
	kvfree(of->kept);
	of->kept = NULL;
}

void window_release(uintptr_t start, size_t bytes)
{
	struct reservation *of = reservation_of(start);

	(void)bytes;
	mutex_lock(&lock);
	iounmap(of->mapping);
	of->mapping = NULL;
	mutex_unlock(&lock);
}

/* The CPU walks mmcore's own tables: there is nothing to do. */
int plat_entries_stored(uintptr_t va, unsigned int level, unsigned long n, const uint64_t *entries)
{
	(void)va;
	(void)level;
	(void)n;
	(void)entries;
#if TRI_CHECK_LEVEL >= 1
	/* Where all is checked, one slice's operations may keep an emulated CPU for many seconds.
	 */
	if (!irqs_disabled())
		cond_resched();
#endif
	return 0;
}
