/* SPDX-License-Identifier: GPL-2.0-only */
/* tlbflush.bpf.c - each TLB flush of a process's addresses; see tlbflush.c. */
#include "common.bpf.h"
#include "tlbflush.h"

TRACE_HISTOGRAMS(TRACE_ARMS *TLBFLUSH_REASONS)
TRACE_SUMS(4096)
TRACE_STACKS(16384)
TRACE_RING(1 << 20)

SEC("raw_tp/tlb_flush")
int BPF_PROG(on_flush, int reason, unsigned long pages)
{
	struct trace_key key = {.what = TLBFLUSH_PAGES, .a = (uint32_t)reason};
	struct trace_account *account;
	struct trace_event *event;
	bool counted;
	int arm;

	account = trace_begin(&arm);
	if (!account)
		return 0;
	key.arm = (uint32_t)arm;
	/* All of an address space, TLB_FLUSH_ALL, is no number of pages. */
	counted = pages == ~0UL || trace_record(account, &key, pages);
	key.what = pages == ~0UL ? TLBFLUSH_FULL : TLBFLUSH_RANGES;
	key.b = bpf_get_smp_processor_id();
	counted &= trace_add(account, &key, pages == ~0UL ? 0 : pages);
	account->delivered += counted;
	trace_stack(account, ctx, arm, 0, (uint32_t)reason, 1);
	event = trace_event_open(account, arm, 0);
	if (event) {
		event->arg[0] = (uint32_t)reason;
		event->arg[1] = pages;
		trace_event_send(event);
	}
	return 0;
}
