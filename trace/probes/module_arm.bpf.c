/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * module_arm.bpf.c - whose slice it is, where the module tells: as the harness of the user target
 * stores it (trace_socket.h). It passes this twice a slice, outside of what is timed.
 */
#include "common.bpf.h"

SEC("raw_tp/arm")
int on_arm(struct bpf_raw_tracepoint_args *args)
{
	const int64_t bench = (int64_t)args->args[0];
	uint32_t zero = 0;
	struct trace_shared *now = bpf_map_lookup_elem(&control, &zero);
	int32_t arm;

	if (!now)
		return 0;
	arm = bench < now->first ? -1 : (int32_t)bench - now->first;
	if (arm >= now->arms && arm < TRACE_ARMS)
		now->arms = arm + 1;
	now->arm = arm;
	return 0;
}
