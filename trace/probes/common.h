/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * common.h - what all probes' BPF programs and the collector share: keys, histograms, accounts.
 *
 * A value is counted under a key: whose slice it was (arm), which of the probe's histograms or sums
 * it is (what), and two numbers that mean what the probe says.
 */
#ifndef TRACE_PROBES_COMMON_H
#define TRACE_PROBES_COMMON_H

#ifdef __bpf__
#include <linux/types.h>
#include <stdbool.h>
typedef __u8 uint8_t;
typedef __u16 uint16_t;
typedef __u32 uint32_t;
typedef __s32 int32_t;
typedef __u64 uint64_t;
typedef __s64 int64_t;
#else
#include <stdint.h>
#endif

/* As many arms as a case can have (bench/words.h); without phases all is arm 0's. */
#define TRACE_ARMS 8

/*
 * Log-linear as bench/histogram.h: a value is known to within 1/32. Beyond 2^40 (18 minutes in ns)
 * all falls into the last bucket. One is 4.8 KiB for each CPU.
 */
#define TRACE_SUB_BITS	 4
#define TRACE_VALUE_BITS 40
#define TRACE_BUCKETS	 ((TRACE_VALUE_BITS - TRACE_SUB_BITS + 1) << TRACE_SUB_BITS)

/* Of keys in a map, whoever sets its size. */
#define TRACE_ROOM_MAX (1U << 20)

struct trace_key {
	uint32_t arm, what;
	uint64_t a, b;
};

struct trace_histogram {
	uint64_t n, sum, min, max;
	struct trace_key key; /* whose it is, once `mine` is set; the same for good */
	uint64_t mine;
	uint64_t bucket[TRACE_BUCKETS];
};

#ifndef __bpf__
/* The least value of a bucket. */
static inline uint64_t trace_bucket_low(unsigned int bucket)
{
	const unsigned int group = bucket >> TRACE_SUB_BITS;

	if (group < 2)
		return bucket;
	return (uint64_t)(bucket - ((group - 1) << TRACE_SUB_BITS)) << (group - 1);
}
#endif

/* How often, and how much in all. */
struct trace_sum {
	uint64_t n, sum;
};

struct trace_keyed_sum {
	uint64_t n, sum;
	struct trace_key key; /* as a histogram's */
	uint64_t mine;
};

/* Calls on the way to one place, by the numbers that the map of stacks gave them; negative: none.
 */
struct trace_stack_key {
	uint32_t arm, what;
	int32_t kernel, user;
	uint32_t process; /* whose calls; 0: there are only the kernel's */
	uint32_t pad;
	uint64_t a;
};

/* One event out of the ring. */
struct trace_event {
	uint64_t ns, length_ns;
	uint32_t arm, what, cpu, thread;
	uint64_t arg[4];
};

/* What became of events; per arm and CPU. */
struct trace_account {
	uint64_t events, delivered, lost, refused, full;
	uint64_t missed; /* one half of an event, its end say, was not seen */
};

/* What programs are told; the first word is struct trace_control, the harness's (trace_socket.h).
 */
struct trace_shared {
	int32_t arm;	  /* at work now; negative: what happens is nobody's */
	uint32_t process; /* count for this one alone; 0: for all */
	uint32_t subject; /* whose threads are watched, if a probe watches one's; 0: nobody's */
	uint64_t since;	  /* when probes were last attached: what began before is not whole */
	int32_t first;	  /* with --module: bench of arm 0, */
	int32_t arms;	  /* and how many there have been: the highest that was at work, and 1 */
};

#endif /* TRACE_PROBES_COMMON_H */
