/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * slab_debug.c - red zones, poison and owners of objects. See slab_debug.h.
 *
 * The patterns are those of Linux's include/linux/poison.h, so that a hex dump reads the same:
 * a free object is 6b..6b a5, a new one 5a; zones are cc around an object in use, bb around a
 * free one. A free object that changed was used after its free; a zone that changed, before.
 */
#include "slab_debug.h"

#include "core.h"

enum pattern {
	POISON_NEW = 0x5a,
	POISON_FREE = 0x6b,
	POISON_END = 0xa5,
	RED_FREE = 0xbb,
	RED_USED = 0xcc,
};

/* Neither occurs by filling memory with one byte. */
enum state { STATE_FREE = 0x4652, STATE_USED = 0x5573 };

#define ZONE_MIN 8 /* less misses a word written one past the end */

struct owner {
	uintptr_t caller; /* 0: nobody yet */
	uint64_t ticks;
	uint64_t cpu;
};

/* Behind the right zone. */
struct record {
	uint16_t state;
	uint16_t cache;
	uint32_t asked;
	struct owner alloc, free; /* with STORE_USER only */
};

static unsigned long zone_end(const struct kmem_cache *cache)
{
	unsigned long bytes = cache->object_size;

	if (cache->flags & TRI_SLAB_RED_ZONE)
		bytes += ZONE_MIN;
	return (bytes + 7) & ~7UL;
}

static struct record *record_of(const struct kmem_cache *cache, const void *object)
{
	return (struct record *)((uintptr_t)object + zone_end(cache));
}

unsigned int slab_debug_bytes(const struct kmem_cache *cache)
{
	size_t record = cache->flags & TRI_SLAB_STORE_USER ? sizeof(struct record)
							   : offsetof(struct record, alloc);

	return slab_debugged(cache) ? zone_end(cache) + record - cache->object_size : 0;
}

unsigned int slab_debug_left(const struct kmem_cache *cache)
{
	if (!(cache->flags & TRI_SLAB_RED_ZONE))
		return 0;
	return (ZONE_MIN + cache->align - 1) & ~(cache->align - 1);
}

bool slab_debug_in_use(const struct kmem_cache *cache, const void *object)
{
	return __atomic_load_n(&record_of(cache, object)->state, __ATOMIC_RELAXED) == STATE_USED;
}

unsigned long slab_debug_size(const struct kmem_cache *cache, const void *object)
{
	return record_of(cache, object)->asked;
}

/* --- What is said of a fault --- */

static void log_owner(const char *did, const struct owner *owner)
{
	if (owner->caller)
		plat_log("slab_debug: %s by %p on CPU %lu at tick %lu", did, (void *)owner->caller,
			 (unsigned long)owner->cpu, (unsigned long)owner->ticks);
}

static __attribute__((__noinline__, cold)) void log_fault(const struct kmem_cache *cache,
							  const void *object, const char *what)
{
	const struct record *record = record_of(cache, object);

	plat_log("slab_debug: %s: object %p of cache %s, %u bytes", what, object, cache->name,
		 cache->object_size);
	if (cache->flags & TRI_SLAB_STORE_USER) {
		log_owner("allocated", &record->alloc);
		log_owner("freed", &record->free);
	}
}

#define FAULT(cache, object, what)                      \
	do {                                            \
		log_fault(cache, object, what);         \
		plat_panic(__FILE__, __LINE__, (what)); \
	} while (0)

void slab_debug_log_stray(struct kmem_cache *cache, const void *object)
{
	plat_log("slab_debug: %p, freed to cache %s, starts no object of it", object, cache->name);
}

/* --- Zones and poison --- */

/* @bytes from @offset of @object must be @byte, or it is logged as damage to @what. */
static bool filled(const struct kmem_cache *cache, const void *object, long offset,
		   unsigned long bytes, enum pattern byte, const char *what)
{
	const unsigned char *at = (const unsigned char *)object + offset;

	for (unsigned long i = 0; i < bytes; i++) {
		if (at[i] == byte)
			continue;
		log_fault(cache, object, what);
		plat_log("slab_debug: byte %ld at %p is %lx instead of %lx", offset + (long)i,
			 (const void *)&at[i], (unsigned long)at[i], (unsigned long)byte);
		return false;
	}
	return true;
}

static bool zones_intact(const struct kmem_cache *cache, const void *object, unsigned long used,
			 enum pattern byte)
{
	long left = slab_debug_left(cache);

	if (!(cache->flags & TRI_SLAB_RED_ZONE))
		return true;
	return filled(cache, object, -left, left, byte, "left red zone overwritten") &&
	       filled(cache, object, used, zone_end(cache) - used, byte,
		      "right red zone overwritten");
}

static void set_zones(const struct kmem_cache *cache, void *object, unsigned long used,
		      enum pattern byte)
{
	unsigned int left = slab_debug_left(cache);

	if (!(cache->flags & TRI_SLAB_RED_ZONE))
		return;
	memset((char *)object - left, byte, left);
	memset((char *)object + used, byte, zone_end(cache) - used);
}

static bool poison_intact(const struct kmem_cache *cache, const void *object)
{
	unsigned long last = cache->object_size - 1;
	const char *what = "free object overwritten";

	if (!slab_debug_poisons(cache))
		return true;
	return filled(cache, object, 0, last, POISON_FREE, what) &&
	       filled(cache, object, last, 1, POISON_END, what);
}

static void set_poison(const struct kmem_cache *cache, void *object)
{
	if (!slab_debug_poisons(cache))
		return;
	memset(object, POISON_FREE, cache->object_size - 1);
	((unsigned char *)object)[cache->object_size - 1] = POISON_END;
}

static void set_owner(const struct kmem_cache *cache, struct owner *owner, uintptr_t caller)
{
	unsigned long saved;

	if (!(cache->flags & TRI_SLAB_STORE_USER))
		return;
	saved = plat_pin();
	*owner = (struct owner){.caller = caller, .ticks = plat_ticks(), .cpu = plat_cpu()};
	plat_unpin(saved);
}

/* --- The life of an object --- */

void slab_debug_fresh(struct kmem_cache *cache, void *object)
{
	struct record *record = record_of(cache, object);

	if (cache->flags & TRI_SLAB_STORE_USER)
		memset(record, 0, sizeof(*record));
	record->cache = cache->number;
	record->asked = cache->object_size;
	__atomic_store_n(&record->state, STATE_FREE, __ATOMIC_RELAXED);
	set_zones(cache, object, cache->object_size, RED_FREE);
	set_poison(cache, object);
}

void slab_debug_alloc(struct kmem_cache *cache, void *object, uintptr_t caller)
{
	struct record *record = record_of(cache, object);

	if (!zones_intact(cache, object, cache->object_size, RED_FREE) ||
	    !poison_intact(cache, object))
		plat_panic(__FILE__, __LINE__, "a free object was overwritten");
	if (record->state != STATE_FREE || record->cache != cache->number)
		FAULT(cache, object, "record of a free object overwritten");

	set_zones(cache, object, cache->object_size, RED_USED);
	if (slab_debug_poisons(cache))
		memset(object, POISON_NEW, cache->object_size);
	record->asked = cache->object_size;
	set_owner(cache, &record->alloc, caller);
	__atomic_store_n(&record->state, STATE_USED, __ATOMIC_RELAXED);
}

void slab_debug_asked(struct kmem_cache *cache, void *object, unsigned long size)
{
	record_of(cache, object)->asked = size;
	set_zones(cache, object, size, RED_USED);
}

/* Is @object where an object in use starts? Its left zone says so, or a record. */
static bool starts_object(const struct kmem_cache *cache, const void *object)
{
	unsigned int left = slab_debug_left(cache), red = 0;
	unsigned int state = record_of(cache, object)->state;

	while (red < left && ((const unsigned char *)object)[(long)red - (long)left] == RED_USED)
		red++;
	return (left && red == left) || state == STATE_USED || state == STATE_FREE;
}

/* Is @object one of @cache? Without a frame of its own only its record can tell. */
static void must_be_of(struct kmem_cache *cache, const struct frame *frame, const void *object)
{
	const struct record *record = record_of(cache, object);
	unsigned int number = frame ? frame->cache : record->cache;
	const struct kmem_cache *owner = NULL;

	if (number == cache->number)
		return;
	if (number < SLAB_NUMBERS)
		owner = cache->core->slab.cache[number];
	if (owner) {
		plat_log("slab_debug: freed to cache %s:", cache->name);
		FAULT(owner, object, "freed to another cache than its own");
	}
	if (frame || !starts_object(cache, object))
		slab_debug_stray(cache, object);
}

void slab_debug_free(struct kmem_cache *cache, const struct frame *frame, void *object,
		     uintptr_t caller)
{
	struct record *record = record_of(cache, object);
	unsigned long used = cache->object_size;
	unsigned int state;

	must_be_of(cache, frame, object);
	state = __atomic_exchange_n(&record->state, STATE_FREE, __ATOMIC_RELAXED);
	if (state == STATE_FREE)
		FAULT(cache, object, "freed twice");
	if (record->asked < used)
		used = record->asked;
	if (!zones_intact(cache, object, used, RED_USED))
		plat_panic(__FILE__, __LINE__, "written outside an object");
	if (state != STATE_USED || record->asked > cache->object_size)
		FAULT(cache, object, "record overwritten, or never an object");

	set_zones(cache, object, cache->object_size, RED_FREE);
	set_poison(cache, object);
	set_owner(cache, &record->free, caller);
}

unsigned long slab_debug_verify(const struct kmem_cache *cache, const void *object)
{
	const struct record *record = record_of(cache, object);

	if (record->state == STATE_USED && record->asked <= cache->object_size)
		return !zones_intact(cache, object, record->asked, RED_USED);
	if (record->state == STATE_FREE)
		return !zones_intact(cache, object, cache->object_size, RED_FREE) ||
		       !poison_intact(cache, object);
	log_fault(cache, object, "record overwritten");
	return 1;
}
