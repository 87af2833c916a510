/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * paging.c - page tables and what drops cached translations (Intel SDM volume 3, chapter 4).
 *
 * RAM and the image are global pages: they outlive moves to CR3. The image's RAM is not seen at
 * MEMORY_BASE too, so that no second, writable view of text exists. Nothing is mapped at 0.
 */
#include "paging.h"

#include "channel.h"
#include "cpu.h"
#include "ipi.h"
#include "layout.h"
#include "machine.h"
#include "port.h"
#include "start.h"

#define PRESENT	 (1UL << 0)
#define WRITE	 (1UL << 1)
#define UNCACHED (3UL << 3)
#define ACCESSED (1UL << 5)
#define DIRTY	 (1UL << 6)
#define HUGE	 (1UL << 7)
#define GLOBAL	 (1UL << 8)
#define NO_EXEC	 (1UL << 63)
/* Accessed and dirty in advance: the CPU never has to write them. */
#define TABLE  (PRESENT | WRITE | ACCESSED)
#define TEXT   (PRESENT | ACCESSED | GLOBAL)
#define RODATA (TEXT | NO_EXEC)
#define DATA   (RODATA | WRITE | DIRTY)

#define CR3_KEEP  (1UL << 63)
#define CR4_PGE	  (1UL << 7)
#define CR4_PCIDE (1UL << 17)
#define CR4_SMEP  (1UL << 20)
#define CR4_SMAP  (1UL << 21)

#define APIC_PAGE 0xfee00000UL /* 2 MiB aligned */

#define PAGE	4096UL
#define ENTRIES 512
#define MIB2	(2UL << 20)
#define GIB	(1UL << 30)

typedef uint64_t table[ENTRIES] __attribute__((aligned(4096)));

static table root, ram_level3, ram_level2[MEMORY_LIMIT / GIB];
static table image_level3, image_level2, data_level1, top_level2;
static table window_level3[PAGING_WINDOW_BYTES >> 39];

/* Loaded by boot.S on other CPUs. */
uint64_t boot_root;
static struct channel *shared;
static bool has_pcid;

extern char image_text[], image_rodata[], image_data[], image_end[];

static unsigned int slot(uintptr_t va, unsigned int level)
{
	return va >> (12 + 9 * (level - 1)) & (ENTRIES - 1);
}

static uint64_t image_physical(const void *in_image)
{
	return (uintptr_t)in_image - LAYOUT_BASE;
}

static uint64_t table_entry(const uint64_t *static_table)
{
	return image_physical(static_table) | TABLE;
}

static void map_ram(void)
{
	const struct memory_range *range;
	unsigned int n;
	uint64_t at;

	for (at = 0; at < MEMORY_LIMIT / GIB; at++)
		ram_level3[at] = table_entry(ram_level2[at]);
	range = memory_ranges(&n);
	for (; n; n--, range++)
		for (at = range->start & -MIB2; at < range->end; at += MIB2)
			if (at < LAYOUT_TEXT || at >= LAYOUT_END)
				ram_level2[at / GIB][slot(at, 2)] = at | HUGE | DATA;
	root[LAYOUT_SLOT_MEMORY] = table_entry(ram_level3);
}

static void map_image(void)
{
	uintptr_t at;

	image_level2[slot((uintptr_t)image_text, 2)] = LAYOUT_TEXT | HUGE | TEXT;
	image_level2[slot((uintptr_t)image_rodata, 2)] = table_entry(data_level1);
	for (at = (uintptr_t)image_rodata; at < (uintptr_t)image_end; at += PAGE)
		data_level1[slot(at, 1)] =
			image_physical((void *)at) | (at < (uintptr_t)image_data ? RODATA : DATA);
	image_level3[LAYOUT_SLOT3_IMAGE] = table_entry(image_level2);
	image_level3[slot(PAGING_STACKS, 3)] = table_entry(top_level2);
	top_level2[slot(PAGING_APIC, 2)] = APIC_PAGE | HUGE | DATA | UNCACHED;
	root[LAYOUT_SLOT_IMAGE] = table_entry(image_level3);
}

/* All of them now: what a core takes it gives back whole. */
static void map_windows(void)
{
	unsigned int i;

	for (i = 0; i < PAGING_WINDOW_BYTES >> 39; i++)
		root[slot(PAGING_WINDOWS, 4) + i] = table_entry(window_level3[i]);
}

void paging_init(void)
{
	uint32_t leaf[4];

	cpuid(0x80000001, leaf);
	if (!(leaf[CPUID_D] & 1 << 20))
		start_fail("this CPU cannot forbid execution of pages (NX): choose another (-cpu)");
	map_ram();
	map_image();
	map_windows();
	boot_root = image_physical(root);
	shared = machine_channel();
	if (shared)
		shared->root = boot_root;
	cr3_write(boot_root);
}

/* What the CPU is about to flush, for the plugin; interrupts are off until it does. */
static inline void announce(uint64_t operand)
{
	if (shared)
		shared->mailbox[cpu_this()->number].operand = operand;
}

static void cr4_announced(uint64_t value)
{
	announce(value);
	cr4_write(value);
}

void paging_enable(void)
{
	uint64_t cr4 = cr4_read() | CR4_PGE, flags = irq_save();
	uint32_t leaf[4];

	cpuid(0, leaf);
	if (leaf[CPUID_A] >= 7) {
		cpuid(7, leaf);
		if (leaf[CPUID_B] & 1 << 7)
			cr4 |= CR4_SMEP;
		if (leaf[CPUID_B] & 1 << 20)
			cr4 |= CR4_SMAP;
	}
	cpuid(1, leaf);
	has_pcid = leaf[CPUID_C] & 1 << 17;
	if (has_pcid)
		cr4 |= CR4_PCIDE;
	cr4_announced(cr4);
	irq_restore(flags);
}

int paging_map_stack(uintptr_t va, const void *page)
{
	uint64_t *entry = &top_level2[slot(va, 2)];
	uint64_t *level1;

	if (!*entry) {
		level1 = memory_alloc(PAGE);
		if (!level1)
			return -ENOMEM;
		*entry = memory_physical(level1) | TABLE;
	}
	level1 = memory_ptr(*entry & -PAGE);
	level1[slot(va, 1)] = memory_physical(page) | DATA;
	return 0;
}

static void level3_store(uintptr_t va, uint64_t entry)
{
	unsigned int at = slot(va, 4) - slot(PAGING_WINDOWS, 4);

	__atomic_store_n(&window_level3[at][slot(va, 3)], entry, __ATOMIC_RELEASE);
}

void paging_splice(uintptr_t va, unsigned long pfn)
{
	level3_store(va, pfn * PAGE | TABLE);
}

static void flush_call(void *unused)
{
	(void)unused;
	paging_flush_all();
}

void paging_unsplice(uintptr_t start, uintptr_t end)
{
	for (uintptr_t va = start; va < end; va += GIB)
		level3_store(va, 0);
	paging_flush_all();
	ipi_call_others(flush_call, NULL, true);
}

uint64_t paging_root(void)
{
	return boot_root;
}

void paging_invlpg(uintptr_t va)
{
	uint64_t flags = irq_save();

	announce(va);
	__asm__ volatile("invlpg (%0)" : : "r"(va) : "memory");
	irq_restore(flags);
}

void paging_reload(bool keep)
{
	uint64_t value = boot_root | (keep && has_pcid ? CR3_KEEP : 0), flags = irq_save();

	announce(value);
	cr3_write(value);
	irq_restore(flags);
}

void paging_flush_all(void)
{
	uint64_t flags = irq_save(), cr4 = cr4_read();

	cr4_announced(cr4 & ~CR4_PGE);
	cr4_announced(cr4);
	irq_restore(flags);
}

bool paging_has_pcid(void)
{
	return has_pcid;
}
