/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * common.bpf.h - what a probe's BPF programs do with what they see.
 *
 * A probe declares the maps it needs with TRACE_HISTOGRAMS(), TRACE_SUMS(), TRACE_STACKS() and
 * TRACE_RING(); control and accounts come with this file. Costs, in ns (anchors: performance.md 5):
 * an array map's look-up is inlined by the verifier, a hash's 15, a bucket of a per-CPU array 6 to
 * 12, the clock 18, the ring 13.
 */
#ifndef TRACE_PROBES_COMMON_BPF_H
#define TRACE_PROBES_COMMON_BPF_H

#include <linux/bpf.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "common.h"

char LICENSE[] SEC("license") = "GPL";

/*
 * Add to what is this CPU's own. A probe whose programs can be preempted, in the midst of it by
 * another thread's, defines TRACE_PREEMPTIBLE: then none of it is lost, for 5 ns each.
 */
#ifdef TRACE_PREEMPTIBLE
#define TRACE_MORE(number, by) __sync_fetch_and_add(&(number), by)
#else
#define TRACE_MORE(number, by) ((number) += (by))
#endif

/* One of it for all probes: the collector puts its own into each (session.c). */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, uint32_t);
	__type(value, struct trace_shared);
} control SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, TRACE_ARMS);
	__type(key, uint32_t);
	__type(value, struct trace_account);
} accounts SEC(".maps");

/* Whose slice is it? Negative: nobody's, or another process's; then there is nothing to do. */
static __always_inline int trace_arm(void)
{
	uint32_t zero = 0;
	struct trace_shared *now = bpf_map_lookup_elem(&control, &zero);

	if (!now || now->arm < 0 || now->arm >= TRACE_ARMS)
		return -1;
	if (now->process && now->process != bpf_get_current_pid_tgid() >> 32)
		return -1;
	return now->arm;
}

/* As trace_arm(), for what happens on behalf of another process than the one that runs here. */
static __always_inline int trace_arm_of_all(void)
{
	uint32_t zero = 0;
	struct trace_shared *now = bpf_map_lookup_elem(&control, &zero);

	if (!now || now->arm < 0 || now->arm >= TRACE_ARMS)
		return -1;
	return now->arm;
}

/* When programs were last attached, by bpf_ktime_get_ns(). */
static __always_inline uint64_t trace_since(void)
{
	uint32_t zero = 0;
	struct trace_shared *now = bpf_map_lookup_elem(&control, &zero);

	return now ? now->since : 0;
}

/* The process that is at the centre: that of --pid, else the case's, else the command's. */
static __always_inline uint32_t trace_subject(void)
{
	uint32_t zero = 0;
	struct trace_shared *now = bpf_map_lookup_elem(&control, &zero);

	return now ? now->subject : 0;
}

/* Is it about one process alone? */
static __always_inline bool trace_of_one(void)
{
	uint32_t zero = 0;
	struct trace_shared *now = bpf_map_lookup_elem(&control, &zero);

	return now && now->process;
}

/* @arm's account on this CPU; @arm came from trace_arm(). Never NULL, but the verifier asks. */
static __always_inline struct trace_account *trace_account(int arm)
{
	uint32_t key = (uint32_t)arm;

	return bpf_map_lookup_elem(&accounts, &key);
}

/* trace_arm(), and the event is one more of its; NULL: nobody's. */
static __always_inline struct trace_account *trace_begin(int *arm)
{
	struct trace_account *account;

	*arm = trace_arm();
	if (*arm < 0)
		return NULL;
	account = trace_account(*arm);
	if (account)
		TRACE_MORE(account->events, 1);
	return account;
}

static __always_inline uint32_t trace_bucket(uint64_t value)
{
	uint32_t top = 0;
	uint64_t rest = value;

	if (value < (2UL << TRACE_SUB_BITS))
		return value;
	if (value >= 1UL << TRACE_VALUE_BITS)
		return TRACE_BUCKETS - 1;
	if (rest >> 32) {
		top += 32;
		rest >>= 32;
	}
	if (rest >> 16) {
		top += 16;
		rest >>= 16;
	}
	if (rest >> 8) {
		top += 8;
		rest >>= 8;
	}
	if (rest >> 4) {
		top += 4;
		rest >>= 4;
	}
	if (rest >> 2) {
		top += 2;
		rest >>= 2;
	}
	top += rest >> 1;
	return ((top - TRACE_SUB_BITS) << TRACE_SUB_BITS) + (value >> (top - TRACE_SUB_BITS));
}

/* Where to look first for what belongs to a key: any function will do, if it is quick. */
#define TRACE_HINTS 64
static __always_inline uint32_t trace_hint(const struct trace_key *key)
{
	const uint64_t mixed = key->a + key->b * 31 + key->what * 7 + key->arm * 13;

	return mixed * 0x9e3779b97f4a7c15UL >> 58;
}

static __always_inline bool trace_same_key(const struct trace_key *a, const struct trace_key *b)
{
	return a->a == b->a && a->b == b->b && a->what == b->what && a->arm == b->arm;
}

/*
 * @room values for each CPU, given to keys as they come. A key's place is in a hash; where it was
 * last is remembered, as a look into a hash costs more than all else here: the value itself says
 * whose it is, for good, so that a wrong hint does no harm.
 */
#define TRACE_KEYED(name, keys, values, value_type, room)                                \
	struct {                                                                         \
		__uint(type, BPF_MAP_TYPE_HASH);                                         \
		__uint(max_entries, room);                                               \
		__type(key, struct trace_key);                                           \
		__type(value, uint32_t);                                                 \
	} keys SEC(".maps");                                                             \
	struct {                                                                         \
		__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);                                 \
		__uint(max_entries, room);                                               \
		__type(key, uint32_t);                                                   \
		__type(value, value_type);                                               \
	} values SEC(".maps");                                                           \
	uint32_t values##_used, values##_hints[TRACE_HINTS];                             \
                                                                                         \
	static __always_inline bool name##_place(struct trace_key *key, uint32_t *place) \
	{                                                                                \
		uint32_t *known = bpf_map_lookup_elem(&keys, key);                       \
                                                                                         \
		if (!known) {                                                            \
			if (values##_used >= TRACE_ROOM_MAX)                             \
				return false;                                            \
			*place = __sync_fetch_and_add(&values##_used, 1);                \
			if (!bpf_map_update_elem(&keys, key, place, BPF_NOEXIST))        \
				return true;                                             \
			/* Another CPU was first: its place is the key's. */             \
			known = bpf_map_lookup_elem(&keys, key);                         \
			if (!known)                                                      \
				return false;                                            \
		}                                                                        \
		*place = *known;                                                         \
		return true;                                                             \
	}                                                                                \
                                                                                         \
	static __always_inline value_type *name##_of(struct trace_key *key)              \
	{                                                                                \
		const uint32_t hint = trace_hint(key);                                   \
		uint32_t place = values##_hints[hint];                                   \
		value_type *to = bpf_map_lookup_elem(&values, &place);                   \
                                                                                         \
		if (to && to->mine && trace_same_key(&to->key, key))                     \
			return to;                                                       \
		if (!name##_place(key, &place))                                          \
			return NULL;                                                     \
		to = bpf_map_lookup_elem(&values, &place);                               \
		if (!to)                                                                 \
			return NULL;                                                     \
		to->key = *key;                                                          \
		barrier();                                                               \
		to->mine = 1;                                                            \
		values##_hints[hint] = place;                                            \
		return to;                                                               \
	}

/* @room histograms: trace_record() is one event under a key. No room: it is counted as full. */
#define TRACE_HISTOGRAMS(room)                                                                 \
	TRACE_KEYED(trace_histogram, histogram_keys, histograms, struct trace_histogram, room) \
                                                                                               \
	static __always_inline bool trace_record(struct trace_account *account,                \
						 struct trace_key *key, uint64_t value)        \
	{                                                                                      \
		struct trace_histogram *to = trace_histogram_of(key);                          \
		uint32_t bucket = trace_bucket(value);                                         \
                                                                                               \
		if (!to || bucket >= TRACE_BUCKETS) {                                          \
			account->full++;                                                       \
			return false;                                                          \
		}                                                                              \
		if (!to->n || value < to->min)                                                 \
			to->min = value;                                                       \
		if (value > to->max)                                                           \
			to->max = value;                                                       \
		TRACE_MORE(to->n, 1);                                                          \
		TRACE_MORE(to->sum, value);                                                    \
		TRACE_MORE(to->bucket[bucket], 1);                                             \
		return true;                                                                   \
	}

/* @room sums: trace_add() is one event of so much under a key. */
#define TRACE_SUMS(room)                                                              \
	TRACE_KEYED(trace_sum, sum_keys, sums, struct trace_keyed_sum, room)          \
                                                                                      \
	static __always_inline bool trace_add(struct trace_account *account,          \
					      struct trace_key *key, uint64_t amount) \
	{                                                                             \
		struct trace_keyed_sum *to = trace_sum_of(key);                       \
                                                                                      \
		if (!to) {                                                            \
			account->full++;                                              \
			return false;                                                 \
		}                                                                     \
		to->n++;                                                              \
		to->sum += amount;                                                    \
		return true;                                                          \
	}

/* @room different ways to an event: trace_stack() counts @weight for the way to this one. */
#define TRACE_STACK_DEPTH 64
#define TRACE_STACKS(room)                                                                    \
	const volatile bool with_stacks;                                                      \
	struct {                                                                              \
		__uint(type, BPF_MAP_TYPE_STACK_TRACE);                                       \
		__uint(max_entries, room);                                                    \
		__uint(key_size, sizeof(uint32_t));                                           \
		__uint(value_size, TRACE_STACK_DEPTH * sizeof(uint64_t));                     \
	} stacks SEC(".maps");                                                                \
	struct {                                                                              \
		__uint(type, BPF_MAP_TYPE_PERCPU_HASH);                                       \
		__uint(max_entries, room);                                                    \
		__type(key, struct trace_stack_key);                                          \
		__type(value, struct trace_sum);                                              \
	} stack_sums SEC(".maps");                                                            \
	/* The thread whose calls are being looked for. */                                    \
	struct {                                                                              \
		__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);                                      \
		__uint(max_entries, 1);                                                       \
		__type(key, uint32_t);                                                        \
		__type(value, uint32_t);                                                      \
	} walks SEC(".maps");                                                                 \
                                                                                              \
	/* Does this happen as the calls on the way to another event are looked for? Its      \
	 * frame pointers may lead where nothing is mapped: faults, which are nobody's. */    \
	static __always_inline bool trace_is_walk(void)                                       \
	{                                                                                     \
		uint32_t zero = 0, *walk;                                                     \
                                                                                              \
		if (!with_stacks)                                                             \
			return false;                                                         \
		walk = bpf_map_lookup_elem(&walks, &zero);                                    \
		return walk && *walk && *walk == (uint32_t)bpf_get_current_pid_tgid();        \
	}                                                                                     \
                                                                                              \
	static __always_inline void trace_stack(struct trace_account *account, void *context, \
						int arm, uint32_t what, uint64_t a,           \
						uint64_t weight)                              \
	{                                                                                     \
		struct trace_stack_key key = {.arm = (uint32_t)arm, .what = what, .a = a};    \
		struct trace_sum *to, none = {0, 0};                                          \
		uint32_t zero = 0, *walk;                                                     \
                                                                                              \
		if (!with_stacks)                                                             \
			return;                                                               \
		walk = bpf_map_lookup_elem(&walks, &zero);                                    \
		if (!walk)                                                                    \
			return;                                                               \
		*walk = (uint32_t)bpf_get_current_pid_tgid();                                 \
		key.kernel = bpf_get_stackid(context, &stacks, 0);                            \
		key.user = bpf_get_stackid(context, &stacks, BPF_F_USER_STACK);               \
		if (key.user >= 0)                                                            \
			key.process = bpf_get_current_pid_tgid() >> 32;                       \
		*walk = 0;                                                                    \
		to = bpf_map_lookup_elem(&stack_sums, &key);                                  \
		if (!to) {                                                                    \
			bpf_map_update_elem(&stack_sums, &key, &none, BPF_NOEXIST);           \
			to = bpf_map_lookup_elem(&stack_sums, &key);                          \
		}                                                                             \
		if (!to) {                                                                    \
			account->full++;                                                      \
			return;                                                               \
		}                                                                             \
		to->n++;                                                                      \
		to->sum += weight;                                                            \
	}

/* Single events, if asked for; who reads looks by himself: a wake-up costs more than the event. */
#define TRACE_RING(bytes)                                                                          \
	const volatile bool with_events;                                                           \
	struct {                                                                                   \
		__uint(type, BPF_MAP_TYPE_RINGBUF);                                                \
		__uint(max_entries, bytes);                                                        \
	} ring SEC(".maps");                                                                       \
                                                                                                   \
	static __always_inline struct trace_event *trace_event_open(struct trace_account *account, \
								    int arm, uint32_t what)        \
	{                                                                                          \
		struct trace_event *event;                                                         \
                                                                                                   \
		if (!with_events)                                                                  \
			return NULL;                                                               \
		event = bpf_ringbuf_reserve(&ring, sizeof(*event), 0);                             \
		if (!event) {                                                                      \
			account->lost++;                                                           \
			return NULL;                                                               \
		}                                                                                  \
		event->ns = bpf_ktime_get_ns();                                                    \
		event->length_ns = 0;                                                              \
		event->arm = (uint32_t)arm;                                                        \
		event->what = what;                                                                \
		event->cpu = bpf_get_smp_processor_id();                                           \
		event->thread = (uint32_t)bpf_get_current_pid_tgid();                              \
		event->arg[0] = event->arg[1] = event->arg[2] = event->arg[3] = 0;                 \
		return event;                                                                      \
	}                                                                                          \
                                                                                                   \
	static __always_inline void trace_event_send(struct trace_event *event)                    \
	{                                                                                          \
		bpf_ringbuf_submit(event, BPF_RB_NO_WAKEUP);                                       \
	}

#endif /* TRACE_PROBES_COMMON_BPF_H */
