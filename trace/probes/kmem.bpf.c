/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kmem.bpf.c - what the kernel's tracepoints kmem:* tell, by caller; see kmem.c.
 *
 * It runs in the midst of allocations and must not ask for memory itself: all maps have theirs from
 * the beginning. What they do to a lock that is held already is refused by the kernel, and counted.
 */
#include "common.bpf.h"
#include "kmem.h"

TRACE_HISTOGRAMS(TRACE_ARMS *KMEM_HISTOGRAMS)
TRACE_SUMS(32768)
TRACE_STACKS(16384)

struct kmem_cache {
	unsigned int object_size;
	const char *name;
} __attribute__((preserve_access_index));

/* ZERO_SIZE_PTR and NULL are no objects (include/linux/slab.h). */
#define NO_OBJECT 16

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, KMEM_CACHES_MAX);
	__type(key, uint64_t);
	__type(value, struct kmem_cache_about);
} caches SEC(".maps");

/* The process that reads the maps, by its number in the first namespace. */
uint32_t own_process;

/* Run once, by that process, before anything is attached. */
SEC("syscall")
int learn(void *context)
{
	(void)context;
	own_process = bpf_get_current_pid_tgid() >> 32;
	return 0;
}

/* As trace_begin(), but of what reading the maps takes nothing is counted but that. */
static __always_inline struct trace_account *begin(int *arm)
{
	struct trace_account *account;

	*arm = trace_arm();
	if (*arm < 0)
		return NULL;
	account = trace_account(*arm);
	if (!account)
		return NULL;
	if (bpf_get_current_pid_tgid() >> 32 == own_process) {
		account->refused++;
		return NULL;
	}
	account->events++;
	return account;
}

static __always_inline int sum(struct trace_account *account, int arm, uint32_t what, uint64_t a,
			       uint64_t b, uint64_t amount)
{
	struct trace_key key = {.arm = (uint32_t)arm, .what = what, .a = a, .b = b};

	return trace_add(account, &key, amount);
}

static __always_inline int record(struct trace_account *account, int arm, uint32_t what,
				  uint64_t value)
{
	struct trace_key key = {.arm = (uint32_t)arm, .what = what};

	return trace_record(account, &key, value);
}

SEC("raw_tp/kmalloc")
int BPF_PROG(on_kmalloc, unsigned long caller, const void *object, unsigned long asked,
	     unsigned long given, unsigned int gfp)
{
	struct trace_account *account;
	int arm;

	/* Of no bytes: no object. */
	account = asked ? begin(&arm) : NULL;
	if (!account)
		return 0;
	if (!object) {
		account->delivered += sum(account, arm, KMEM_FAILED, caller, gfp, asked);
		return 0;
	}
	account->delivered += sum(account, arm, KMEM_KMALLOC, caller, gfp, given) &
			      record(account, arm, KMEM_ASKED, asked) &
			      record(account, arm, KMEM_GIVEN, given);
	trace_stack(account, ctx, arm, 0, KMEM_OF_KMALLOC, given);
	return 0;
}

SEC("raw_tp/kfree")
int BPF_PROG(on_kfree, unsigned long caller, const void *object)
{
	struct trace_account *account;
	int arm;

	/* Also of nothing, which is no free. */
	account = (uint64_t)object > NO_OBJECT ? begin(&arm) : NULL;
	if (account)
		account->delivered += sum(account, arm, KMEM_KFREE, caller, 0, 0);
	return 0;
}

/* Bytes of @cache's objects. Its name is read as it is met first. */
static __always_inline uint32_t meet(struct trace_account *account, struct kmem_cache *cache)
{
	uint64_t key = (uint64_t)cache;
	struct kmem_cache_about *known = bpf_map_lookup_elem(&caches, &key), about = {0};

	if (known)
		return known->size;
	about.size = BPF_CORE_READ(cache, object_size);
	bpf_probe_read_kernel_str(about.name, sizeof(about.name), BPF_CORE_READ(cache, name));
	if (bpf_map_update_elem(&caches, &key, &about, BPF_ANY))
		account->full++;
	return about.size;
}

SEC("raw_tp/kmem_cache_alloc")
int BPF_PROG(on_cache, unsigned long caller, const void *object, struct kmem_cache *cache,
	     unsigned int gfp)
{
	struct trace_account *account;
	uint32_t size;
	int arm;

	account = begin(&arm);
	if (!account)
		return 0;
	size = meet(account, cache);
	if (!object) {
		account->delivered += sum(account, arm, KMEM_FAILED, caller, gfp, size);
		return 0;
	}
	account->delivered += sum(account, arm, KMEM_CACHE, caller, (uint64_t)cache, size) &
			      record(account, arm, KMEM_OBJECT, size);
	trace_stack(account, ctx, arm, 0, KMEM_OF_CACHE, size);
	return 0;
}

SEC("raw_tp/kmem_cache_free")
int BPF_PROG(on_cache_free, unsigned long caller, const void *object, struct kmem_cache *cache)
{
	struct trace_account *account;
	int arm;

	account = begin(&arm);
	if (!account)
		return 0;
	account->delivered +=
		sum(account, arm, KMEM_CACHE_FREE, caller, (uint64_t)cache, meet(account, cache));
	return 0;
}

SEC("raw_tp/mm_page_alloc")
int BPF_PROG(on_pages, void *page, unsigned int order, unsigned int gfp)
{
	struct trace_account *account;
	int arm;

	account = begin(&arm);
	if (!account)
		return 0;
	if (!page) {
		account->delivered +=
			sum(account, arm, KMEM_FAILED, 0, gfp, 4096UL << (order & 31));
		return 0;
	}
	account->delivered += sum(account, arm, KMEM_PAGES, gfp, order, 1UL << (order & 31)) &
			      record(account, arm, KMEM_ORDER, order);
	trace_stack(account, ctx, arm, 0, KMEM_OF_PAGES, 4096UL << (order & 31));
	return 0;
}

SEC("raw_tp/mm_page_free")
int BPF_PROG(on_pages_free, void *page, unsigned int order)
{
	struct trace_account *account;
	int arm;

	account = begin(&arm);
	if (account)
		account->delivered +=
			sum(account, arm, KMEM_PAGES_FREE, 0, order, 1UL << (order & 31));
	return 0;
}

SEC("raw_tp/mm_page_free_batched")
int BPF_PROG(on_batched, void *page)
{
	struct trace_account *account;
	int arm;

	account = begin(&arm);
	if (account)
		account->delivered += sum(account, arm, KMEM_PAGES_BATCHED, 0, 0, 0);
	return 0;
}
