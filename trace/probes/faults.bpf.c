/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * faults.bpf.c - each page fault as it begins, and as its page is there; see faults.c.
 *
 * Between the two a thread may sleep and change CPUs, so what began is kept by thread: in a place
 * that stays the thread's own, as giving one and taking it back costs 300 ns. Of threads that have
 * gone the oldest are dropped.
 */
#include "common.bpf.h"
#include "faults.h"

#include <linux/bpf_perf_event.h>

TRACE_HISTOGRAMS(TRACE_ARMS *FAULTS_KINDS)
TRACE_SUMS(TRACE_ARMS * 4 * FAULTS_KINDS)
TRACE_STACKS(16384)
TRACE_RING(1 << 20)

/* Are the ends seen too? */
const volatile bool with_ends;

struct pt_regs___x86 {
	unsigned long ip;
} __attribute__((preserve_access_index));

struct start {
	uint64_t ns, address, ip; /* ns 0: it is over */
	uint32_t kind, arm;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, uint32_t);
	__type(value, struct start);
} starts SEC(".maps");

static __always_inline void tell(struct trace_account *account, const struct start *start,
				 uint64_t ns)
{
	struct trace_event *event = trace_event_open(account, start->arm, 0);

	if (!event)
		return;
	event->ns = start->ns;
	event->length_ns = ns;
	event->arg[0] = start->kind;
	event->arg[1] = start->address;
	event->arg[2] = start->ip;
	trace_event_send(event);
}

static __always_inline int begin(void *context, uint64_t address, struct pt_regs___x86 *regs,
				 uint32_t kind)
{
	uint32_t thread = bpf_get_current_pid_tgid();
	struct trace_key key = {.what = FAULTS_ALL, .a = kind};
	struct start start = {.address = address, .kind = kind}, *place;
	struct trace_account *account;
	int arm;

	account = trace_begin(&arm);
	if (!account)
		return 0;
	if (trace_is_walk()) {
		account->refused++;
		return 0;
	}
	key.arm = start.arm = (uint32_t)arm;
	account->delivered += trace_add(account, &key, 0);
	trace_stack(account, context, arm, 0, kind, 1);
	if (with_events)
		start.ip = BPF_CORE_READ(regs, ip);
	place = with_ends ? bpf_map_lookup_elem(&starts, &thread) : NULL;
	/* Last, so that what is above is no part of the fault's time. */
	start.ns = bpf_ktime_get_ns();
	if (place)
		*place = start;
	else if (with_ends)
		bpf_map_update_elem(&starts, &thread, &start, BPF_ANY);
	else
		tell(account, &start, 0);
	return 0;
}

SEC("raw_tp/page_fault_user")
int BPF_PROG(on_user, unsigned long address, struct pt_regs___x86 *regs, unsigned long error)
{
	return begin(ctx, address, regs, error & FAULTS_ERROR);
}

SEC("raw_tp/page_fault_kernel")
int BPF_PROG(on_kernel, unsigned long address, struct pt_regs___x86 *regs, unsigned long error)
{
	return begin(ctx, address, regs, (error & FAULTS_ERROR) | FAULTS_KERNEL);
}

static __always_inline int end(struct bpf_perf_event_data *context, uint32_t sum, uint32_t major)
{
	uint64_t now = bpf_ktime_get_ns();
	uint32_t thread = bpf_get_current_pid_tgid();
	struct start *start = bpf_map_lookup_elem(&starts, &thread);
	struct trace_key key = {.what = sum};
	struct trace_account *account;

	/* Another address: of a fault within this one, or of one whose beginning was missed. */
	if (!start || start->address != context->addr || start->ns < trace_since() ||
	    trace_arm() < 0)
		return 0;
	account = trace_account(start->arm);
	if (!account)
		return 0;
	key.arm = start->arm;
	trace_add(account, &key, 0);
	key.what = FAULTS_LATENCY;
	key.a = start->kind | major;
	trace_record(account, &key, now - start->ns);
	start->kind |= major;
	tell(account, start, now - start->ns);
	start->ns = 0;
	return 0;
}

SEC("perf_event")
int on_minor(struct bpf_perf_event_data *context)
{
	return end(context, FAULTS_MINOR_DONE, 0);
}

SEC("perf_event")
int on_major(struct bpf_perf_event_data *context)
{
	return end(context, FAULTS_MAJOR_DONE, FAULTS_MAJOR);
}
