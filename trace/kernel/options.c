/* SPDX-License-Identifier: GPL-2.0-only */
/* options.c - see options.h. */
#include "options.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DEFAULT_FILE "trimm.trace"
/*
 * Bytes of the ring. 40 are an event: some 800,000, a tenth of a second of a busy machine whose
 * recorder does not get a CPU meanwhile. More costs memory, which the kernel keeps all the time.
 */
#define DEFAULT_BUFFER (32UL << 20)
#define BUFFER_LOWEST  (64UL << 10)
#define BUFFER_HIGHEST (1UL << 30)

void error_line(const char *format, ...)
{
	char line[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	dprintf(STDERR_FILENO, "trimm: %s\n", line);
}

/* Options without a letter. */
enum { LETTER_BACKGROUND = 256, LETTER_BOOT };

static const char usage[] =
	"Usage: trimm record --kernel [OPTION...] [-- COMMAND...]\n"
	"       trimm record --kernel --target module [OPTION...] [NAME=VALUE...] [FILE...] -- "
	"COMMAND...\n"
	"Record what a Linux kernel's allocators are asked for, as a trace to replay: of this\n"
	"machine, while COMMAND runs, or until Ctrl-C; or of a guest's, where COMMAND runs.\n\n"
	"      --background       Be back when the recording has begun; a signal ends it\n"
	"      --boot             Of a guest, also the end of its boot, from its first program on\n"
	"  -b, --buffer=BYTES     Room for events that wait to be written (32M)\n"
	"  -e, --events=LIST      Any of kmalloc, cache and pages (kmalloc,cache). Objects lie in\n"
	"                         pages, which the kernel allocates too: a trace of both counts\n"
	"                         that memory twice\n"
	"  -o, --output=FILE      The trace (" DEFAULT_FILE "); - is stdout\n"
	"  -q, --quiet            No progress, no summary\n"
	"  -s, --seconds=N        No command: record so long\n"
	"  -t, --target=module    Of Linux in a guest, of kernel=6.1, kernel=6.12 or kernel=PATH;\n"
	"                         FILEs are there when COMMAND runs\n\n"
	"Recording this machine takes root, or CAP_BPF and CAP_PERFMON. The exit code is "
	"COMMAND's.\n"
	"One word alone is a line for the guest's shell.\n\n"
	"  sudo trimm record --kernel -- ls -R /usr\n"
	"  trimm record --kernel --target module kernel=6.12 -- 'ls -R / | wc -l'\n"
	"  trimm record --kernel --target module --boot\n"
	"  trimm about " DEFAULT_FILE "\n";

static int read_events(struct options *options, const char *text)
{
	char copy[64], *save = NULL;

	options->events = (struct probes_wanted){false, false, false};
	options->events_text = text;
	snprintf(copy, sizeof(copy), "%s", text);
	for (char *word = strtok_r(copy, ",", &save); word; word = strtok_r(NULL, ",", &save)) {
		if (!strcmp(word, "kmalloc")) {
			options->events.kmalloc = true;
		} else if (!strcmp(word, "cache")) {
			options->events.cache = true;
		} else if (!strcmp(word, "pages")) {
			options->events.pages = true;
		} else {
			error_line("--events=%s: %s is none; there are kmalloc, cache and pages",
				   text, word);
			return KERNEL_USAGE;
		}
	}
	if (options->events.kmalloc || options->events.cache || options->events.pages)
		return 0;
	error_line("--events=: name some: kmalloc, cache, pages");
	return KERNEL_USAGE;
}

static int read_buffer(struct options *options, const char *text)
{
	char *end;
	unsigned long bytes = strtoul(text, &end, 10);
	int shift = *end == 'K' ? 10 : *end == 'M' ? 20 : *end == 'G' ? 30 : 0;

	options->buffer_text = text;
	if (end == text || end[shift != 0] || bytes > BUFFER_HIGHEST)
		bytes = 0;
	bytes <<= shift;
	if (bytes >= BUFFER_LOWEST && bytes <= BUFFER_HIGHEST && !(bytes & (bytes - 1))) {
		options->buffer = bytes;
		return 0;
	}
	error_line("--buffer=%s: give a power of two from 64K to 1G", text);
	return KERNEL_USAGE;
}

static int read_seconds(struct options *options, const char *text)
{
	char *end;

	options->seconds = strtod(text, &end);
	if (end != text && !*end && options->seconds > 0 && options->seconds <= 1e9)
		return 0;
	error_line("--seconds=%s: give a number above 0", text);
	return KERNEL_USAGE;
}

static int read_one(struct options *options, int letter, char **argv)
{
	switch (letter) {
	case 'b':
		return read_buffer(options, optarg);
	case LETTER_BOOT:
		options->boot = true;
		return 0;
	case LETTER_BACKGROUND:
		options->background = true;
		return 0;
	case 'e':
		return read_events(options, optarg);
	case 'o':
		options->file = optarg;
		return 0;
	case 'q':
		options->quiet = true;
		return 0;
	case 's':
		return read_seconds(options, optarg);
	case 't':
		options->in_guest = true;
		if (!strcmp(optarg, "module"))
			return 0;
		error_line("--target=%s: a kernel is recorded here, or with --target=module in a "
			   "guest",
			   optarg);
		return KERNEL_USAGE;
	case 'h':
		fputs(usage, stdout);
		return -1;
	case 'V':
		puts("trimm-record-kernel " TRIMM_VERSION);
		return -1;
	case ':':
		error_line("%s: needs a value; --help shows which", argv[optind - 1]);
		return KERNEL_USAGE;
	}
	error_line("%s: no such option; --help shows them", argv[optind - 1]);
	return KERNEL_USAGE;
}

/* What goes together; options->command and words are there. */
static int judge(const struct options *options)
{
	if (options->in_guest && !options->command && !options->boot) {
		error_line("--target module: say what the guest is to do: -- COMMAND, or --boot");
		return KERNEL_USAGE;
	}
	if (options->boot && !options->in_guest) {
		error_line("--boot: only a guest's is recorded; add --target module");
		return KERNEL_USAGE;
	}
	if (options->background && (options->command || options->in_guest)) {
		error_line("--background: only this machine's kernel, and without a command");
		return KERNEL_USAGE;
	}
	if (options->seconds > 0 && options->command) {
		error_line(
			"--seconds=: a command is recorded until it ends; leave out one of them");
		return KERNEL_USAGE;
	}
	if (!options->in_guest && options->nr_guest_words) {
		error_line("%s: a command comes behind --; words of a guest with --target module",
			   options->guest_words[0]);
		return KERNEL_USAGE;
	}
	return 0;
}

int options_read(struct options *options, int argc, char **argv)
{
	static const struct option names[] = {
		{"background", no_argument, NULL, LETTER_BACKGROUND},
		{"boot", no_argument, NULL, LETTER_BOOT},
		{"buffer", required_argument, NULL, 'b'},
		{"events", required_argument, NULL, 'e'},
		{"help", no_argument, NULL, 'h'},
		{"output", required_argument, NULL, 'o'},
		{"quiet", no_argument, NULL, 'q'},
		{"seconds", required_argument, NULL, 's'},
		{"target", required_argument, NULL, 't'},
		{"version", no_argument, NULL, 'V'},
		{0},
	};
	int letter, code = 0, split = 1;

	*options = (struct options){
		.file = DEFAULT_FILE, .buffer = DEFAULT_BUFFER, .events = {true, true, false}};
	while (split < argc && strcmp(argv[split], "--"))
		split++;
	if (split + 1 < argc)
		options->command = argv + split + 1;
	/* In order, wherever words stand between them: those come with the letter 1. */
	opterr = 0;
	while (!code && (letter = getopt_long(split, argv, "-:b:e:o:qs:t:", names, NULL)) >= 0) {
		if (letter != 1)
			code = read_one(options, letter, argv);
		else if (options->nr_guest_words < GUEST_WORDS_MAX)
			options->guest_words[options->nr_guest_words++] = optarg;
	}
	return code ? code : judge(options);
}
