/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kmem.bpf.c - what the kernel's tracepoints kmem:* tell, put into one ring.
 *
 * Raw tracepoints, whose arguments are the same from 6.1 on. Attached by their types (tp_btf) they
 * would be a little faster where structures are read, but 6.1 refuses to hand on a const void *.
 * libbpf looks up where this kernel's structures have the few members that are read (CO-RE).
 *
 * Nobody is woken: who reads the ring looks by itself every few milliseconds, since a wake-up, an
 * interrupt of its own, would cost several times the event. What finds the ring full is counted.
 */
#include <linux/bpf.h>
#include <linux/types.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "kmem.h"

struct kmem_cache {
	unsigned int object_size;
	const char *name;
} __attribute__((preserve_access_index));

struct page {
	unsigned long flags;
} __attribute__((preserve_access_index));

/* __GFP_ZERO, since 2.6 (include/linux/gfp_types.h). */
#define GFP_ZERO 0x100

/* ZERO_SIZE_PTR and NULL are no objects (include/linux/slab.h). */
#define NO_OBJECT 16

char LICENSE[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 20); /* bytes; probes.c sets it */
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, KMEM_CACHES_MAX);
	__type(key, uint64_t);
	__type(value, struct kmem_cache_about);
} caches SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, uint32_t);
	__type(value, struct kmem_counts);
} counts SEC(".maps");

/* The process that records, by its number in the first namespace; and what a struct page takes. */
uint32_t own_process;
uint32_t page_struct_size;

/*
 * Caches that were looked up already, by some bits of their address: a look into the map would cost
 * as much as the rest of the event. Where two share a place they only take turns in it.
 */
#define KNOWN_CACHES 1024
static uint64_t known_caches[KNOWN_CACHES];

/* Run once, by that process, before anything is attached. */
SEC("syscall")
int learn(void *context)
{
	(void)context;
	own_process = bpf_get_current_pid_tgid() >> 32;
	page_struct_size = bpf_core_type_size(struct page);
	return 0;
}

static __always_inline struct kmem_counts *counters(void)
{
	uint32_t zero = 0;

	return bpf_map_lookup_elem(&counts, &zero);
}

static __always_inline int tell(uint8_t kind, uint64_t address, uint32_t size, uint8_t order,
				uint64_t cache)
{
	struct kmem_event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (!event) {
		struct kmem_counts *mine = counters();

		if (mine)
			mine->lost++;
		return 0;
	}
	event->ns = bpf_ktime_get_ns();
	event->address = address;
	event->cache = cache;
	event->size = size;
	event->cpu = bpf_get_smp_processor_id();
	event->kind = kind;
	event->order = order;
	bpf_ringbuf_submit(event, BPF_RB_NO_WAKEUP);
	return 0;
}

/*
 * Is there anything to tell? Of the recording process only allocations are left out: what is freed
 * while it runs may be anybody's, and of its own nobody knows the address.
 */
static __always_inline int passes(uint64_t address)
{
	struct kmem_counts *mine;

	if (address > NO_OBJECT && bpf_get_current_pid_tgid() >> 32 != own_process)
		return 1;
	mine = counters();
	if (mine && address > NO_OBJECT)
		mine->own++;
	else if (mine)
		mine->failed++;
	return 0;
}

static __always_inline uint8_t with_zeroed(uint8_t kind, unsigned int gfp)
{
	return kind | (gfp & GFP_ZERO ? KMEM_ZEROED : 0);
}

SEC("raw_tp/kmalloc")
int BPF_PROG(on_kmalloc, unsigned long call_site, const void *object, unsigned long asked,
	     unsigned long given, unsigned int gfp)
{
	if (!passes((uint64_t)object))
		return 0;
	return tell(with_zeroed(KMEM_KMALLOC, gfp), (uint64_t)object, asked > ~0U ? ~0U : asked, 0,
		    0);
}

static __always_inline void meet(struct kmem_cache *cache, uint64_t key)
{
	struct kmem_cache_about about = {.size = BPF_CORE_READ(cache, object_size)};

	if (bpf_map_lookup_elem(&caches, &key))
		return;
	bpf_probe_read_kernel_str(about.name, sizeof(about.name), BPF_CORE_READ(cache, name));
	bpf_map_update_elem(&caches, &key, &about, BPF_ANY);
}

SEC("raw_tp/kmem_cache_alloc")
int BPF_PROG(on_cache_alloc, unsigned long call_site, const void *object, struct kmem_cache *cache,
	     unsigned int gfp)
{
	uint64_t key = (uint64_t)cache;
	uint64_t *known = &known_caches[key / 64 % KNOWN_CACHES];

	if (!passes((uint64_t)object))
		return 0;
	if (*known != key) {
		meet(cache, key);
		*known = key;
	}
	return tell(with_zeroed(KMEM_CACHE, gfp), (uint64_t)object, 0, 0, key);
}

SEC("raw_tp/kfree")
int BPF_PROG(on_kfree, unsigned long call_site, const void *object)
{
	/* Also of nothing, which is no free. */
	if ((uint64_t)object <= NO_OBJECT)
		return 0;
	return tell(KMEM_FREE, (uint64_t)object, 0, 0, 0);
}

SEC("raw_tp/kmem_cache_free")
int BPF_PROG(on_cache_free, unsigned long call_site, const void *object)
{
	return tell(KMEM_FREE, (uint64_t)object, 0, 0, 0);
}

SEC("raw_tp/mm_page_alloc")
int BPF_PROG(on_pages, struct page *page, unsigned int order, unsigned int gfp)
{
	if (!passes((uint64_t)page))
		return 0;
	return tell(with_zeroed(KMEM_PAGES, gfp), (uint64_t)page, 0, order, 0);
}

SEC("raw_tp/mm_page_free")
int BPF_PROG(on_pages_free, struct page *page, unsigned int order)
{
	return tell(KMEM_PAGES_FREE, (uint64_t)page, 0, order, 0);
}
