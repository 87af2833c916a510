/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * slab_slub.c - slab=slub, after Linux's SLUB (mm/slub.c of 6.12): free objects are linked
 * through themselves; a slab is frames and two words of their struct, no more.
 *
 * A CPU allocates from the free list of its own, frozen, slab. The slab's own list is what
 * others free into; both are changed by a 16-byte compare-and-swap: of list and transaction
 * number, unlocked, by the CPU itself, and of list and counters, locked, by everybody. Slabs
 * that were full and get an object back go on a chain of the CPU that freed it, and from
 * there, together, to the node's list of partial slabs under its lock.
 *
 * Linux's fast path is open to interrupts, which the transaction number reveals. Ours holds
 * the gate (cpus.h), so that other CPUs can flush the chain and the slab; the instruction
 * stays, for it is what SLUB costs: of 37 ticks a pair of kmalloc and kfree, 34 are the two in
 * a row, measured alone. That path is slab_array.h's; only what missed it comes here.
 *
 * slub.lock is a leaf, taken inside the gate. Frames are allocated and freed outside: what
 * is to be freed inside is chained to a `discard` list first.
 */
#include "slab_slub.h"

#include "slab_debug.h"

/* The order at most, unless one object needs more (slub_max_order). */
#define MAX_ORDER   3U
#define MIN_PARTIAL 5U
#define MAX_PARTIAL 10U

static inline void set_next(const struct slub *slub, void *object, uint64_t next)
{
	*(uint64_t *)((char *)object + slub->offset) = next;
}

static inline uint64_t next_of(const struct slub *slub, uint64_t object)
{
	return *(uint64_t *)(object + slub->offset);
}

static uint64_t word(const struct frame *frame, int which)
{
	return __atomic_load_n(&frame->word[which], __ATOMIC_RELAXED);
}

static void count(unsigned long *of, long n)
{
	__atomic_fetch_add(of, (unsigned long)n, __ATOMIC_RELAXED);
}

/* --- Layout --- */

static unsigned int log2_of(unsigned long n)
{
	return 63 - (unsigned int)__builtin_clzl(n);
}

/*
 * Linux's calculate_order(): at least 4 (fls(cpus) + 1) objects, so that CPUs seldom meet at
 * the node's lock; among the orders that give so many, the first that wastes at most 1/16,
 * then 1/8, 1/4, 1/2 of the slab.
 */
static unsigned int choose_order(const struct tri_core *core, unsigned int size)
{
	unsigned long least = 4 * (log2_of(core->cpus) + 2);
	unsigned long most = (TRI_PAGE_SIZE << MAX_ORDER) / size;
	unsigned int order;

	if (!most)
		return order_for(size);
	if (least > most)
		least = most;
	for (unsigned long fraction = 16; fraction > 1; fraction /= 2) {
		for (order = order_for(least * size); order <= MAX_ORDER; order++) {
			unsigned long bytes = TRI_PAGE_SIZE << order;

			if (bytes % size <= bytes / fraction)
				return order;
		}
	}
	return order_for(size);
}

/* Linux's set_cpu_partial(): so many objects, in slabs taken to be half full. */
static unsigned int cpu_partial(const struct kmem_cache *cache)
{
	unsigned int objects = cache->size >= TRI_PAGE_SIZE ? 6
			       : cache->size >= 1024	    ? 24
			       : cache->size >= 256	    ? 52
							    : 120;

	return (2 * objects + cache->objects - 1) / cache->objects;
}

size_t slab_slub_private_bytes(const struct tri_core *core)
{
	(void)core;
	return sizeof(struct slub);
}

/* For struct slub_cpu: may objects go past slab_slub_alloc() and slab_slub_free()? */
static uint16_t link_of(const struct kmem_cache *cache)
{
	const struct slub *slub = slab_private((struct kmem_cache *)cache);
	unsigned long words = slub->offset / sizeof(uint64_t);

	return slub->barn.limit || slab_debugged(cache) || words >= UINT16_MAX
		       ? 0
		       : (uint16_t)(words + 1);
}

int slab_slub_setup(struct kmem_cache *cache)
{
	struct slub *slub = slub_of(cache);
	unsigned int word_size = sizeof(void *), partial;
	unsigned int size = cache->object_size + slab_debug_bytes(cache);

	size = (size + word_size - 1) & ~(word_size - 1);
	/* In the middle, away from what runs over an end; behind what must stay as it is. */
	slub->offset = cache->object_size / 2 & ~(word_size - 1);
	if (cache->ctor || slab_debugged(cache)) {
		slub->offset = size;
		size += word_size;
	}
	cache->size = ((size + cache->align - 1) & ~(cache->align - 1)) + slab_debug_left(cache);
	cache->order = (uint16_t)choose_order(cache->core, cache->size);
	cache->objects = (unsigned int)((TRI_PAGE_SIZE << cache->order) / cache->size);
	slub->min_order = order_for(cache->size);
	partial = log2_of(cache->size) / 2;
	slub->min_partial = partial < MIN_PARTIAL   ? MIN_PARTIAL
			    : partial > MAX_PARTIAL ? MAX_PARTIAL
						    : partial;
	slub->cpu_partial = cpu_partial(cache);
	plat_spin_init(&slub->lock);
	sheaves_setup(cache);
	for (unsigned int i = 0; i < cache->core->cpus; i++)
		cache->core->cpu[i].slab[cache->number].slub.link = link_of(cache);
	return 0;
}

/* --- Slabs --- */

/* Free objects in order of address, none in use. */
static void fill(struct kmem_cache *cache, struct frame *slab, unsigned int order)
{
	struct slub *slub = slub_of(cache);
	unsigned long objects = (TRI_PAGE_SIZE << order) / cache->size;
	char *first = (char *)plat_pfn_to_ptr(slab->pfn) + slab_debug_left(cache), *object = first;

	for (unsigned long i = 0; i < objects; i++, object += cache->size) {
		if (slab_debugged(cache))
			slab_debug_fresh(cache, object);
		if (cache->ctor)
			cache->ctor(object);
		set_next(slub, object, i + 1 < objects ? (uint64_t)object + cache->size : 0);
	}
	slab->word[0] = (uint64_t)first;
	slab->word[1] = objects << 16;
	slab->prev = SLUB_UNLISTED;
	count(&slub->slabs, 1);
	count(&slub->frames, 1L << order);
	count(&slub->objects, (long)objects);
}

/* A large block without effort, or else the least that holds an object, with all of it. */
static struct frame *slab_new(struct kmem_cache *cache, tri_gfp_t gfp)
{
	unsigned int order = cache->order;
	struct slub *slub = slub_of(cache);
	struct frame *slab = NULL;

	if (order > slub->min_order) {
		tri_gfp_t light = (gfp | TRI_GFP_NOWARN | TRI_GFP_NORETRY) & ~TRI_GFP_NOFAIL;

		slab = slab_frames_get(cache, light & ~TRI_GFP_DIRECT_RECLAIM, order);
	}
	if (!slab) {
		order = slub->min_order;
		slab = slab_frames_get(cache, gfp, order);
	}
	if (slab)
		fill(cache, slab, order);
	return slab;
}

/* Slabs to free once the gate is left. */
static void discard_add(struct tri_core *core, struct frame **discard, struct frame *slab)
{
	slab->next = *discard ? (uint32_t)(*discard - core->frames.frame) : SLUB_UNLISTED;
	*discard = slab;
}

static unsigned long discard_free(struct kmem_cache *cache, struct frame *slab)
{
	struct slub *slub = slub_of(cache);
	unsigned long frames = 0;

	while (slab) {
		uint32_t next = slab->next;
		unsigned int order = frame_kind(slab) >> 8;

		count(&slub->slabs, -1);
		count(&slub->frames, -(1L << order));
		count(&slub->objects, -(long)slub_objects(slab->word[1]));
		frames += 1UL << order;
		slab_frames_put(cache, slab);
		slab = next == SLUB_UNLISTED ? NULL : &cache->core->frames.frame[next];
	}
	return frames;
}

/* Under slub.lock. */
static void partial_add(struct kmem_cache *cache, struct frame *slab, bool head)
{
	struct slub *slub = slub_of(cache);

	slab->prev = 0;
	if (head)
		frame_list_push_head(&cache->core->frames, &slub->partial, slab);
	else
		frame_list_push_tail(&cache->core->frames, &slub->partial, slab);
}

static void partial_remove(struct kmem_cache *cache, struct frame *slab)
{
	frame_list_remove(&cache->core->frames, &slub_of(cache)->partial, slab);
	slab->prev = SLUB_UNLISTED;
}

/* Take the whole list of @slab; the CPU's from now on if @freeze or there is one. */
static uint64_t take_list(struct frame *slab, bool freeze)
{
	uint64_t list, counters, taken;

	do {
		list = word(slab, 0);
		counters = word(slab, 1);
		taken = (counters & SLUB_OBJECTS) | slub_objects(counters);
		if (list || freeze)
			taken |= SLUB_FROZEN;
	} while (!plat_cas16(slab->word, list, counters, 0, taken));
	return list;
}

/*
 * @slab is no CPU's any more: give it back its @list, and a place by what it then holds.
 * Frees of others may have come, and may still come, between.
 */
static void deactivate(struct kmem_cache *cache, struct frame *slab, uint64_t list,
		       struct frame **discard)
{
	struct slub *slub = slub_of(cache);
	uint64_t tail = list, back = 0, head, counters, freed;
	bool others = word(slab, 0);

	for (uint64_t object = list; object; object = next_of(slub, object)) {
		tail = object;
		back++;
	}
	do {
		head = word(slab, 0);
		counters = word(slab, 1);
		freed = (counters - back) & ~SLUB_FROZEN;
		if (list)
			set_next(slub, (void *)tail, head);
	} while (!plat_cas16(slab->word, head, counters, list ? list : head, freed));

	if (!slub_inuse(freed) && frame_list_count(&slub->partial) >= slub->min_partial) {
		discard_add(cache->core, discard, slab);
	} else if (list || head) {
		plat_spin_lock(&slub->lock);
		partial_add(cache, slab, !others);
		plat_spin_unlock(&slub->lock);
	}
}

/* A CPU's chain to the node's list; empty ones beyond min_partial to @discard. */
static void put_partials(struct kmem_cache *cache, struct frame *slab, struct frame **discard)
{
	struct frame_table *table = &cache->core->frames;
	struct slub *slub = slub_of(cache);

	plat_spin_lock(&slub->lock);
	while (slab) {
		uint32_t next = slab->next;

		if (!slub_inuse(word(slab, 1)) && slub->partial.count >= slub->min_partial)
			discard_add(cache->core, discard, slab);
		else
			partial_add(cache, slab, false);
		slab = next == SLUB_UNLISTED ? NULL : &table->frame[next];
	}
	plat_spin_unlock(&slub->lock);
}

static void chain_push(struct kmem_cache *cache, struct slub_cpu *cpu, struct frame *slab)
{
	slab->next =
		cpu->partial ? (uint32_t)(cpu->partial - cache->core->frames.frame) : SLUB_UNLISTED;
	cpu->partial = slab;
	cpu->partial_slabs++;
}

static struct frame *chain_pop(struct kmem_cache *cache, struct slub_cpu *cpu)
{
	struct frame *slab = cpu->partial;

	cpu->partial = slab->next == SLUB_UNLISTED ? NULL : &cache->core->frames.frame[slab->next];
	cpu->partial_slabs--;
	return slab;
}

/* --- Allocating --- */

static inline void set_list(struct slub_cpu *cpu, uint64_t list)
{
	while (!plat_cas16_local(&cpu->freelist, cpu->freelist, cpu->tid, list, cpu->tid + 1))
		;
}

/* The first of the CPU's list, or NULL. Inside the gate. */
static inline void *pop(const struct slub *slub, struct slub_cpu *cpu)
{
	uint64_t object, tid;

	do {
		object = cpu->freelist;
		tid = cpu->tid;
		if (!object)
			return NULL;
	} while (!plat_cas16_local(&cpu->freelist, object, tid, next_of(slub, object), tid + 1));
	return (void *)object;
}

/* One slab of the node's list to allocate from, and some for this CPU's chain. */
static struct frame *get_partial(struct kmem_cache *cache, struct slub_cpu *cpu)
{
	struct frame_table *table = &cache->core->frames;
	struct slub *slub = slub_of(cache);
	struct frame *slab = NULL;

	if (!frame_list_count(&slub->partial))
		return NULL;
	plat_spin_lock(&slub->lock);
	while (slub->partial.count) {
		struct frame *first = frame_list_pop_head(table, &slub->partial);

		first->prev = SLUB_UNLISTED;
		if (!slab) {
			slab = first;
			continue;
		}
		chain_push(cache, cpu, first);
		if (cpu->partial_slabs > slub->cpu_partial / 2)
			break;
	}
	plat_spin_unlock(&slub->lock);
	return slab;
}

static void set_slab(struct slub_cpu *cpu, struct frame *slab)
{
	cpu->slab = slab;
	cpu->first = slab ? plat_pfn_to_ptr(slab->pfn) : NULL;
	cpu->bytes = slab ? (uint32_t)(TRI_PAGE_SIZE << (frame_kind(slab) >> 8)) : 0;
}

/* The CPU's list is empty: fill it, but not from new frames. Was it possible? */
static bool refill(struct kmem_cache *cache, struct slub_cpu *cpu)
{
	uint64_t list = cpu->slab ? take_list(cpu->slab, false) : 0;

	if (!list) {
		set_slab(cpu, cpu->partial ? chain_pop(cache, cpu) : get_partial(cache, cpu));
		if (!cpu->slab)
			return false;
		list = take_list(cpu->slab, true);
	}
	set_list(cpu, list);
	return true;
}

/* @slab, new, becomes this CPU's. Its last one is given up, were there one. */
static void install(struct kmem_cache *cache, struct slub_cpu *cpu, struct frame *slab,
		    struct frame **discard)
{
	struct frame *last = cpu->slab;
	uint64_t list = cpu->freelist;

	set_slab(cpu, slab);
	set_list(cpu, take_list(slab, true));
	if (last)
		deactivate(cache, last, list, discard);
}

unsigned long slub_take(struct kmem_cache *cache, tri_gfp_t gfp, unsigned long n, void **objects)
{
	struct tri_core *core = cache->core;
	struct slub *slub = slub_of(cache);
	unsigned long done = 0;

	for (;;) {
		struct tri_cpu *cpu = tri_enter(core);
		struct slub_cpu *mine = &cpu->slab[cache->number].slub;
		struct frame *slab, *discard = NULL;

		do {
			while (done < n && (objects[done] = pop(slub, mine)))
				done++;
		} while (done < n && refill(cache, mine));
		tri_leave(cpu);
		if (done == n)
			return done;
		slab = slab_new(cache, gfp);
		if (!slab)
			return done;
		cpu = tri_enter(core);
		if (trace_slab_new_on())
			trace_slab_new(cache->size, frame_kind(slab) >> 8,
				       slub_objects(word(slab, 1)));
		install(cache, &cpu->slab[cache->number].slub, slab, &discard);
		tri_count(core, TRI_EVENT_slab_new, 1);
		tri_leave(cpu);
		discard_free(cache, discard);
	}
}

/* --- Freeing --- */

/* Objects @head .. @tail, @n of them, linked, of @slab, which is not this CPU's own. */
static void put_remote(struct kmem_cache *cache, struct slub_cpu *cpu, struct frame *slab,
		       uint64_t head, uint64_t tail, unsigned long n, struct frame **discard)
{
	struct slub *slub = slub_of(cache);
	uint64_t prior, counters, left;
	bool locked = false, listed;

	do {
		if (locked)
			plat_spin_unlock(&slub->lock);
		prior = word(slab, 0);
		counters = word(slab, 1);
		set_next(slub, (void *)tail, prior);
		left = counters - n;
		/* Only an empty one may leave the node's list; from there it needs the lock. */
		locked = !(counters & SLUB_FROZEN) && prior && !slub_inuse(left);
		if (locked)
			plat_spin_lock(&slub->lock);
	} while (!plat_cas16(slab->word, prior, counters, head, left));

	if (locked) {
		listed = slab->prev != SLUB_UNLISTED;
		if (listed && slub->partial.count >= slub->min_partial) {
			partial_remove(cache, slab);
			discard_add(cache->core, discard, slab);
		}
		plat_spin_unlock(&slub->lock);
	} else if (!(counters & SLUB_FROZEN) && !prior) {
		/* It was full, and on no list: ours from now on. */
		struct frame *chain = NULL;

		if (cpu->partial_slabs >= slub->cpu_partial) {
			chain = cpu->partial;
			cpu->partial = NULL;
			cpu->partial_slabs = 0;
		}
		chain_push(cache, cpu, slab);
		if (chain)
			put_partials(cache, chain, discard);
	}
}

/* The same, whose slab may be this CPU's. Inside the gate. */
static inline void put_list(struct kmem_cache *cache, struct slub_cpu *cpu, struct frame *slab,
			    uint64_t head, uint64_t tail, unsigned long n, struct frame **discard)
{
	struct slub *slub = slub_of(cache);
	uint64_t list, tid;

	if (TRI_UNLIKELY(slab != cpu->slab)) {
		put_remote(cache, cpu, slab, head, tail, n, discard);
		return;
	}
	do {
		list = cpu->freelist;
		tid = cpu->tid;
		set_next(slub, (void *)tail, list);
	} while (!plat_cas16_local(&cpu->freelist, list, tid, head, tid + 1));
}

static inline struct frame *head_of(struct kmem_cache *cache, const void *object)
{
	return slub_head(cache, frame_find(&cache->core->frames, plat_ptr_to_pfn(object)));
}

/* How far back to look for objects of the same slab, as Linux's build_detached_freelist(). */
#define LOOKAHEAD 3

/*
 * Link what is at the end of @objects and lies in one slab; how many are left, with holes
 * closed. In random order it is no worse than one at a time.
 */
static unsigned long detach(struct kmem_cache *cache, unsigned long n, void **objects,
			    struct frame **slab, uint64_t *head, uint64_t *tail,
			    unsigned long *length)
{
	struct slub *slub = slub_of(cache);
	unsigned long kept = n - 1, misses = 0;

	*head = *tail = (uint64_t)objects[n - 1];
	*slab = head_of(cache, objects[n - 1]);
	*length = 1;
	for (unsigned long i = n - 1; i-- > 0 && misses < LOOKAHEAD;) {
		void *object = objects[i];

		if (head_of(cache, object) != *slab) {
			misses++;
			continue;
		}
		set_next(slub, object, *head);
		*head = (uint64_t)object;
		++*length;
		/* The last one that is kept takes its place. */
		objects[i] = objects[--kept];
	}
	return kept;
}

void slub_put(struct kmem_cache *cache, unsigned long n, void **objects)
{
	struct tri_core *core = cache->core;
	struct tri_cpu *cpu = tri_enter(core);
	struct slub_cpu *mine = &cpu->slab[cache->number].slub;
	struct frame *slab, *discard = NULL;
	uint64_t head, tail;
	unsigned long length;

	while (n) {
		n = detach(cache, n, objects, &slab, &head, &tail, &length);
		put_list(cache, mine, slab, head, tail, length, &discard);
	}
	tri_leave(cpu);
	if (TRI_UNLIKELY(discard))
		discard_free(cache, discard);
}

static void put_one(struct kmem_cache *cache, struct frame *frame, void *object)
{
	struct tri_core *core = cache->core;
	struct tri_cpu *cpu = tri_enter(core);
	struct frame *discard = NULL;

	put_list(cache, &cpu->slab[cache->number].slub, slub_head(cache, frame), (uint64_t)object,
		 (uint64_t)object, 1, &discard);
	tri_leave(cpu);
	if (TRI_UNLIKELY(discard))
		discard_free(cache, discard);
}

/* --- What slab.c calls --- */

/* Of a debugged cache, before it is freed. */
static void check_free(struct kmem_cache *cache, void *object, uintptr_t caller)
{
	struct frame *frame = frame_find(&cache->core->frames, plat_ptr_to_pfn(object));
	struct frame *slab = slub_head(cache, frame);
	unsigned long at =
		(uintptr_t)object - (uintptr_t)plat_pfn_to_ptr(slab->pfn) - slab_debug_left(cache);

	if (frame->cache == cache->number &&
	    (at % cache->size || at / cache->size >= slub_objects(word(slab, 1))))
		slab_debug_stray(cache, object);
	slab_debug_free(cache, frame, object, caller);
}

void *slab_slub_alloc(struct kmem_cache *cache, tri_gfp_t gfp, uintptr_t caller)
{
	void *object;

	if (slub_of(cache)->barn.limit) {
		object = sheaves_alloc(cache, gfp);
		if (object)
			return object;
	}
	if (!slub_take(cache, gfp, 1, &object))
		return NULL;
	if (slab_debugged(cache))
		slab_debug_alloc(cache, object, caller);
	return object;
}

void slab_slub_free(struct kmem_cache *cache, struct frame *frame, void *object, uintptr_t caller)
{
	if (slab_debugged(cache))
		check_free(cache, object, caller);
	if (!slub_of(cache)->barn.limit || !sheaves_free(cache, object))
		put_one(cache, frame, object);
}

unsigned long slab_slub_alloc_bulk(struct kmem_cache *cache, tri_gfp_t gfp, unsigned long n,
				   void **objects, uintptr_t caller)
{
	unsigned long done = slub_of(cache)->barn.limit ? sheaves_take(cache, n, objects) : 0;

	if (done < n)
		done += slub_take(cache, gfp, n - done, objects + done);
	if (done < n) {
		slub_put(cache, done, objects);
		return 0;
	}
	for (unsigned long i = 0; slab_debugged(cache) && i < n; i++)
		slab_debug_alloc(cache, objects[i], caller);
	return n;
}

void slab_slub_free_bulk(struct kmem_cache *cache, unsigned long n, void **objects,
			 uintptr_t caller)
{
	unsigned long done;

	for (unsigned long i = 0; slab_debugged(cache) && i < n; i++)
		check_free(cache, objects[i], caller);
	done = slub_of(cache)->barn.limit ? sheaves_put(cache, n, objects) : 0;
	if (done < n)
		slub_put(cache, n - done, objects + done);
}

unsigned long slab_slub_empty(struct kmem_cache *cache)
{
	struct frame_table *table = &cache->core->frames;
	struct slub *slub = slub_of(cache);
	struct tri_core *core = cache->core;
	struct frame *discard = NULL;
	struct tri_cpu *me;
	uint32_t index;

	if (slub->barn.limit)
		sheaves_flush(cache);
	me = tri_enter(core);
	for (unsigned int i = 0; i < core->cpus; i++) {
		struct slub_cpu *cpu = &core->cpu[i].slab[cache->number].slub;
		struct frame *slab = cpu->slab;
		uint64_t list = cpu->freelist;

		set_slab(cpu, NULL);
		set_list(cpu, 0);
		if (slab)
			deactivate(cache, slab, list, &discard);
		if (cpu->partial)
			put_partials(cache, cpu->partial, &discard);
		cpu->partial = NULL;
		cpu->partial_slabs = 0;
	}
	plat_spin_lock(&slub->lock);
	index = slub->partial.head;
	for (unsigned long n = slub->partial.count; n; n--) {
		struct frame *slab = &table->frame[index];

		index = slab->next;
		if (!slub_inuse(word(slab, 1))) {
			partial_remove(cache, slab);
			discard_add(core, &discard, slab);
		}
	}
	plat_spin_unlock(&slub->lock);
	tri_leave(me);
	return discard_free(cache, discard);
}

/* What is on the list of @slab is free, the rest in use. Without memory for marks: n^2. */
static void report(struct kmem_cache *cache, struct frame *slab, void *leaked)
{
	char *object = (char *)plat_pfn_to_ptr(slab->pfn) + slab_debug_left(cache);

	for (unsigned long i = slub_objects(slab->word[1]); i; i--, object += cache->size) {
		const void *at = (void *)slab->word[0];

		while (at && at != object)
			at = slub_next(slub_of(cache), at);
		if (at)
			continue;
		slab_report_leak(cache, object);
		++*(unsigned long *)leaked;
	}
}

unsigned long slab_slub_teardown(struct kmem_cache *cache)
{
	unsigned long leaked = 0;

	if (slub_of(cache)->slabs)
		slab_for_each(cache, report, &leaked);
	return leaked;
}

static unsigned long list_length(const struct slub *slub, uint64_t object)
{
	unsigned long n = 0;

	for (; object; object = next_of(slub, object))
		n++;
	return n;
}

void slab_slub_stat(struct kmem_cache *cache, struct slab_stat *out)
{
	struct frame_table *table = &cache->core->frames;
	struct slub *slub = slub_of(cache);
	unsigned long free = 0, empty = 0;
	uint32_t index = slub->partial.head;

	for (unsigned long n = slub->partial.count; n; n--) {
		uint64_t counters = word(&table->frame[index], 1);

		free += slub_objects(counters) - slub_inuse(counters);
		empty += !slub_inuse(counters);
		index = table->frame[index].next;
	}
	for (unsigned int i = 0; i < cache->core->cpus; i++) {
		const struct slab_cpu *cpu = &cache->core->cpu[i].slab[cache->number];

		free += list_length(slub, cpu->slub.freelist) + cpu->array->count +
			(cpu->spare ? cpu->spare->count : 0);
		if (cpu->slub.slab)
			free += slub_objects(word(cpu->slub.slab, 1)) -
				slub_inuse(word(cpu->slub.slab, 1));
		for (const struct frame *slab = cpu->slub.partial; slab;) {
			uint64_t counters = word(slab, 1);

			free += slub_objects(counters) - slub_inuse(counters);
			empty += !slub_inuse(counters);
			slab = slab->next == SLUB_UNLISTED ? NULL : &table->frame[slab->next];
		}
	}
	for (const struct slab_array *sheaf = slub->barn.full; sheaf; sheaf = sheaf->next)
		free += sheaf->count;
	*out = (struct slab_stat){
		.objects_active = slub->objects - free,
		.objects_total = slub->objects,
		.slabs_active = slub->slabs - empty,
		.slabs_total = slub->slabs,
		.frames = slub->frames,
	};
}
