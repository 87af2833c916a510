/* SPDX-License-Identifier: GPL-2.0-only */
/* subject_null.c - does nothing, and so measures the harness around it. */
#include "subject.h"

/* No memory, but not NULL either, which would be a failure. */
static void *null_alloc(uintptr_t what)
{
	return (void *)(what | 16);
}

static void null_free(void *memory, uintptr_t what)
{
	(void)memory;
	(void)what;
}

static unsigned long null_alloc_bulk(uintptr_t what, unsigned long n, void **objects)
{
	(void)what;
	(void)objects;
	return n;
}

static void null_free_bulk(uintptr_t what, unsigned long n, void **objects)
{
	(void)what;
	(void)n;
	(void)objects;
}

static void *null_realloc(void *memory, uintptr_t what, uintptr_t now)
{
	(void)what;
	(void)now;
	return memory;
}

static uintptr_t null_cache_create(unsigned int size)
{
	return size;
}

static void null_cache_destroy(uintptr_t cache)
{
	(void)cache;
}

static uintptr_t null_frames_get(unsigned long n)
{
	return n;
}

static void null_frames_put(uintptr_t frames)
{
	(void)frames;
}

static const struct subject_api nothing = {
	.alloc = null_alloc,
	.free = null_free,
	.alloc_bulk = null_alloc_bulk,
	.free_bulk = null_free_bulk,
	.realloc = null_realloc,
};

const struct subject subject_null = {
	.name = "null",
	.about = "nothing: what remains is the harness's own cost",
	.api = {[0 ... SUBJECT_FAMILIES - 1] = &nothing},
	.cache_create = null_cache_create,
	.cache_destroy = null_cache_destroy,
	.frames_get = null_frames_get,
	.frames_put = null_frames_put,
};
