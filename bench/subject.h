/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * subject.h - what a workload drives: mmcore, a peer, or nothing at all.
 *
 * A subject offers families of calls; a workload drives one of them. All subjects are
 * called through the same one indirect call, so that its price is in every row and cancels
 * in comparisons. The null subject measures it.
 */
#ifndef BENCH_SUBJECT_H
#define BENCH_SUBJECT_H

#include "core_calls.h"
#include "host.h"

enum subject_family {
#define FAMILY(symbol, name, about) SUBJECT_##symbol,
#include "families.def"
#undef FAMILY
	SUBJECT_FAMILIES
};
extern const char *const subject_family_name[SUBJECT_FAMILIES];

/* A @what of two parts: @bytes below 64 MiB, and a shift or a flag. */
#define SUBJECT_BYTES_BITS 26
static inline uintptr_t subject_what(unsigned long bytes, unsigned int shift)
{
	return bytes | (uintptr_t)shift << SUBJECT_BYTES_BITS;
}

static inline unsigned long subject_bytes(uintptr_t what)
{
	return what & ((1UL << SUBJECT_BYTES_BITS) - 1);
}

static inline unsigned int subject_shift(uintptr_t what)
{
	return what >> SUBJECT_BYTES_BITS;
}

/* @free gets the @what of the allocation; NULL may be freed but in SUBJECT_CACHE. */
struct subject_api {
	void *(*alloc)(uintptr_t what);
	void (*free)(void *memory, uintptr_t what);
	/*
	 * All @n objects, or none and 0. NULL: there is no such call. @objects is for @free_bulk
	 * alone to read; of SUBJECT_PAGES, order 0 only.
	 */
	unsigned long (*alloc_bulk)(uintptr_t what, unsigned long n, void **objects);
	void (*free_bulk)(uintptr_t what, unsigned long n, void **objects);
	/*
	 * From @what to @now: contents stay up to the smaller, what is new is undefined, as is
	 * where the result lies. NULL: @memory is as before. There may be no such call.
	 */
	void *(*realloc)(void *memory, uintptr_t what, uintptr_t now);
	/* Bytes that may be used at @memory; NULL: nothing to tell beyond what was asked for. */
	unsigned long (*usable)(void *memory, uintptr_t what);
	/* As alloc, all of it zero. NULL: there is no such call. */
	void *(*alloc_zeroed)(uintptr_t what);
	/* What the family defers beyond the subject's finish(), which follows; may be NULL. */
	void (*finish)(void);
};

struct subject {
	const char *name, *about;
	/* It needs a tri_core, whose event counters and settings apply; NULL: none. */
	const struct core_calls *core;
	bool has_memory; /* what alloc returns may be written to */
	/* Of another build of mmcore: what it is of, which bytes it is; else NULL. */
	const char *revision, *build_id;
	const struct subject_api *api[SUBJECT_FAMILIES]; /* NULL: not offered */
	/* Why not, where "this impl= offers no vmalloc" does not tell; entries may be NULL. */
	const char *lacks[SUBJECT_FAMILIES];
	/* For SUBJECT_CACHE: 0 if there is no memory. */
	uintptr_t (*cache_create)(unsigned int size);
	void (*cache_destroy)(uintptr_t cache);
	/*
	 * For SUBJECT_VMAP and SUBJECT_VM_MAP_RAM: @n single frames, in use until given back; 0 if
	 * there is no memory. May be mapped more than once at a time.
	 */
	uintptr_t (*frames_get)(unsigned long n);
	void (*frames_put)(uintptr_t frames);
	/* Why it can't be used here and what to do about it, or NULL; may be NULL. */
	const char *(*obstacle)(const struct subject *subject);
	/* What a result must name, "jemalloc 5.3.0"; may be NULL: it is this build. */
	const char *(*version)(void);
	/* Bytes it keeps from everybody else, its bookkeeping included; -1: can't be told. */
	long (*held)(void);
	/* Finish deferred work (a lazy purge); may be NULL. */
	void (*finish)(void);
};

#define SUBJECT(name) extern const struct subject subject_##name;
#include "subjects.def"
#undef SUBJECT
/* Why @subject does not offer @family, which it does not. */
const char *subject_lacks(const struct subject *subject, enum subject_family family);
/* Those above, then the target's own (host_subjects()). Ended by NULL. */
const struct subject *const *subjects_all(void);

#endif /* BENCH_SUBJECT_H */
