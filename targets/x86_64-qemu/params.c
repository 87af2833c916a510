/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * params.c - the settings of this target, kept as written, for the record. Of ram=, accel=, trace=
 * and watchdog= only that: the program that starts QEMU has acted on them.
 */
#include "params.h"

#include "clock.h"
#include "host.h"
#include "size.h"

enum {
	PARAM_ACCEL,
	PARAM_MEMORY,
	PARAM_WINDOW,
	PARAM_DMA,
	PARAM_DMA32,
	PARAM_RAM,
	PARAM_INVLPG_MAX,
	PARAM_QUANTUM,
	PARAM_WATCHDOG,
	PARAM_EVENTS,
	PARAM_TRACE,
	PARAMS
};

const struct host_param host_params[] = {
	[PARAM_ACCEL] = {"accel", "", "auto", "auto|tcg|mttcg|kvm",
			 "what executes the guest; auto: KVM where a probe finds it fast"},
	[PARAM_MEMORY] = {"memory", "bytes", "1G", "4M..16G", "frames of each core"},
	[PARAM_WINDOW] = {"window", "bytes", "4G", "4M..1T",
			  "address space of each core, in steps of 2M"},
	[PARAM_DMA] = {"dma", "bytes", "0", "0..16G",
		       "of that memory the lowest, as zone DMA, in steps of 4M"},
	[PARAM_DMA32] = {"dma32", "bytes", "0", "0..16G",
			 "of that memory the next, as zone DMA32, in steps of 4M"},
	[PARAM_RAM] = {"ram", "bytes", "auto", "auto|64M..16G",
		       "memory of the whole machine; auto: what all cores need"},
	[PARAM_INVLPG_MAX] = {"invlpg_max", "pages", "33", "0..512",
			      "a flush of more pages drops all translations instead; Linux: 33 "
			      "(tlb_single_page_flush_ceiling)"},
	[PARAM_QUANTUM] = {"quantum", "PIT ticks", "12", "12..65535",
			   "longest turn of a CPU where several take turns (--mode exact)"},
	[PARAM_WATCHDOG] = {"watchdog", "seconds", "60", "0..86400",
			    "without progress for so long, the machine is killed; 0: never"},
	[PARAM_EVENTS] = {"events", "bytes", "0", "0..64M",
			  "ring of each CPU for the events in mmcore, the last of which become "
			  "records, in steps of 4K; 0: none"},
	[PARAM_TRACE] = {"trace", "", "", NULL,
			 "the file that `replay` replays, of `trimm record`"},
	[PARAMS] = {NULL, NULL, NULL, NULL, NULL},
};

#define LARGEST_BLOCK (TRI_PAGE_SIZE << TRI_MAX_ORDER)
#define RAM_HIGHEST   (16UL << 30)

/* What each must be, and what is in force; all but accel= are numbers. */
static struct {
	struct size_rule rule;
	size_t value;
} number[PARAMS] = {
	[PARAM_MEMORY] = {{4UL << 20, RAM_HIGHEST, TRI_PAGE_SIZE}, 1UL << 30},
	[PARAM_WINDOW] = {{4UL << 20, SIZE_HIGHEST, 2UL << 20}, 4UL << 30},
	[PARAM_DMA] = {{0, RAM_HIGHEST, LARGEST_BLOCK}, 0},
	[PARAM_DMA32] = {{0, RAM_HIGHEST, LARGEST_BLOCK}, 0},
	[PARAM_RAM] = {{64UL << 20, RAM_HIGHEST, 2UL << 20}, 0},
	[PARAM_INVLPG_MAX] = {{0, 512, 1}, 33},
	[PARAM_QUANTUM] = {{12, 65535, 1}, 12},
	[PARAM_WATCHDOG] = {{0, 86400, 1}, 60},
	[PARAM_EVENTS] = {{0, 64UL << 20, TRI_PAGE_SIZE}, 0},
};

/* Longer than any value in range; empty: the default. */
static char text[PARAM_TRACE][24];
/* As long as any word may be. */
static char trace[384];

static int param_find(const char *name)
{
	for (int i = 0; host_params[i].name; i++)
		if (!strcmp(host_params[i].name, name))
			return i;
	return -ENOENT;
}

static int set_value(int which, const char *value)
{
	int error;

	if ((which == PARAM_ACCEL || which == PARAM_RAM) && !strcmp(value, "auto"))
		return 0;
	if (which == PARAM_ACCEL)
		return strcmp(value, "tcg") && strcmp(value, "mttcg") && strcmp(value, "kvm")
			       ? -EINVAL
			       : 0;
	error = size_parse(value, &number[which].rule, &number[which].value);
	if (!error && which == PARAM_QUANTUM)
		clock_set_quantum(params_quantum());
	return error;
}

int host_param_set(const char *name, const char *value)
{
	int which = param_find(name), error;
	size_t length = 0;

	if (which < 0)
		return which;
	while (value[length])
		length++;
	if (length >= (which == PARAM_TRACE ? sizeof(trace) : sizeof(text[0])))
		return -EINVAL;
	error = which == PARAM_TRACE ? 0 : set_value(which, value);
	if (!error)
		memcpy(which == PARAM_TRACE ? trace : text[which], value, length + 1);
	return error;
}

const char *host_param_get(const char *name)
{
	int which = param_find(name);

	if (which < 0)
		return NULL;
	if (which == PARAM_TRACE)
		return trace;
	return text[which][0] ? text[which] : host_params[which].def;
}

size_t params_memory(void)
{
	return number[PARAM_MEMORY].value;
}

size_t params_window(void)
{
	return number[PARAM_WINDOW].value;
}

size_t params_dma(void)
{
	return number[PARAM_DMA].value;
}

size_t params_dma32(void)
{
	return number[PARAM_DMA32].value;
}

unsigned long params_invlpg_max(void)
{
	return number[PARAM_INVLPG_MAX].value;
}

size_t params_events(void)
{
	return number[PARAM_EVENTS].value;
}

unsigned int params_quantum(void)
{
	return (unsigned int)number[PARAM_QUANTUM].value;
}
