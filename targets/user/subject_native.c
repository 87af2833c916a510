/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * subject_native.c - what a program on this system gets without asking for more: kmalloc is
 * malloc(3) and pages are aligned_alloc(3) of the C library; vmalloc is mmap(2),
 * mremap(2) and munmap(2), as the kernel's own areas are not within reach.
 */
#include "subject.h"

#include <malloc.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "resident.h"
#include "subjects.h"

static void *native_malloc(uintptr_t bytes)
{
	return malloc(bytes);
}

static void *native_calloc(uintptr_t bytes)
{
	return calloc(1, bytes);
}

static void native_free(void *memory, uintptr_t bytes)
{
	(void)bytes;
	free(memory);
}

static unsigned long native_usable(void *memory, uintptr_t bytes)
{
	(void)bytes;
	return malloc_usable_size(memory);
}

static const struct subject_api by_size = {
	.alloc = native_malloc,
	.free = native_free,
	.usable = native_usable,
	.alloc_zeroed = native_calloc,
};

static void *native_pages(uintptr_t order)
{
	return aligned_alloc(TRI_PAGE_SIZE << order, TRI_PAGE_SIZE << order);
}

static const struct subject_api pages = {
	.alloc = native_pages,
	.free = native_free,
	.usable = native_usable,
};

static void *native_map(uintptr_t bytes)
{
	void *memory =
		mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

static void native_unmap(void *memory, uintptr_t bytes)
{
	if (memory)
		munmap(memory, bytes);
}

static unsigned long native_mapped(void *memory, uintptr_t bytes)
{
	(void)memory;
	return (bytes + TRI_PAGE_SIZE - 1) & -TRI_PAGE_SIZE;
}

static void *native_remap(void *memory, uintptr_t bytes, uintptr_t now)
{
	void *moved = mremap(memory, bytes, now, MREMAP_MAYMOVE);

	return moved == MAP_FAILED ? NULL : moved;
}

static const struct subject_api mappings = {
	.alloc = native_map,
	.free = native_unmap,
	.realloc = native_remap,
	.usable = native_mapped,
};

static const char *native_version(void)
{
	static char text[64];

	if (!confstr(_CS_GNU_LIBC_VERSION, text, sizeof(text)))
		return "libc";
	return text;
}

const struct subject subject_native = {
	.name = "native",
	.about = "the C library's malloc and aligned_alloc, and mmap",
	.has_memory = true,
	.api = {[SUBJECT_VMALLOC] = &mappings,
		[SUBJECT_KMALLOC] = &by_size,
		[SUBJECT_PAGES] = &pages},
	.lacks = {[SUBJECT_VMALLOC_ALIGN] = "mmap(2) takes no alignment",
		  [SUBJECT_VMALLOC_NOBLOCK] = "mmap(2) has no form that does not sleep",
		  [SUBJECT_PERCPU] = "a process has no per-CPU memory",
		  [SUBJECT_KVFREE_RCU] = "the C library has no RCU",
		  [SUBJECT_KVFREE_RCU_MIGHTSLEEP] = "the C library has no RCU"},
	.version = native_version,
	.held = resident_bytes,
};
