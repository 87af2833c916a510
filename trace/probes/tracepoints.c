/* SPDX-License-Identifier: GPL-2.0-only */
/* tracepoints.c - see tracepoints.h. */
#include "tracepoints.h"

#include <bpf/btf.h>
#include <glob.h>
#include <stdio.h>

/* A module may come without types. */
static bool of_a_module(const char *name)
{
	char path[160];
	glob_t found;
	bool any;

	snprintf(path, sizeof(path), "/sys/kernel/tracing/events/*/%s", name);
	any = !glob(path, 0, NULL, &found);
	if (any)
		globfree(&found);
	return any;
}

bool tracepoint_known(const char *name)
{
	static struct btf *types; /* loaded once: 5 MB */
	char type[128];

	if (!types)
		types = btf__load_vmlinux_btf();
	snprintf(type, sizeof(type), "btf_trace_%s", name);
	return (types && btf__find_by_name_kind(types, type, BTF_KIND_TYPEDEF) > 0) ||
	       of_a_module(name);
}
