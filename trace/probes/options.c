/* SPDX-License-Identifier: GPL-2.0-only */
/* options.c - see options.h. */
#include "options.h"
#include "say.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
	"Usage: trimm-trace PROBE[,PROBE...] [OPTION...] [-- COMMAND...]\n"
	"Watch the kernel while COMMAND runs, or for so long, or until a "
	"signal; what `trimm trace`\n"
	"runs and shows. What it finds are records of trimm/1, one a line.\n\n"
	"  -d, --duration=SECONDS  So long, without a COMMAND\n"
	"  -e, --events            Single events as well\n"
	"      --floor             What an empty program costs, to compare\n"
	"  -i, --interval=SECONDS  What came since the last time, each time\n"
	"  -g, --guest             In the Linux guests that COMMAND boots, not here\n"
	"  -l, --list              The probes there are\n"
	"      --module=FIRST      By bench of the case in the kernel module, from FIRST on; an\n"
	"                          empty line says that probes are in\n"
	"  -o, --output=FD         Where records go (1)\n"
	"  -O, --own               Of COMMAND's own process alone, or of each case's\n"
	"  -p, --pid=PID           Of this process alone\n"
	"      --room=N            Room for N keys in each map, else by probe\n"
	"      --set=PROBE.WORD=VALUE  A probe's own word\n"
	"  -s, --stacks            Ways to events as well\n";

static bool number(const char *name, const char *text, double low, double high, double *to)
{
	char *end;

	errno = 0;
	*to = strtod(text, &end);
	if (!errno && end != text && !*end && *to >= low && *to <= high)
		return true;
	say("--%s=%s: a number from %g to %g is needed", name, text, low, high);
	return false;
}

static int list(void)
{
	for (int i = 0; probes[i]; i++)
		printf("%-10s %s\n", probes[i]->name, probes[i]->about);
	return fflush(stdout) ? TRACE_FAILED : -1;
}

static bool add_word(struct options *options, char *word)
{
	size_t n = 0;
	char *dot = strchr(word, '.'), *equals = strchr(word, '=');

	if (!dot || !equals || dot > equals) {
		say("--set=%s: PROBE.WORD=VALUE is needed", word);
		return false;
	}
	while (options->words[n])
		n++;
	if (n == TRACE_WORDS_MAX) {
		say("--set: at most %d of them", TRACE_WORDS_MAX);
		return false;
	}
	options->words[n] = word;
	return true;
}

static bool take(struct options *options, int letter)
{
	double value;

	switch (letter) {
	case 'd':
		return number("duration", optarg, 0.001, 1e6, &options->seconds);
	case 'i':
		return number("interval", optarg, 0.05, 1e6, &options->interval);
	case 'e':
		options->probe.events = true;
		return true;
	case 's':
		options->probe.stacks = true;
		return true;
	case 'F':
		options->floor = true;
		return true;
	case 'O':
		options->probe.own = true;
		return true;
	case 'g':
		return options->probe.elsewhere = true;
	case 'm':
		if (!number("module", optarg, 0, 1 << 20, &value))
			return false;
		options->first = (int)value;
		options->probe.of_module = true;
		return true;
	case 'o':
		if (!number("output", optarg, 0, 1 << 20, &value))
			return false;
		options->output = (int)value;
		return true;
	case 'p':
		if (!number("pid", optarg, 1, 1 << 22, &value))
			return false;
		options->probe.process = (uint32_t)value;
		return true;
	case 'r':
		if (!number("room", optarg, 1, TRACE_ROOM_MAX, &value))
			return false;
		options->probe.room = (uint32_t)value;
		return true;
	case 'S':
		return add_word(options, optarg);
	}
	return false;
}

char *options_for_guest(const struct options *options)
{
	char *text = NULL;
	size_t size;
	FILE *words = open_memstream(&text, &size);

	if (!words)
		return NULL;
	fprintf(words, "\n%s", options->names);
	if (options->probe.stacks)
		fputs("\n--stacks", words);
	if (options->probe.events)
		fputs("\n--events", words);
	if (options->probe.room)
		fprintf(words, "\n--room=%u", options->probe.room);
	for (char *const *word = options->words; *word; word++)
		fprintf(words, "\n--set=%s", *word);
	return fclose(words) ? NULL : text;
}

int options_read(struct options *options, int argc, char **argv)
{
	static const struct option letters[] = {
		{"duration", required_argument, NULL, 'd'},
		{"events", no_argument, NULL, 'e'},
		{"interval", required_argument, NULL, 'i'},
		{"guest", no_argument, NULL, 'g'},
		{"list", no_argument, NULL, 'l'},
		{"module", required_argument, NULL, 'm'},
		{"output", required_argument, NULL, 'o'},
		{"pid", required_argument, NULL, 'p'},
		{"room", required_argument, NULL, 'r'},
		{"set", required_argument, NULL, 'S'},
		{"stacks", no_argument, NULL, 's'},
		{"floor", no_argument, NULL, 'F'},
		{"own", no_argument, NULL, 'O'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	int letter;

	*options = (struct options){.output = STDOUT_FILENO, .first = -1};
	options->probe.words = options->words;
	opterr = 0;
	while ((letter = getopt_long(argc, argv, "+d:egi:lo:Op:sh", letters, NULL)) != -1 ||
	       (!options->names && optind < argc)) {
		if (letter == -1) { /* the names may stand before options */
			options->names = argv[optind++];
			continue;
		}
		if (letter == 'l')
			return list();
		if (letter == 'h')
			return fputs(usage, stdout) < 0 ? TRACE_FAILED : -1;
		if (letter == '?') {
			say("%s is not known; see trimm-trace --help", argv[optind - 1]);
			return TRACE_USAGE;
		}
		if (!take(options, letter))
			return TRACE_USAGE;
	}
	if (!options->names) {
		say("name a probe; trimm trace --list names them");
		return TRACE_USAGE;
	}
	if (optind < argc)
		options->command = argv + optind;
	if (options->probe.elsewhere && !options->command) {
		say("--guest: say which command boots guests: -- trimm run ... --target module");
		return TRACE_USAGE;
	}
	options->probe.of_one = options->command || options->probe.process;
	options->probe.told = options->output != STDOUT_FILENO;
	if (options->seconds > 0 && options->command) {
		say("--duration is for a trace without a COMMAND: this one lasts as long as that");
		return TRACE_USAGE;
	}
	if (fcntl(options->output, F_GETFD) < 0) {
		say("--output=%d: %s", options->output, strerror(errno));
		return TRACE_USAGE;
	}
	return 0;
}
