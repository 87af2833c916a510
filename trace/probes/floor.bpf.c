/* SPDX-License-Identifier: GPL-2.0-only */
/* floor.bpf.c - a program that does nothing; see floor.c. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

SEC("raw_tp/task_rename")
int nothing(void *ctx)
{
	return 0;
}
