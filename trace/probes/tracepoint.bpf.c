/* SPDX-License-Identifier: GPL-2.0-only */
/* tracepoint.bpf.c - any tracepoint, counted by CPU; see tracepoint.c. */
#include "common.bpf.h"

TRACE_SUMS(4096)
TRACE_STACKS(4096)
TRACE_RING(1 << 20)

SEC("raw_tp")
int on_tracepoint(void *ctx)
{
	struct trace_key key = {0};
	struct trace_account *account;
	struct trace_event *event;
	bool counted;
	int arm;

	arm = trace_arm();
	account = arm < 0 ? NULL : trace_account(arm);
	if (!account)
		return 0;
	/* It may be one that comes in interrupts too, even in the midst of this. */
	__sync_fetch_and_add(&account->events, 1);
	key.arm = (uint32_t)arm;
	key.a = bpf_get_smp_processor_id();
	counted = trace_add(account, &key, 0);
	trace_stack(account, ctx, arm, 0, 0, 1);
	if (with_events) {
		event = trace_event_open(account, arm, 0);
		if (event)
			trace_event_send(event);
		/* It goes either into the ring or is lost. */
		counted &= event != NULL;
	}
	if (counted)
		__sync_fetch_and_add(&account->delivered, 1);
	return 0;
}
