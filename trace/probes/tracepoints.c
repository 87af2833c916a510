/* SPDX-License-Identifier: GPL-2.0-only */
/* tracepoints.c - see tracepoints.h. */
#include "tracepoints.h"

#include <bpf/btf.h>
#include <stdio.h>

bool tracepoint_known(const char *name)
{
	static struct btf *types; /* loaded once: 5 MB */
	char type[128];

	if (!types)
		types = btf__load_vmlinux_btf();
	snprintf(type, sizeof(type), "btf_trace_%s", name);
	return types && btf__find_by_name_kind(types, type, BTF_KIND_TYPEDEF) > 0;
}
