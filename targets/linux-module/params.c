/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * params.c - the settings of this target, kept as written, for the record. Of kernel=, boot=, ram=,
 * accel= and watchdog= only that: the program that started the guest has acted on them.
 *
 * Defaults are module parameters of the same names, which take the same values.
 */
#include "params.h"

#include <linux/module.h>
#include <linux/moduleparam.h>

#include "host.h"
#include "size.h"

enum {
	PARAM_KERNEL,
	PARAM_BOOT,
	PARAM_ACCEL,
	PARAM_MEMORY,
	PARAM_WINDOW,
	PARAM_DMA,
	PARAM_DMA32,
	PARAM_RAM,
	PARAM_INVLPG_MAX,
	PARAM_WATCHDOG,
	PARAM_TRACE,
	PARAMS
};

const struct host_param host_params[] = {
	[PARAM_KERNEL] = {"kernel", "", "6.1", "6.1|6.12|PATH",
			  "what the guest boots: Debian's, or a built tree, or BZIMAGE:HEADERS"},
	[PARAM_BOOT] = {"boot", "", "case", "case|shared",
			"a boot for each case, so that none meets what another left; or for all "
			"that follow each other"},
	[PARAM_ACCEL] = {"accel", "", "auto", "auto|tcg|mttcg|kvm",
			 "what executes the guest; auto: KVM where a probe finds it fast"},
	[PARAM_MEMORY] = {"memory", "bytes", "64M", "4M..16G", "frames of each core"},
	[PARAM_WINDOW] = {"window", "bytes", "4G", "4M..1T",
			  "address space of each core, in steps of 2M"},
	[PARAM_DMA] = {"dma", "bytes", "0", "0..16G",
		       "of that memory the lowest, as zone DMA, in steps of 4M"},
	[PARAM_DMA32] = {"dma32", "bytes", "0", "0..16G",
			 "of that memory the next, as zone DMA32, in steps of 4M"},
	[PARAM_RAM] = {"ram", "bytes", "auto", "auto|128M..16G",
		       "memory of the whole guest; auto: 512M"},
	[PARAM_INVLPG_MAX] = {"invlpg_max", "pages", "33", "0..512",
			      "a flush of more pages drops all translations instead; Linux: 33 "
			      "(tlb_single_page_flush_ceiling)"},
	[PARAM_WATCHDOG] = {"watchdog", "seconds", "60", "0..86400",
			    "without progress for so long, the guest is killed; 0: never"},
	[PARAM_TRACE] = {"trace", "", "", NULL,
			 "the file that `replay` replays, of `trimm record`"},
	[PARAMS] = {NULL, NULL, NULL, NULL, NULL},
};

#define LARGEST_BLOCK (TRI_PAGE_SIZE << TRI_MAX_ORDER)
#define RAM_HIGHEST   (16UL << 30)

/* What those must be that are numbers, whose highest is not 0. */
static const struct size_rule rule[PARAMS] = {
	[PARAM_MEMORY] = {4UL << 20, RAM_HIGHEST, TRI_PAGE_SIZE},
	[PARAM_WINDOW] = {4UL << 20, SIZE_HIGHEST, 2UL << 20},
	[PARAM_DMA] = {0, RAM_HIGHEST, LARGEST_BLOCK},
	[PARAM_DMA32] = {0, RAM_HIGHEST, LARGEST_BLOCK},
	[PARAM_RAM] = {128UL << 20, RAM_HIGHEST, 2UL << 20},
	[PARAM_INVLPG_MAX] = {0, 512, 1},
	[PARAM_WATCHDOG] = {0, 86400, 1},
};

/* As written. As long as any word may be. */
struct setting {
	char text[384];
	size_t value;
};
static struct setting in_force[PARAMS];
/* Where a module parameter said so; empty: the table's. Linux locks them: kernel_param_lock(). */
static struct setting by_default[PARAMS];

static int param_find(const char *name)
{
	for (int i = 0; host_params[i].name; i++)
		if (!strcmp(host_params[i].name, name))
			return i;
	return -ENOENT;
}

static bool is_accel(const char *value)
{
	return !strcmp(value, "tcg") || !strcmp(value, "mttcg") || !strcmp(value, "kvm");
}

static int judge(int which, const char *value, size_t *number)
{
	if ((which == PARAM_ACCEL || which == PARAM_RAM) && !strcmp(value, "auto"))
		return 0;
	if (which == PARAM_BOOT)
		return !strcmp(value, "case") || !strcmp(value, "shared") ? 0 : -EINVAL;
	if (which == PARAM_ACCEL)
		return is_accel(value) ? 0 : -EINVAL;
	return rule[which].highest ? size_parse(value, &rule[which], number) : 0;
}

static int set(struct setting *setting, int which, const char *value)
{
	size_t length = strlen(value);
	int error;

	if ((!length && which != PARAM_TRACE) || length >= sizeof(setting->text))
		return -EINVAL;
	error = judge(which, value, &setting->value);
	if (!error)
		memcpy(setting->text, value, length + 1);
	return error;
}

int host_param_set(const char *name, const char *value)
{
	int which = param_find(name);

	return which < 0 ? which : set(&in_force[which], which, value);
}

const char *host_param_get(const char *name)
{
	int which = param_find(name);

	return which < 0 ? NULL : in_force[which].text;
}

void params_reset(void)
{
	kernel_param_lock(THIS_MODULE);
	for (int i = 0; i < PARAMS; i++) {
		if (by_default[i].text[0])
			in_force[i] = by_default[i];
		else
			set(&in_force[i], i, host_params[i].def);
	}
	kernel_param_unlock(THIS_MODULE);
}

/* --- Module parameters --- */

/* What `echo` writes ends with a newline. */
static int default_set(const char *value, const struct kernel_param *param)
{
	int which = (int)(long)param->arg;
	char text[sizeof(by_default[0].text)];
	ssize_t length = strscpy(text, value, sizeof(text));

	if (length > 0 && text[length - 1] == '\n')
		text[length - 1] = 0;
	return length < 0 ? -EINVAL : set(&by_default[which], which, text);
}

static int default_get(char *buffer, const struct kernel_param *param)
{
	int which = (int)(long)param->arg;
	const char *text = by_default[which].text;

	return sprintf(buffer, "%s\n", *text ? text : host_params[which].def);
}

static const struct kernel_param_ops defaults = {.set = default_set, .get = default_get};

#define DEFAULT(name, which, about)                                    \
	module_param_cb(name, &defaults, (void *)(long)(which), 0600); \
	MODULE_PARM_DESC(name, about)
DEFAULT(memory, PARAM_MEMORY, "frames of each core, unless a case says memory= (64M)");
DEFAULT(window, PARAM_WINDOW, "address space of each core (4G)");
DEFAULT(dma, PARAM_DMA, "of the frames the lowest, as zone DMA (0)");
DEFAULT(dma32, PARAM_DMA32, "of the frames the next, as zone DMA32 (0)");
DEFAULT(invlpg_max, PARAM_INVLPG_MAX, "a flush of more pages drops all translations (33)");

size_t params_memory(void)
{
	return in_force[PARAM_MEMORY].value;
}

size_t params_window(void)
{
	return in_force[PARAM_WINDOW].value;
}

size_t params_dma(void)
{
	return in_force[PARAM_DMA].value;
}

size_t params_dma32(void)
{
	return in_force[PARAM_DMA32].value;
}

unsigned long params_invlpg_max(void)
{
	return in_force[PARAM_INVLPG_MAX].value;
}

static bool counted;
module_param(counted, bool, 0400);
MODULE_PARM_DESC(counted, "a plugin of the emulator counts what is executed between marks (0)");

bool params_counted(void)
{
	return counted;
}
