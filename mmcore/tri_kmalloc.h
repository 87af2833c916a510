/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tri_kmalloc.h - memory by size: Linux's kmalloc family (include/linux/slab.h).
 *
 * Sizes up to 8,192 come from caches of 8, 16, 32, 64, 96, 128, 192, 256 .. 8192 bytes (not
 * with slab=slob), larger ones are blocks of pages. Power-of-two sizes are aligned to
 * themselves, up to a page. Size 0 gives TRI_ZERO_SIZE_PTR, which may be freed, not used.
 */
#ifndef MMCORE_TRI_KMALLOC_H
#define MMCORE_TRI_KMALLOC_H

#include "gfp.h"

#define TRI_KMALLOC_MAX_CACHE 8192UL
#define TRI_KMALLOC_MAX	      (4UL << 20)
#define TRI_ZERO_SIZE_PTR     ((void *)16)

void *tri_kmalloc(unsigned long size, tri_gfp_t gfp);
void *tri_kzalloc(unsigned long size, tri_gfp_t gfp);
/* @n elements of @size; NULL if the product overflows. */
void *tri_kmalloc_array(unsigned long n, unsigned long size, tri_gfp_t gfp);
void *tri_kcalloc(unsigned long n, unsigned long size, tri_gfp_t gfp);
/*
 * Keeps the contents up to the smaller size; on failure NULL and @object is untouched. NULL
 * allocates, @size 0 frees and gives TRI_ZERO_SIZE_PTR. Where every call for an object has
 * TRI_GFP_ZERO, what is behind its old contents is zero.
 */
void *tri_krealloc(void *object, unsigned long size, tri_gfp_t gfp);
/* Bytes that may be used at @object, at least those asked for. */
unsigned long tri_ksize(const void *object);
void tri_kfree(const void *object);
void tri_kfree_bulk(unsigned long n, void **objects);

/*
 * kmalloc, without retries if larger than a page; then vmalloc. GFP_KERNEL-like @gfp only for
 * the latter. Freed by tri_kvfree(), which takes kmalloc's, vmalloc's and NULL. May sleep.
 */
void *tri_kvmalloc(unsigned long size, tri_gfp_t gfp);
void *tri_kvzalloc(unsigned long size, tri_gfp_t gfp);
/*
 * As tri_krealloc(); moves from kmalloc to vmalloc where it must, and never back: there the
 * rules are tri_vrealloc()'s.
 */
void *tri_kvrealloc(void *memory, unsigned long size, tri_gfp_t gfp);
void tri_kvfree(const void *memory);

#endif /* MMCORE_TRI_KMALLOC_H */
