/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * verb_record.c - trimm record: a program of its own does it (trace/record, trace/kernel), in whose
 * place this one goes, so that signals and the exit code need no passing on.
 */
#include "cli.h"
#include "target.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DEFAULT_FILE "trimm.trace"

struct arguments {
	const char *file;
	char **command;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case 'o':
		arguments->file = arg;
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "%s: the command comes behind --", arg);
		return 0;
	case ARGP_KEY_END:
		if (!arguments->command)
			argp_error(state, "say what to record: `trimm record -- COMMAND...`");
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp argp = {
	.options =
		(const struct argp_option[]){
			{"output", 'o', "FILE", 0, "The trace (" DEFAULT_FILE ", unless given)", 0},
			{"kernel", 'k', NULL, 0,
			 "Record the kernel's allocators instead: `trimm record --kernel --help`",
			 0},
			{0}},
	.parser = parse,
	.args_doc = "-- COMMAND...",
	.doc = "Run COMMAND and write down its calls for memory, and those of the programs it "
	       "starts: malloc and its family, mmap of memory, munmap, mremap.\v"
	       "Input, output and the exit code are COMMAND's. Programs that are linked "
	       "statically, or set-user-ID, are not seen. TMPDIR must have room for some 20 bytes "
	       "a "
	       "call while COMMAND runs.\n\n"
	       "  trimm record -- gcc -O2 -c hello.c\n"
	       "  trimm about " DEFAULT_FILE "\n"
	       "  trimm replay " DEFAULT_FILE " impl=native,mmcore",
};

/* It is that program's to understand what else there is. */
static int record_kernel(int argc, char **argv)
{
	char *program = target_program("trimm-record-kernel"), **own;
	bool said = false;
	int n = 1;

	own = cli_alloc(NULL, ((size_t)argc + 1) * sizeof(*own));
	own[0] = argv[0];
	for (int i = 1; i < argc; i++) {
		if (!said && (!strcmp(argv[i], "--kernel") || !strcmp(argv[i], "-k")))
			said = true;
		else
			own[n++] = argv[i];
	}
	own[n] = NULL;
	execv(program, own);
	cli_error("%s: %m; `make` builds it", program);
	free(own);
	free(program);
	return TRIMM_FAILED;
}

int verb_record(int argc, char **argv)
{
	struct arguments arguments = {.file = DEFAULT_FILE};
	char *program, **own;
	int end = 1, n = 0;

	while (end < argc && strcmp(argv[end], "--"))
		end++;
	for (int i = 1; i < end; i++)
		if (!strcmp(argv[i], "--kernel") || !strcmp(argv[i], "-k"))
			return record_kernel(argc, argv);
	if (end + 1 < argc)
		arguments.command = argv + end + 1;
	if (end < argc)
		argv[end] = NULL;
	cli_parse(&argp, end, argv, &arguments);
	own = cli_alloc(NULL, ((size_t)argc + 3) * sizeof(*own));
	program = target_program("trimm-record");
	own[n++] = program;
	own[n++] = (char *)arguments.file;
	for (char **word = arguments.command; *word; word++)
		own[n++] = *word;
	own[n] = NULL;
	execv(program, own);
	cli_error("%s: %m; `make` builds it", program);
	free(own);
	free(program);
	return TRIMM_FAILED;
}
