/* SPDX-License-Identifier: GPL-2.0-only */
/* params.c - host=, memory=, trace=, window=, dma=, dma32=, perf= and perf_scope=: kept as written,
 * for the record. */
#include "params.h"

#include <errno.h>
#include <string.h>

#include "host.h"
#include "perf.h"
#include "size.h"

enum {
	PARAM_HOST,
	PARAM_MEMORY,
	PARAM_WINDOW,
	PARAM_DMA,
	PARAM_DMA32,
	PARAM_TRACE,
	PARAM_PERF,
	PARAM_SCOPE,
	PARAMS
};

const struct host_param host_params[] = {
	[PARAM_HOST] = {"host", "", "linear", "linear|exact",
			"how the window is mapped: linear measures, exact catches a use after the "
			"flush"},
	[PARAM_MEMORY] = {"memory", "bytes", "1G", "4M..1T",
			  "frames of each core; they cost memory only once touched"},
	[PARAM_WINDOW] = {"window", "bytes", "4G", "4M..1T",
			  "address space of each core, in steps of 2M"},
	[PARAM_DMA] = {"dma", "bytes", "0", "0..1T",
		       "of that memory the lowest, as zone DMA, in steps of 4M"},
	[PARAM_DMA32] = {"dma32", "bytes", "0", "0..1T",
			 "of that memory the next, as zone DMA32, in steps of 4M"},
	[PARAM_TRACE] = {"trace", "", "", NULL,
			 "the file that `replay` replays, of `trimm record`"},
	[PARAM_PERF] = {"perf", "", "off", NULL,
			"perf events of the workers: off, auto (all there are), or groups, events "
			"and tracepoints joined by +, as dtlb+minor_faults+tlb:tlb_flush",
			true},
	[PARAM_SCOPE] = {"perf_scope", "", "thread", "thread|cpu",
			 "what perf= counts: the workers alone, or all that their CPUs do", true},
	[PARAMS] = {NULL, NULL, NULL, NULL, NULL, false},
};

/* Of those that are sizes: what they must be, and what is in force. */
static struct {
	struct size_rule rule;
	size_t bytes;
} size[PARAMS] = {
	[PARAM_MEMORY] = {{4UL << 20, SIZE_HIGHEST, TRI_PAGE_SIZE}, 1UL << 30},
	[PARAM_WINDOW] = {{4UL << 20, SIZE_HIGHEST, 2UL << 20}, 4UL << 30},
	[PARAM_DMA] = {{0, SIZE_HIGHEST, TRI_PAGE_SIZE << TRI_MAX_ORDER}, 0},
	[PARAM_DMA32] = {{0, SIZE_HIGHEST, TRI_PAGE_SIZE << TRI_MAX_ORDER}, 0},
};

/* Long enough for any size in range, and any word (BENCH words.c). */
static char text[PARAMS][384] = {"linear", "1G", "4G", "0", "0", "", "off", "thread"};
static bool host_exact;

static int param_find(const char *name)
{
	for (int i = 0; host_params[i].name; i++)
		if (!strcmp(host_params[i].name, name))
			return i;
	return -ENOENT;
}

static void choose_host(bool exact)
{
	host_exact = exact;
}

/* @set is told whether @value is @yes or @no; -EINVAL: it is neither. */
static int choose(const char *value, const char *yes, const char *no, void (*set)(bool is_yes))
{
	if (strcmp(value, yes) && strcmp(value, no))
		return -EINVAL;
	set(!strcmp(value, yes));
	return 0;
}

int host_param_set(const char *name, const char *value)
{
	int which = param_find(name), error = 0;

	if (which < 0)
		return which;
	if (strlen(value) >= sizeof(text[0]))
		return -EINVAL;
	if (which == PARAM_TRACE)
		; /* Whether it is there is asked by whoever replays it. */
	else if (which == PARAM_PERF)
		error = perf_choose(value);
	else if (which == PARAM_SCOPE)
		error = choose(value, "cpu", "thread", perf_choose_scope);
	else if (which == PARAM_HOST)
		error = choose(value, "exact", "linear", choose_host);
	else
		error = size_parse(value, &size[which].rule, &size[which].bytes);
	if (!error)
		strcpy(text[which], value);
	return error;
}

const char *host_param_get(const char *name)
{
	int which = param_find(name);

	return which < 0 ? NULL : text[which];
}

bool params_host_exact(void)
{
	return host_exact;
}

size_t params_memory(void)
{
	return size[PARAM_MEMORY].bytes;
}

size_t params_window(void)
{
	return size[PARAM_WINDOW].bytes;
}

size_t params_dma(void)
{
	return size[PARAM_DMA].bytes;
}

size_t params_dma32(void)
{
	return size[PARAM_DMA32].bytes;
}
