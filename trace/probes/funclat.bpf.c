/* SPDX-License-Identifier: GPL-2.0-only */
/* funclat.bpf.c - how long functions take; see funclat.c. */
#define __TARGET_ARCH_x86
#include <asm/ptrace.h>

#include "common.bpf.h"
#include "funclat.h"

TRACE_HISTOGRAMS(TRACE_ARMS *FUNCLAT_FUNCTIONS)
TRACE_STACKS(4096)
TRACE_RING(1 << 20)

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, FUNCLAT_CALLS);
	__type(key, struct funclat_call);
	__type(value, struct funclat_begun);
} calls SEC(".maps");

/* linux/errno.h has them for the kernel alone. */
#define EXISTS	17
#define IS_BUSY 16

static __always_inline int enter(void *ctx, struct funclat_call *call)
{
	struct funclat_begun begun = {0};
	struct trace_account *account;
	long error;
	int arm;

	account = trace_begin(&arm);
	if (!account)
		return 0;
	begun.arm = (uint32_t)arm;
	trace_stack(account, ctx, arm, FUNCLAT_CALL, call->function, 1);
	begun.ns = bpf_ktime_get_ns();
	error = bpf_map_update_elem(&calls, call, &begun, BPF_NOEXIST);
	if (error == -EXISTS) {
		/* The end of a call that was here before went by unseen. */
		account->missed++;
		error = bpf_map_update_elem(&calls, call, &begun, BPF_ANY);
	}
	if (error == -IS_BUSY)
		account->refused++;
	else if (error)
		account->full++;
	return 0;
}

/* The call is the arm's that was at work as it began; its end may come when none is. */
static __always_inline int leave(const struct funclat_call *call)
{
	uint64_t now = bpf_ktime_get_ns();
	struct funclat_begun *begun = bpf_map_lookup_elem(&calls, call);
	struct trace_key key = {.what = FUNCLAT_LATENCY, .a = call->function};
	struct trace_account *account;
	struct trace_event *event;
	uint64_t took, start;

	if (!begun)
		return 0;
	start = begun->ns;
	took = now - start;
	key.arm = (uint32_t)begun->arm;
	bpf_map_delete_elem(&calls, call);
	account = trace_account((int)key.arm);
	if (!account)
		return 0;
	/* It ended while programs were out: this is the end of another in the same place. */
	if (start < trace_since()) {
		account->missed++;
		return 0;
	}
	account->delivered += trace_record(account, &key, took);
	event = trace_event_open(account, (int)key.arm, FUNCLAT_CALL);
	if (event) {
		event->ns = start;
		event->length_ns = took;
		event->arg[0] = call->function;
		trace_event_send(event);
	}
	return 0;
}

/*
 * Both of a function are called by one trampoline, and the arguments that it hands them are in its
 * frame.
 */
#define FUNCTION(number)                                                                       \
	SEC("fentry")                                                                          \
	int enter_##number(uint64_t *ctx)                                                      \
	{                                                                                      \
		struct funclat_call call = {.frame = (uint64_t)ctx, .function = (number)};     \
                                                                                               \
		return enter(ctx, &call);                                                      \
	}                                                                                      \
                                                                                               \
	SEC("fexit")                                                                           \
	int leave_##number(uint64_t *ctx)                                                      \
	{                                                                                      \
		const struct funclat_call call = {.frame = (uint64_t)ctx, .function = number}; \
                                                                                               \
		return leave(&call);                                                           \
	}

/* As many as FUNCLAT_FUNCTIONS: a program of this kind has one function. */
FUNCTION(0)
FUNCTION(1)
FUNCTION(2)
FUNCTION(3)
FUNCTION(4)
FUNCTION(5)
FUNCTION(6)
FUNCTION(7)
FUNCTION(8)
FUNCTION(9)
FUNCTION(10)
FUNCTION(11)
FUNCTION(12)
FUNCTION(13)
FUNCTION(14)
FUNCTION(15)

/* The rest have all functions: which one, the cookie says. */
static __always_inline struct funclat_call call_of(void *ctx, uint64_t frame, bool user)
{
	const struct funclat_call call = {
		.frame = frame,
		.function = (uint32_t)bpf_get_attach_cookie(ctx),
		.process = user ? bpf_get_current_pid_tgid() >> 32 : 0,
	};

	return call;
}

/* The frame ends with the address to return to, which is gone from the stack at its end. */
#define RETURN_ADDRESS sizeof(uint64_t)

SEC("kprobe")
int enter_kernel(struct pt_regs *ctx)
{
	struct funclat_call call = call_of(ctx, PT_REGS_SP(ctx), false);

	return enter(ctx, &call);
}

SEC("kretprobe")
int leave_kernel(struct pt_regs *ctx)
{
	const struct funclat_call call = call_of(ctx, PT_REGS_SP(ctx) - RETURN_ADDRESS, false);

	return leave(&call);
}

SEC("uprobe")
int enter_user(struct pt_regs *ctx)
{
	struct funclat_call call = call_of(ctx, PT_REGS_SP(ctx), true);

	return enter(ctx, &call);
}

SEC("uretprobe")
int leave_user(struct pt_regs *ctx)
{
	const struct funclat_call call = call_of(ctx, PT_REGS_SP(ctx) - RETURN_ADDRESS, true);

	return leave(&call);
}
