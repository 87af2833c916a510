/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * reclaim.bpf.c - threads that must find memory themselves, from begin to end; see reclaim.c.
 *
 * Reclaim sleeps: what began is kept by thread and kind, as compaction may come within it.
 */
#include "common.bpf.h"
#include "reclaim.h"

TRACE_HISTOGRAMS(TRACE_ARMS * 2 * RECLAIM_KINDS)
TRACE_SUMS(4096)
TRACE_STACKS(1024)
TRACE_RING(1 << 18)

struct start {
	uint64_t ns, arm, order;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, uint64_t);
	__type(value, struct start);
} starts SEC(".maps");

static __always_inline uint64_t start_key(uint32_t kind)
{
	return (uint64_t)kind << 32 | (uint32_t)bpf_get_current_pid_tgid();
}

static __always_inline int begin(void *context, uint32_t kind, uint64_t order)
{
	struct start start = {.order = order};
	struct trace_account *account;
	uint64_t key = start_key(kind);
	int arm;

	account = trace_begin(&arm);
	if (!account)
		return 0;
	trace_stack(account, context, arm, 0, kind, 1);
	start.arm = (uint32_t)arm;
	start.ns = bpf_ktime_get_ns();
	bpf_map_update_elem(&starts, &key, &start, BPF_ANY);
	return 0;
}

static __always_inline bool add_for_name(struct trace_account *account, uint32_t arm, uint32_t what,
					 uint64_t amount)
{
	struct trace_key key = {.arm = arm, .what = what};
	uint64_t name[2] = {0, 0};

	bpf_get_current_comm(name, sizeof(name));
	key.a = name[0];
	key.b = name[1];
	return trace_add(account, &key, amount);
}

/* @pages: reclaimed; of compaction its result. */
static __always_inline int end(uint32_t kind, uint64_t pages)
{
	uint64_t now = bpf_ktime_get_ns(), at = start_key(kind);
	struct start *start = bpf_map_lookup_elem(&starts, &at);
	struct trace_key key = {.what = RECLAIM_TIME, .a = kind};
	struct trace_account *account;
	struct trace_event *event;
	bool counted;

	if (!start || start->ns < trace_since() || trace_arm() < 0)
		return 0;
	account = trace_account((int)start->arm);
	if (!account)
		return 0;
	key.arm = start->arm;
	counted = trace_record(account, &key, now - start->ns);
	key.what = RECLAIM_PAGES;
	if (kind != RECLAIM_COMPACT)
		counted &= trace_record(account, &key, pages);
	counted &= add_for_name(account, key.arm, kind, pages);
	account->delivered += counted;
	event = trace_event_open(account, (int)start->arm, kind);
	if (event) {
		event->ns = start->ns;
		event->length_ns = now - start->ns;
		event->arg[0] = pages;
		event->arg[1] = start->order;
		trace_event_send(event);
	}
	bpf_map_delete_elem(&starts, &at);
	return 0;
}

SEC("raw_tp/mm_vmscan_direct_reclaim_begin")
int BPF_PROG(on_direct, int order)
{
	return begin(ctx, RECLAIM_DIRECT, (uint32_t)order);
}

SEC("raw_tp/mm_vmscan_direct_reclaim_end")
int BPF_PROG(on_direct_end, unsigned long pages)
{
	return end(RECLAIM_DIRECT, pages);
}

SEC("raw_tp/mm_vmscan_memcg_reclaim_begin")
int BPF_PROG(on_group, int order)
{
	return begin(ctx, RECLAIM_GROUP, (uint32_t)order);
}

SEC("raw_tp/mm_vmscan_memcg_reclaim_end")
int BPF_PROG(on_group_end, unsigned long pages)
{
	return end(RECLAIM_GROUP, pages);
}

SEC("raw_tp/mm_vmscan_memcg_softlimit_reclaim_begin")
int BPF_PROG(on_soft, int order)
{
	return begin(ctx, RECLAIM_SOFT, (uint32_t)order);
}

SEC("raw_tp/mm_vmscan_memcg_softlimit_reclaim_end")
int BPF_PROG(on_soft_end, unsigned long pages)
{
	return end(RECLAIM_SOFT, pages);
}

SEC("raw_tp/mm_compaction_begin")
int BPF_PROG(on_compaction, void *control)
{
	return begin(ctx, RECLAIM_COMPACT, 0);
}

SEC("raw_tp/mm_compaction_end")
int BPF_PROG(on_compaction_end, void *control, unsigned long low, unsigned long high, bool wait,
	     int result)
{
	return end(RECLAIM_COMPACT, (uint32_t)result);
}

static __always_inline int once(uint32_t what, uint64_t amount)
{
	struct trace_account *account;
	struct trace_event *event;
	int arm;

	account = trace_begin(&arm);
	if (!account)
		return 0;
	account->delivered += add_for_name(account, (uint32_t)arm, what, amount);
	event = trace_event_open(account, arm, what);
	if (event)
		trace_event_send(event);
	return 0;
}

SEC("raw_tp/mm_vmscan_kswapd_wake")
int BPF_PROG(on_kswapd, int node)
{
	return once(RECLAIM_KSWAPD, 0);
}

SEC("raw_tp/mark_victim")
int BPF_PROG(on_victim)
{
	return once(RECLAIM_VICTIM, 0);
}
