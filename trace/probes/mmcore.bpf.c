/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mmcore.bpf.c - the core's own points, each told by one program; see mmcore.c.
 *
 * Two programs for each point of events.def: user_NAME for the USDT probe of a process, module_NAME
 * for the module's tracepoint. Both come to the same with the same fields.
 */
#include <linux/ptrace.h>

/* A process's breakpoint may give up the CPU to a thread that comes to the same point. */
#define TRACE_PREEMPTIBLE
#include "common.bpf.h"

#include <bpf/usdt.bpf.h>

#include "events.h"
#include "mmcore.h"

TRACE_HISTOGRAMS(1)
TRACE_SUMS(1)
TRACE_STACKS(4096)
TRACE_RING(1 << 20)

/* What a tick is worth, in 2^-MMCORE_TICK_SHIFT ns. */
const volatile uint64_t ns_of_tick;

/* Which histogram a field of a type is in; none: what it holds is no size. */
enum {
	IN_address = -1,
	IN_bytes = MMCORE_BYTES,
	IN_pages = MMCORE_PAGES,
	IN_order = MMCORE_ORDER,
	IN_count = MMCORE_COUNT,
	IN_cpus = MMCORE_CPUS,
	IN_ticks = MMCORE_TOOK,
	IN_gfp = -1,
	IN_zone = -1,
	IN_migratetype = -1,
};

struct hit {
	struct trace_account *account;
	int arm;
	uint64_t ns, length; /* as it was told; what it took */
	uint64_t field[TRI_POINT_FIELDS];
	bool counted;
};

static __always_inline bool begin(void *context, struct hit *hit, uint32_t point)
{
	struct trace_key key = {.what = MMCORE_PASSED, .a = point};

	hit->account = trace_begin(&hit->arm);
	if (!hit->account)
		return false;
	hit->ns = with_events ? bpf_ktime_get_ns() : 0;
	hit->length = 0;
	key.arm = (uint32_t)hit->arm;
	key.b = bpf_get_smp_processor_id();
	hit->counted = trace_add(hit->account, &key, 0);
	trace_stack(hit->account, context, hit->arm, 0, point, 1);
	return true;
}

static __always_inline void field(struct hit *hit, uint32_t point, uint32_t number, int histogram,
				  uint64_t value)
{
	struct trace_key key = {.arm = (uint32_t)hit->arm, .a = point, .b = number};

	hit->field[number] = value;
	if (histogram < 0)
		return;
	key.what = (uint32_t)histogram;
	if (histogram == MMCORE_TOOK)
		value = hit->length = value * ns_of_tick >> MMCORE_TICK_SHIFT;
	hit->counted &= trace_record(hit->account, &key, value);
}

static __always_inline void end(struct hit *hit, uint32_t point, uint32_t fields)
{
	struct trace_event *event = trace_event_open(hit->account, hit->arm, point);

	if (event) {
		/* A point is told of at its end. */
		event->ns = hit->ns - hit->length;
		event->length_ns = hit->length;
		for (uint32_t i = 0; i < fields; i++)
			event->arg[i] = hit->field[i];
		trace_event_send(event);
	}
	TRACE_MORE(hit->account->delivered, hit->counted && (event || !with_events));
}

/*
 * Field @n of point @name, from its probe's arguments, or from a tracepoint's. An argument is on
 * the process's stack, 60 ns away: not for one that only single events show.
 */
#define USER(name, n, type)                   \
	if (IN_##type >= 0 || with_events)    \
		bpf_usdt_arg(ctx, n, &value); \
	field(&hit, TRI_POINT_##name, n, IN_##type, (uint64_t)value);
#define MODULE(name, n, type) field(&hit, TRI_POINT_##name, n, IN_##type, ctx[n]);

#define PROGRAMS(name, n, user, module)                          \
	SEC("usdt") int user_##name(struct pt_regs *ctx)         \
	{                                                        \
		struct hit hit;                                  \
		long value = 0;                                  \
                                                                 \
		if (!begin(ctx, &hit, TRI_POINT_##name))         \
			return 0;                                \
		user end(&hit, TRI_POINT_##name, n);             \
		return 0;                                        \
	}                                                        \
	SEC("raw_tp") int module_##name(unsigned long long *ctx) \
	{                                                        \
		struct hit hit;                                  \
                                                                 \
		if (!begin(ctx, &hit, TRI_POINT_##name))         \
			return 0;                                \
		module end(&hit, TRI_POINT_##name, n);           \
		return 0;                                        \
	}

#define POINT1(name, about, t1, f1) PROGRAMS(name, 1, USER(name, 0, t1), MODULE(name, 0, t1))
#define POINT2(name, about, t1, f1, t2, f2)                    \
	PROGRAMS(name, 2, USER(name, 0, t1) USER(name, 1, t2), \
		 MODULE(name, 0, t1) MODULE(name, 1, t2))
#define POINT3(name, about, t1, f1, t2, f2, t3, f3)                              \
	PROGRAMS(name, 3, USER(name, 0, t1) USER(name, 1, t2) USER(name, 2, t3), \
		 MODULE(name, 0, t1) MODULE(name, 1, t2) MODULE(name, 2, t3))
#define POINT4(name, about, t1, f1, t2, f2, t3, f3, t4, f4)                                        \
	PROGRAMS(name, 4, USER(name, 0, t1) USER(name, 1, t2) USER(name, 2, t3) USER(name, 3, t4), \
		 MODULE(name, 0, t1) MODULE(name, 1, t2) MODULE(name, 2, t3) MODULE(name, 3, t4))
#include "events.def"
