/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ipi.bpf.c - interrupts that CPUs send each other: from sending to entry, and the handler.
 *
 * An interrupt vector has one pending bit on each CPU: what is sent while it is set is merged with
 * what set it. So has each vector here one place for a sending on each CPU: the sender fills it
 * unless it is filled, when its interrupt is merged; the handler's entry empties it. A sending that
 * comes between the handler's start and our program there is taken for merged, and its own entry
 * finds no sender: both are counted, not guessed.
 */
#define __TARGET_ARCH_x86
#include <asm/ptrace.h>

#include "common.bpf.h"
#include "ipi.h"

TRACE_HISTOGRAMS(256)
TRACE_SUMS(4096)
TRACE_STACKS(16384)
TRACE_RING(1 << 20)

/* As many CPUs as may come up. */
const volatile uint32_t cpus = 1;

/* What is under way to a CPU: when it was sent, modulo 2^52 ns (52 days), and by which CPU. */
#define FROM_BITS 12
#define TIME_MASK ((1UL << (64 - FROM_BITS)) - 1)

struct place {
	uint64_t sent;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, IPI_CPUS *IPI_KINDS);
	__type(key, uint32_t);
	__type(value, struct place);
} places SEC(".maps");

/* The handlers that run on this CPU; they don't nest: interrupts are off in them. */
struct handler {
	uint64_t entered; /* 0: not ours to count */
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, IPI_KINDS);
	__type(key, uint32_t);
	__type(value, struct handler);
} handlers SEC(".maps");

/* --- Sending --- */

struct sending {
	void *context;
	uint64_t now, callback;
	uint32_t kind, from, word;
	int arm;
};

/* Before the last attaching: its handler ran while nobody looked. */
static __always_inline bool is_stale(uint64_t sent)
{
	return ((trace_since() - (sent >> FROM_BITS)) & TIME_MASK) < TIME_MASK / 2;
}

static __always_inline void send_one(const struct sending *sending, uint32_t to)
{
	const uint32_t index = to * IPI_KINDS + sending->kind;
	struct trace_key key = {.arm = (uint32_t)sending->arm,
				.what = IPI_SENT,
				.a = sending->kind,
				.b = (uint64_t)sending->from << 32 | to};
	const uint64_t sent = sending->now << FROM_BITS | sending->from;
	struct trace_account *account = trace_account(sending->arm);
	struct place *place = bpf_map_lookup_elem(&places, &index);
	struct trace_event *event;
	uint64_t before;
	bool counted;

	if (!account)
		return;
	/* An interrupt may come between here and there, and count as well. */
	__sync_fetch_and_add(&account->events, 1);
	if (!place) {
		__sync_fetch_and_add(&account->refused, 1);
		return;
	}
	before = place->sent;
	if (before && !is_stale(before))
		key.what = IPI_MERGED;
	else if (__sync_val_compare_and_swap(&place->sent, before, sent) != before)
		key.what = IPI_MERGED;
	counted = key.what == IPI_SENT || trace_add(account, &key, 0);
	key.what = IPI_SENT;
	counted &= trace_add(account, &key, 0);
	if (counted)
		__sync_fetch_and_add(&account->delivered, 1);
	trace_stack(account, sending->context, sending->arm, 0, IPI_KINDS + sending->kind, 1);
	event = trace_event_open(account, sending->arm, 0);
	if (event) {
		event->arg[0] = sending->kind;
		event->arg[1] = to;
		event->arg[2] = sending->callback;
		trace_event_send(event);
	}
}

static __always_inline bool begin_sending(struct sending *sending)
{
	sending->arm = trace_arm();
	if (sending->arm < 0)
		return false;
	sending->from = bpf_get_smp_processor_id();
	sending->now = bpf_ktime_get_ns();
	return true;
}

SEC("raw_tp/ipi_send_cpu")
int BPF_PROG(on_send_cpu, uint32_t to, unsigned long where, uint64_t callback)
{
	struct sending sending = {.context = ctx, .callback = callback};

	if (!begin_sending(&sending))
		return 0;
	/* No function: wake the scheduler. One for this CPU itself: only irq_work does that. */
	if (!callback)
		sending.kind = IPI_RESCHEDULE;
	else
		sending.kind = to == sending.from ? IPI_WORK : IPI_CALL_ONE;
	send_one(&sending, to);
	return 0;
}

/* Which bit a lone bit is: 64 multiples of a de Bruijn sequence have 64 different tops. */
#define DE_BRUIJN 0x03f79d71b4cb0a89UL
static const uint8_t bit_of[64] = {0,  1,  48, 2,  57, 49, 28, 3,  61, 58, 50, 42, 38, 29, 17, 4,
				   62, 55, 59, 36, 53, 51, 43, 22, 45, 39, 33, 30, 24, 18, 12, 5,
				   63, 47, 56, 27, 60, 41, 37, 16, 54, 35, 52, 21, 44, 32, 23, 11,
				   46, 26, 40, 15, 34, 20, 31, 10, 25, 14, 19, 9,  13, 8,  7,  6};

struct mask {
	const uint64_t *at;
	struct sending *sending;
	uint64_t left;
};

static long send_bit(uint32_t i, struct mask *mask)
{
	const uint64_t lowest = mask->left & -mask->left;

	if (!lowest)
		return 1;
	mask->left ^= lowest;
	send_one(mask->sending, mask->sending->word * 64 + bit_of[lowest * DE_BRUIJN >> 58]);
	return 0;
}

static long send_word(uint32_t word, struct mask *mask)
{
	if (bpf_probe_read_kernel(&mask->left, sizeof(mask->left), mask->at + word))
		return 1;
	if (!mask->left)
		return 0;
	mask->sending->word = word;
	bpf_loop(64, send_bit, mask, 0);
	return 0;
}

SEC("raw_tp/ipi_send_cpumask")
int BPF_PROG(on_send_cpumask, const uint64_t *cpumask, unsigned long where, uint64_t callback)
{
	struct sending sending = {.context = ctx, .callback = callback, .kind = IPI_CALL};
	struct mask mask = {.at = cpumask, .sending = &sending};

	if (begin_sending(&sending))
		bpf_loop((cpus + 63) / 64, send_word, &mask, 0);
	return 0;
}

/*
 * Before Linux 6.4: what the architecture sends each kind by (arch/x86/kernel/apic/ipi.c of 6.1);
 * smp_ops of a KVM guest's come here too. Whose function is called they don't know.
 */
static __always_inline int send_to(void *ctx, uint32_t kind, uint32_t to)
{
	struct sending sending = {.context = ctx, .kind = kind};

	if (begin_sending(&sending))
		send_one(&sending, kind == IPI_WORK ? sending.from : to);
	return 0;
}

SEC("kprobe/native_send_call_func_single_ipi")
int BPF_KPROBE(on_call_one, int to)
{
	return send_to(ctx, IPI_CALL_ONE, (uint32_t)to);
}

SEC("kprobe/native_smp_send_reschedule")
int BPF_KPROBE(on_reschedule, int to)
{
	return send_to(ctx, IPI_RESCHEDULE, (uint32_t)to);
}

SEC("kprobe/arch_irq_work_raise")
int BPF_KPROBE(on_work)
{
	return send_to(ctx, IPI_WORK, 0);
}

SEC("kprobe/native_send_call_func_ipi")
int BPF_KPROBE(on_call, const uint64_t *cpumask)
{
	struct sending sending = {.context = ctx, .kind = IPI_CALL};
	struct mask mask = {.at = cpumask, .sending = &sending};

	if (begin_sending(&sending))
		bpf_loop((cpus + 63) / 64, send_word, &mask, 0);
	return 0;
}

/* --- Handling --- */

/* The place is emptied whoever's slice it is: its interrupt is here. */
static __always_inline uint64_t take_place(uint32_t kind, uint32_t cpu)
{
	const uint32_t index = cpu * IPI_KINDS + kind;
	struct place *place = bpf_map_lookup_elem(&places, &index);

	return place && place->sent ? __sync_lock_test_and_set(&place->sent, 0) : 0;
}

static __always_inline int enter(uint32_t kind)
{
	const uint32_t cpu = bpf_get_smp_processor_id();
	const uint64_t now = bpf_ktime_get_ns(), sent = take_place(kind, cpu);
	const int arm = trace_arm_of_all();
	const bool known = sent && !is_stale(sent);
	struct trace_key key = {.arm = (uint32_t)arm, .a = kind, .b = cpu};
	struct handler *handler = bpf_map_lookup_elem(&handlers, &kind);
	struct trace_account *account;
	bool counted;

	if (!handler)
		return 0;
	handler->entered = 0;
	/* Of one process alone, only what it sent is its own. */
	if (arm < 0 || (!known && trace_of_one()))
		return 0;
	account = trace_account(arm);
	if (!account)
		return 0;
	__sync_fetch_and_add(&account->events, 1);
	key.what = IPI_HANDLED;
	counted = trace_add(account, &key, 0);
	if (known) {
		key.what = IPI_LATENCY;
		key.b = (sent & ((1UL << FROM_BITS) - 1)) << 32 | cpu;
		counted &= trace_record(account, &key, (now - (sent >> FROM_BITS)) & TIME_MASK);
	} else {
		key.what = IPI_UNKNOWN;
		counted &= trace_add(account, &key, 0);
	}
	if (counted)
		__sync_fetch_and_add(&account->delivered, 1);
	/* Not what we took ourselves. */
	handler->entered = bpf_ktime_get_ns();
	return 0;
}

static __always_inline int leave(uint32_t kind)
{
	const uint64_t now = bpf_ktime_get_ns();
	const int arm = trace_arm_of_all();
	struct trace_key key = {.arm = (uint32_t)arm, .what = IPI_HANDLER, .a = kind};
	struct handler *handler = bpf_map_lookup_elem(&handlers, &kind);
	struct trace_account *account;

	if (!handler || !handler->entered || arm < 0)
		return 0;
	account = trace_account(arm);
	key.b = bpf_get_smp_processor_id();
	if (account && handler->entered > trace_since())
		trace_record(account, &key, now - handler->entered);
	handler->entered = 0;
	return 0;
}

#define HANDLER(name, kind)                                       \
	SEC("raw_tp/" #name "_entry") int enter_##name(void *ctx) \
	{                                                         \
		return enter(kind);                               \
	}                                                         \
	SEC("raw_tp/" #name "_exit") int leave_##name(void *ctx)  \
	{                                                         \
		return leave(kind);                               \
	}

HANDLER(call_function, IPI_CALL)
HANDLER(call_function_single, IPI_CALL_ONE)
HANDLER(reschedule, IPI_RESCHEDULE)
HANDLER(irq_work, IPI_WORK)
