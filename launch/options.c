/* SPDX-License-Identifier: GPL-2.0-only */
/* options.c - see options.h. */
#include "options.h"
#include "launch.h"
#include "model_text.h"
#include "ram.h"

#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define CPUS_MAX	64
#define DEFAULT_MEMORY	(1UL << 30)
#define DEFAULT_SILENCE 60
/* Where a plugin sees each instruction, and the guest's clock waits for it. */
#define EXACT_SILENCE 120
#define UNSAID	      UINT_MAX
#define SILENCE_MAX   86400

bool options_size(const char *text, uint64_t *bytes)
{
	static const char suffixes[] = "KMGT";
	unsigned int shift = 0;
	const char *suffix;
	char *end;

	if (!isdigit((unsigned char)*text))
		return false;
	*bytes = strtoul(text, &end, 10);
	if (*end) {
		suffix = strchr(suffixes, toupper((unsigned char)*end));
		if (!suffix || end[1])
			return false;
		shift = 10 * (unsigned int)(suffix - suffixes + 1);
	}
	if (*bytes > UINT64_MAX >> shift)
		return false;
	*bytes <<= shift;
	return true;
}

/* A whole number up to @max, or -1. */
static long number(const char *text, long max)
{
	char *end;
	long value;

	if (!isdigit((unsigned char)*text))
		return -1;
	value = strtol(text, &end, 10);
	return *end || value > max ? -1 : value;
}

static int read_silence(struct options *options, const char *value)
{
	long seconds = number(value, SILENCE_MAX);

	if (seconds < 0) {
		launch_error("watchdog=%s: give 1 to %d seconds of silence, or 0 to wait for ever",
			     value, SILENCE_MAX);
		return LAUNCH_USAGE;
	}
	options->silence = (unsigned int)seconds;
	return 0;
}

static int read_ram(struct options *options, const char *value)
{
	if (!strcmp(value, "auto"))
		return 0;
	if (options_size(value, &options->ram) && options->ram >= RAM_MIN &&
	    options->ram <= RAM_MAX && !(options->ram % RAM_STEP))
		return 0;
	launch_error("ram=%s: give auto, or 64M to 16G in steps of 2M", value);
	return LAUNCH_USAGE;
}

static int read_accel(struct options *options, const char *value)
{
	static const char *const values[] = {"auto", "tcg", "mttcg", "kvm"};

	options->accel = value;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		if (!strcmp(value, values[i]))
			return 0;
	launch_error("accel=%s: give auto, tcg, mttcg or kvm", value);
	return LAUNCH_USAGE;
}

/* The plugin judges it as well, but once the case runs, and by way of QEMU. */
static int read_model(struct options *options, const char *value)
{
	struct tlb_shape shape;
	char why[512];

	options->model = value;
	if (!model_parse(value, &shape, why, sizeof(why)))
		return 0;
	launch_error("tlb=: %s", why);
	return LAUNCH_USAGE;
}

/* The value of @word if its name is @name. */
static const char *value_of(const char *word, const char *name)
{
	size_t length = strlen(name);

	return !strncmp(word, name, length) && word[length] == '=' ? word + length + 1 : NULL;
}

static int read_word(struct options *options, const char *word)
{
	const char *value;
	uint64_t bytes;
	long cpus;

	if (strchr(word, '\n')) {
		launch_error("a word holds a newline, which is what words are separated by");
		return LAUNCH_USAGE;
	}
	if ((value = value_of(word, "watchdog")))
		return read_silence(options, value);
	if ((value = value_of(word, "ram")))
		return read_ram(options, value);
	if ((value = value_of(word, "accel")))
		return read_accel(options, value);
	if ((value = value_of(word, "tlb")))
		return read_model(options, value);
	if ((value = value_of(word, "trace"))) {
		options->trace = value;
		return 0;
	}
	if ((value = value_of(word, "cpus")) && (cpus = number(value, CPUS_MAX)) > 0)
		options->cpus = (unsigned int)cpus;
	else if ((value = value_of(word, "memory")) && options_size(value, &bytes))
		options->memory = bytes;
	else if ((value = value_of(word, "events")) && options_size(value, &bytes))
		options->events = bytes;
	else if ((value = value_of(word, "mode")))
		options->exact = !strcmp(value, "exact");
	else
		options->arms += !strncmp(word, "arm:", 4);
	return 0;
}

int options_read(struct options *options, int nr_words, char *const *words)
{
	int code = 0;

	*options = (struct options){
		.selftest = !strcmp(words[0], "selftest"),
		.memory = DEFAULT_MEMORY,
		.silence = UNSAID,
		.accel = "auto",
	};
	options->runs = !options->selftest && strcmp(words[0], "describe") &&
			strcmp(words[0], "check") && strcmp(words[0], "digests");
	for (int i = 0; i < nr_words && !code; i++)
		code = read_word(options, words[i]);
	options->arms += !options->arms;
	if (options->silence == UNSAID)
		options->silence = options->exact ? EXACT_SILENCE : DEFAULT_SILENCE;
	if (!code && options->exact && strcmp(options->accel, "auto") &&
	    strcmp(options->accel, "tcg")) {
		launch_error("accel=%s: what a plugin counts is emulated, by one thread; leave "
			     "accel= out where the mode is exact",
			     options->accel);
		code = LAUNCH_USAGE;
	}
	return code;
}
