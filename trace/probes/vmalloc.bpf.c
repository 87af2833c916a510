/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vmalloc.bpf.c - areas of virtual addresses as they are given, freed and purged; see vmalloc.c.
 *
 * Who allocates runs in its own name; who frees often does not (a thread's stack is freed by the
 * kernel, later), and purges are everybody's: those are counted for the whole machine.
 */
#include "common.bpf.h"
#include "vmalloc.h"

TRACE_HISTOGRAMS(TRACE_ARMS *(VMALLOC_ALIGNMENTS + 3))
TRACE_SUMS(TRACE_ARMS *(2 * VMALLOC_ALIGNMENTS + 2))
TRACE_STACKS(4096)
TRACE_RING(1 << 20)

/* The kernel's worker that purges when enough waits; of an address alone, where it is known. */
extern const void drain_vmap_area_work __ksym __weak;

struct work_struct {
	void *func;
} __attribute__((preserve_access_index));

/* Before Linux 6.2: pages that wait, and the areas that do, in order of address. */
extern const void vmap_lazy_nr __ksym __weak;
extern const void purge_vmap_area_list __ksym __weak;

/* As many pages may wait there, by the CPUs that are up. */
const volatile uint64_t lazy_max_pages;

struct list_head {
	struct list_head *next;
} __attribute__((preserve_access_index));

struct vmap_area {
	unsigned long va_start, va_end;
	struct list_head list;
} __attribute__((preserve_access_index));

/*
 * What that worker is at; it never runs twice at a time. thread 0: not at work. Not static: the
 * compiler would take it apart, and the types that it then tells are refused by the kernel.
 */
struct {
	uint64_t ns, areas, low, high;
	uint32_t thread;
} drain;

static __always_inline void allocated(void *context, uint64_t size, uint64_t align, bool failed)
{
	struct trace_key key = {.what = failed ? VMALLOC_FAILED : VMALLOC_ALLOCATED, .a = align};
	struct trace_account *account;
	struct trace_event *event;
	bool counted;
	int arm;

	account = trace_begin(&arm);
	if (!account)
		return;
	key.arm = (uint32_t)arm;
	counted = trace_add(account, &key, size);
	if (failed) {
		account->delivered += counted;
		event = trace_event_open(account, arm, VMALLOC_EVENT_FAILED);
		if (event) {
			event->arg[0] = size;
			event->arg[1] = align;
			trace_event_send(event);
		}
		return;
	}
	key.what = VMALLOC_SIZE;
	counted &= trace_record(account, &key, size);
	account->delivered += counted;
	trace_stack(account, context, arm, 0, align, size);
}

/* As trace_begin(), whoever does it. */
static __always_inline struct trace_account *begin_of_all(int *arm)
{
	struct trace_account *account;

	*arm = trace_arm_of_all();
	if (*arm < 0)
		return NULL;
	account = trace_account(*arm);
	if (account)
		account->events++;
	return account;
}

static __always_inline void freed(uint64_t waiting, uint64_t most)
{
	struct trace_key key = {.what = VMALLOC_FREED};
	struct trace_account *account;
	struct trace_event *event;
	bool counted;
	int arm;

	account = begin_of_all(&arm);
	if (!account)
		return;
	key.arm = (uint32_t)arm;
	counted = trace_add(account, &key, 0);
	key.what = VMALLOC_WAITING;
	counted &= trace_record(account, &key, waiting);
	account->delivered += counted;
	event = trace_event_open(account, arm, VMALLOC_EVENT_LAZY);
	if (!event)
		return;
	event->arg[0] = waiting;
	event->arg[1] = most;
	trace_event_send(event);
}

static __always_inline void tell_purge(struct trace_account *account, int arm, uint64_t start,
				       uint64_t ns, uint64_t areas, uint64_t low, uint64_t high)
{
	struct trace_event *event = trace_event_open(account, arm, VMALLOC_EVENT_PURGE);

	if (!event)
		return;
	event->ns = start;
	event->length_ns = ns;
	event->arg[0] = areas;
	event->arg[1] = high > low ? high - low : 0;
	trace_event_send(event);
}

static __always_inline void purged(uint64_t low, uint64_t high, uint64_t areas)
{
	uint32_t thread = bpf_get_current_pid_tgid();
	struct trace_key key = {.what = VMALLOC_PURGES};
	struct trace_account *account;
	bool counted;
	int arm;

	account = begin_of_all(&arm);
	if (!account)
		return;
	key.arm = (uint32_t)arm;
	counted = trace_add(account, &key, areas);
	key.what = VMALLOC_PURGED;
	counted &= trace_record(account, &key, areas);
	account->delivered += counted;
	if (drain.thread == thread) {
		/* Its event comes with its end. */
		drain.areas += areas;
		if (low < drain.low)
			drain.low = low;
		if (high > drain.high)
			drain.high = high;
		return;
	}
	tell_purge(account, arm, bpf_ktime_get_ns(), 0, areas, low, high);
}

SEC("raw_tp/alloc_vmap_area")
int BPF_PROG(on_alloc, unsigned long address, unsigned long size, unsigned long align,
	     unsigned long low, unsigned long high, int failed)
{
	allocated(ctx, size, align, failed);
	return 0;
}

SEC("raw_tp/free_vmap_area_noflush")
int BPF_PROG(on_free, unsigned long address, unsigned long waiting, unsigned long most)
{
	freed(waiting, most);
	return 0;
}

SEC("raw_tp/purge_vmap_area_lazy")
int BPF_PROG(on_purge, unsigned long low, unsigned long high, unsigned int areas)
{
	purged(low, high, areas);
	return 0;
}

SEC("raw_tp/workqueue_execute_start")
int BPF_PROG(on_work, struct work_struct *work)
{
	if (BPF_CORE_READ(work, func) != &drain_vmap_area_work || trace_arm_of_all() < 0)
		return 0;
	drain.areas = drain.high = 0;
	drain.low = ~0UL;
	drain.ns = bpf_ktime_get_ns();
	drain.thread = bpf_get_current_pid_tgid();
	return 0;
}

SEC("raw_tp/workqueue_execute_end")
int BPF_PROG(on_work_end, struct work_struct *work, void *function)
{
	struct trace_key key = {.what = VMALLOC_DRAIN};
	struct trace_account *account;
	uint64_t ns;
	int arm;

	if (function != &drain_vmap_area_work)
		return 0;
	ns = bpf_ktime_get_ns() - drain.ns;
	arm = trace_arm_of_all();
	if (arm >= 0 && drain.thread == (uint32_t)bpf_get_current_pid_tgid() && drain.areas &&
	    drain.ns >= trace_since()) {
		account = trace_account(arm);
		key.arm = (uint32_t)arm;
		if (account) {
			trace_record(account, &key, ns);
			tell_purge(account, arm, drain.ns, ns, drain.areas, drain.low, drain.high);
		}
	}
	drain.thread = 0;
	return 0;
}

/* --- Before Linux 6.2, which has no tracepoints: functions of its mm/vmalloc.c --- */

#define PAGE_SHIFT 12
#define ERRNO_MAX  4095

SEC("fexit/alloc_vmap_area")
int BPF_PROG(after_alloc, unsigned long size, unsigned long align, unsigned long low,
	     unsigned long high, int node, unsigned int gfp, const void *area)
{
	allocated(ctx, size, align, (uint64_t)area >= (uint64_t)-ERRNO_MAX);
	return 0;
}

/* What we can't tell of one that happened. */
static __always_inline void not_seen(void)
{
	const int arm = trace_arm_of_all();
	struct trace_account *account = arm < 0 ? NULL : trace_account(arm);

	if (account)
		account->missed++;
}

SEC("fentry/free_vmap_area_noflush")
int BPF_PROG(before_free, struct vmap_area *area)
{
	uint64_t waiting;

	if (bpf_probe_read_kernel(&waiting, sizeof(waiting), &vmap_lazy_nr))
		not_seen();
	else
		freed(waiting + ((area->va_end - area->va_start) >> PAGE_SHIFT), lazy_max_pages);
	return 0;
}

struct purge {
	struct list_head *next;
	uint64_t low, high, areas;
};

static long see_area(uint32_t i, struct purge *purge)
{
	struct vmap_area *area =
		(void *)purge->next - bpf_core_field_offset(struct vmap_area, list);

	if (purge->next == &purge_vmap_area_list)
		return 1;
	if (!i)
		purge->low = BPF_CORE_READ(area, va_start);
	purge->high = BPF_CORE_READ(area, va_end);
	purge->areas++;
	if (bpf_core_read(&purge->next, sizeof(purge->next), &area->list.next))
		purge->next = NULL;
	return !purge->next;
}

/*
 * What waits is not locked yet: who frees at this moment may be missing, and may merge the area at
 * which we are with its neighbour; then we are lost, and say so. To look at an area costs less than
 * its insertion among the free ones, which comes now.
 */
SEC("fentry/__purge_vmap_area_lazy")
int BPF_PROG(before_purge, unsigned long low, unsigned long high)
{
	struct purge purge = {.low = ~0UL};
	const struct list_head *list = (const void *)&purge_vmap_area_list;

	if (trace_arm_of_all() < 0)
		return 0;
	if (!bpf_core_read(&purge.next, sizeof(purge.next), &list->next))
		bpf_loop(1 << 20, see_area, &purge, 0);
	if (purge.next != list)
		not_seen();
	else
		purged(low < purge.low ? low : purge.low, high > purge.high ? high : purge.high,
		       purge.areas);
	return 0;
}
