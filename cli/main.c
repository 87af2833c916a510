/* SPDX-License-Identifier: GPL-2.0-only */
/* main.c - the trimm command: finds the verb and hands over. */
#include "cli.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

static const struct verb {
	const char *name, *about;
	int (*run)(int argc, char **argv);
} verbs[] = {
#define VERB(name, about) {#name, about, verb_##name},
#include "verbs.def"
#undef VERB
};
enum { NR_VERBS = sizeof(verbs) / sizeof(verbs[0]) };

static void print_help(void)
{
	puts("Usage: trimm VERB [ARGUMENT...]\n"
	     "A laboratory for kernel memory management: measure, compare, explain.\n");
	for (size_t i = 0; i < NR_VERBS; i++)
		printf("  %-12s %s\n", verbs[i].name, verbs[i].about);
	puts("\n`trimm VERB --help` says more. To start:\n"
	     "  trimm run unmap-storm flush=eager,lazy nr_pages=1..512\n"
	     "  trimm report\n"
	     "Exit codes: 0 fine, 1 measuring failed, 2 usage, 3 regression, 4 inconclusive or\n"
	     "not comparable, 77 everything skipped or not applicable.");
}

static int unknown_verb(const char *word)
{
	const char *names[NR_VERBS + 1] = {NULL};

	for (size_t i = 0; i < NR_VERBS; i++)
		names[i] = verbs[i].name;
	cli_error_unknown("verb", word, names, "trimm --help");
	return TRIMM_USAGE;
}

static int run_verb(const struct verb *verb, int argc, char **argv)
{
	char *command = cli_format("trimm %s", verb->name);
	int code;

	argv[0] = command;
	code = verb->run(argc, argv);
	if (fflush(stdout) || ferror(stdout)) {
		cli_error("standard output: %m");
		code = TRIMM_FAILED;
	}
	return code;
}

int main(int argc, char **argv)
{
	/* A file-size limit shall be an error to report, like a full disk. */
	signal(SIGXFSZ, SIG_IGN);
	argp_err_exit_status = TRIMM_USAGE;

	if (argc < 2) {
		cli_error("name a verb; `trimm --help` lists them");
		return TRIMM_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help")) {
		print_help();
		return TRIMM_FINE;
	}
	if (!strcmp(argv[1], "--version")) {
		puts("trimm " TRIMM_VERSION);
		return TRIMM_FINE;
	}
	for (size_t i = 0; i < NR_VERBS; i++) {
		if (!strcmp(argv[1], verbs[i].name))
			return run_verb(&verbs[i], argc - 1, argv + 1);
	}
	return unknown_verb(argv[1]);
}
