/* SPDX-License-Identifier: GPL-2.0-only */
/* stalls.bpf.c - when a process' threads, or the module's, do not run, and why; see stalls.c. */
#include "common.bpf.h"
#include "stalls.h"

TRACE_HISTOGRAMS(512)
TRACE_RING(1 << 20)

/* Stalls at least so long are events, ns. */
const volatile uint64_t event_ns = 100000;

/* Not a process's threads, but those of the kernel that the module has named "trimm/NUMBER". */
const volatile bool of_module;

struct task_struct {
	int pid, tgid;
	unsigned int flags;
	char comm[16];
} __attribute__((preserve_access_index));

struct pt_regs___x86 {
	unsigned long orig_ax;
} __attribute__((preserve_access_index));

struct irqaction {
	const char *name;
} __attribute__((preserve_access_index));

/* A thread that is off its CPU. */
struct thread {
	uint64_t out, woken; /* when; 0: it runs, or nobody saw */
	uint64_t by[2];	     /* who ran then */
	uint32_t cause;
};

/* Of threads that end while nobody looks the oldest are dropped. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, uint32_t);
	__type(value, struct thread);
} threads SEC(".maps");

/* TASK_DEAD and PF_KTHREAD of include/linux/sched.h, the same since 4.14. */
#define DEAD	0x80 /* it never runs again */
#define KTHREAD 0x00200000
/* arch/x86/entry/syscalls/syscall_64.tbl */
#define SCHED_YIELD 24

#define MODULE_NAME	 0x2f6d6d697274UL /* "trimm/", */
#define MODULE_NAME_MASK 0xffffffffffffUL /* the first 6 bytes of a name */

/* One CPU while a thread of ours is on it: since when an interrupt and a softirq run; 0: none. */
struct here {
	uint64_t hard, soft;
	uint64_t hard_in_soft; /* ns of interrupts since `soft` */
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, uint32_t);
	__type(value, struct here);
} heres SEC(".maps");

static __always_inline struct here *get_here(void)
{
	uint32_t zero = 0;

	return bpf_map_lookup_elem(&heres, &zero);
}

static __always_inline bool is_ours(struct task_struct *thread)
{
	uint64_t name;

	if (!of_module)
		return thread->tgid == (int)trace_subject();
	__builtin_memcpy(&name, thread->comm, sizeof(name));
	return (name & MODULE_NAME_MASK) == MODULE_NAME && thread->flags & KTHREAD;
}

struct stall {
	uint32_t cause, thread;
	uint64_t begin, ns;
	uint64_t a, b;
};

static __always_inline void tell(const struct stall *stall)
{
	const int arm = trace_arm_of_all();
	struct trace_key key = {
		.arm = (uint32_t)arm, .what = stall->cause, .a = stall->a, .b = stall->b};
	struct trace_account *account;
	struct trace_event *event;

	if (arm < 0 || stall->begin <= trace_since())
		return;
	account = trace_account(arm);
	if (!account)
		return;
	/* An interrupt may come between here and there, and count as well. */
	__sync_fetch_and_add(&account->events, 1);
	if (trace_record(account, &key, stall->ns))
		__sync_fetch_and_add(&account->delivered, 1);
	if (stall->ns < event_ns)
		return;
	event = trace_event_open(account, arm, stall->cause);
	if (event) {
		event->ns = stall->begin;
		event->length_ns = stall->ns;
		event->thread = stall->thread;
		event->arg[0] = stall->a;
		event->arg[1] = stall->b;
		trace_event_send(event);
	}
}

/* --- Off the CPU, and on it again --- */

/* Why a thread that could go on does not: it asked for it, or was not asked. */
static __always_inline uint32_t why_runnable(struct task_struct *thread, bool preempted)
{
	struct pt_regs___x86 *registers;

	if (preempted || of_module)
		return STALLS_PREEMPTED;
	/* What it came into the kernel by is still there. */
	registers = (void *)bpf_task_pt_regs((void *)thread);
	return BPF_CORE_READ(registers, orig_ax) == SCHED_YIELD ? STALLS_YIELDED : STALLS_PREEMPTED;
}

static __always_inline void go_out(bool preempted, struct task_struct *thread,
				   struct task_struct *next, unsigned int state)
{
	const uint32_t id = (uint32_t)thread->pid;
	struct thread off = {.out = bpf_ktime_get_ns()}, *place;
	struct trace_account *account;
	int arm;

	if (state & DEAD) {
		bpf_map_delete_elem(&threads, &id);
		return;
	}
	/* On the way back to user space it is sent off as if it had asked for it: not preempted. */
	off.cause = preempted || !state ? why_runnable(thread, preempted) : STALLS_BLOCKED;
	if (off.cause != STALLS_BLOCKED)
		__builtin_memcpy(off.by, next->comm, sizeof(off.by));
	/* The thread's own, from the first time on: to be given one costs more than all else here.
	 */
	place = bpf_map_lookup_elem(&threads, &id);
	if (place) {
		*place = off;
		return;
	}
	if (!bpf_map_update_elem(&threads, &id, &off, BPF_ANY))
		return;
	arm = trace_arm_of_all();
	account = arm < 0 ? NULL : trace_account(arm);
	if (account)
		__sync_fetch_and_add(&account->full, 1);
}

static __always_inline void come_in(struct task_struct *thread, struct task_struct *previous)
{
	const uint32_t id = (uint32_t)thread->pid;
	const uint64_t now = bpf_ktime_get_ns();
	struct thread *off = bpf_map_lookup_elem(&threads, &id);
	struct stall stall = {.thread = id};

	if (!off || !off->out)
		return;
	stall.cause = off->cause;
	stall.begin = off->out;
	stall.ns = (off->woken ? off->woken : now) - off->out;
	stall.a = off->by[0];
	stall.b = off->by[1];
	if (off->cause != STALLS_BLOCKED || off->woken)
		tell(&stall);
	if (off->woken) {
		stall.cause = STALLS_WAITING;
		stall.begin = off->woken;
		stall.ns = now - off->woken;
		__builtin_memcpy(&stall.a, previous->comm, sizeof(stall.a));
		__builtin_memcpy(&stall.b, previous->comm + sizeof(stall.a), sizeof(stall.b));
		tell(&stall);
	}
	off->out = off->woken = 0;
}

SEC("tp_btf/sched_switch")
int BPF_PROG(on_switch, bool preempted, struct task_struct *previous, struct task_struct *next,
	     unsigned int state)
{
	if (is_ours(previous))
		go_out(preempted, previous, next, state);
	if (is_ours(next))
		come_in(next, previous);
	return 0;
}

SEC("tp_btf/sched_wakeup")
int BPF_PROG(on_wakeup, struct task_struct *thread)
{
	const uint32_t id = (uint32_t)thread->pid;
	struct thread *off;

	if (!is_ours(thread))
		return 0;
	off = bpf_map_lookup_elem(&threads, &id);
	if (off && off->out && off->cause == STALLS_BLOCKED && !off->woken)
		off->woken = bpf_ktime_get_ns();
	return 0;
}

/* --- On the CPU, but in an interrupt --- */

/* The thread of ours that an interrupt came to; 0: another's. */
static __always_inline uint32_t interrupted(void)
{
	const uint64_t current = bpf_get_current_pid_tgid();
	const uint32_t subject = trace_subject();

	if (of_module)
		return is_ours((void *)bpf_get_current_task_btf()) ? (uint32_t)current : 0;
	return subject && current >> 32 == subject ? (uint32_t)current : 0;
}

static __always_inline int begin_hard(void)
{
	struct here *here;

	if (!interrupted())
		return 0;
	here = get_here();
	if (here)
		here->hard = bpf_ktime_get_ns();
	return 0;
}

static __always_inline int end_hard(uint32_t cause, uint64_t a, uint64_t b)
{
	struct stall stall = {.cause = cause, .thread = interrupted(), .a = a, .b = b};
	struct here *here = get_here();

	if (!stall.thread || !here || !here->hard)
		return 0;
	stall.begin = here->hard;
	here->hard = 0;
	stall.ns = bpf_ktime_get_ns() - stall.begin;
	here->hard_in_soft += stall.ns;
	tell(&stall);
	return 0;
}

#define VECTOR(name, number)                                      \
	SEC("tp_btf/" #name "_entry") int enter_##name(void *ctx) \
	{                                                         \
		return begin_hard();                              \
	}                                                         \
	SEC("tp_btf/" #name "_exit") int leave_##name(void *ctx)  \
	{                                                         \
		return end_hard(STALLS_VECTOR, number, 0);        \
	}

VECTOR(local_timer, STALLS_LOCAL_TIMER)
VECTOR(reschedule, STALLS_RESCHEDULE)
VECTOR(call_function, STALLS_CALL_FUNCTION)
VECTOR(call_function_single, STALLS_CALL_FUNCTION_SINGLE)
VECTOR(irq_work, STALLS_IRQ_WORK)

SEC("tp_btf/irq_handler_entry")
int enter_device(void *ctx)
{
	return begin_hard();
}

SEC("tp_btf/irq_handler_exit")
int BPF_PROG(leave_device, int irq, struct irqaction *action)
{
	uint64_t name[2] = {0};

	if (!interrupted())
		return 0;
	bpf_probe_read_kernel_str(name, sizeof(name), action->name);
	return end_hard(STALLS_IRQ, name[0], name[1]);
}

SEC("tp_btf/softirq_entry")
int enter_softirq(void *ctx)
{
	struct here *here;

	if (!interrupted())
		return 0;
	here = get_here();
	if (here) {
		here->hard_in_soft = 0;
		here->soft = bpf_ktime_get_ns();
	}
	return 0;
}

SEC("tp_btf/softirq_exit")
int BPF_PROG(leave_softirq, unsigned int number)
{
	struct stall stall = {.cause = STALLS_SOFTIRQ, .thread = interrupted(), .a = number};
	struct here *here = get_here();

	if (!stall.thread || !here || !here->soft)
		return 0;
	stall.begin = here->soft;
	here->soft = 0;
	/* Interrupts that came to it are told apart. */
	stall.ns = bpf_ktime_get_ns() - stall.begin - here->hard_in_soft;
	tell(&stall);
	return 0;
}
