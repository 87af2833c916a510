/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * guest.c - see guest.h.
 *
 * In the guest the trace grows in memory and is sent when nothing is recorded any more: the port
 * it goes through allocates, too.
 */
#include "guest.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define IN_GUEST       "/tmp/kernel.trace"
#define WORDS_IN_GUEST "/tmp/kernel.words"

/* More than the options and words there are. */
#define ARGV_MAX (GUEST_WORDS_MAX + 8)

static void add_quoted(FILE *line, const char *word)
{
	fputc('\'', line);
	for (; *word; word++) {
		if (*word == '\'')
			fputs("'\\''", line);
		else
			fputc(*word, line);
	}
	fputc('\'', line);
}

/* The options that are the guest's. */
static void add_options(FILE *line, const struct options *options)
{
	fputs(" -o " IN_GUEST, line);
	if (options->events_text)
		fprintf(line, " -e %s", options->events_text);
	if (options->buffer_text)
		fprintf(line, " -b %s", options->buffer_text);
	if (options->quiet)
		fputs(" -q", line);
}

/* One word alone is a line for the guest's shell, as it stands. */
static void add_command(FILE *line, const struct options *options)
{
	if (!options->command[1])
		fputs(" sh -c", line);
	for (char *const *word = options->command; *word; word++) {
		fputc(' ', line);
		add_quoted(line, *word);
	}
	fputs(" </dev/null >&2", line);
}

/* Asked to stop, the shell sends what was recorded all the same. */
static void add_recording(FILE *line, const struct options *options, const char *own_name)
{
	fprintf(line, "trap stopped=1 TERM; ./%s", own_name);
	add_options(line, options);
	fputs(" --", line);
	add_command(line, options);
	fputs(" & wait $!; code=$?; [ -z \"$stopped\" ] || { wait $!; code=$?; }; ", line);
}

/* It runs already. */
static void add_end_of_recording(FILE *line, const struct options *options, const char *own_name)
{
	fputs("trap : TERM; code=0; ", line);
	if (options->command) {
		add_command(line, options);
		fputs("; code=$?; ", line);
	}
	fprintf(line,
		"killall %s 2>/dev/null || code=1; while killall -0 %s 2>/dev/null; do "
		"usleep 10000; done; cat " WORDS_IN_GUEST " >&2; ",
		own_name, own_name);
}

/* What the guest's shell is to do when the guest has booted. */
static char *guest_line(const struct options *options, const char *own_name)
{
	char *text = NULL;
	size_t size;
	FILE *line = open_memstream(&text, &size);

	if (!line)
		return NULL;
	if (options->boot)
		add_end_of_recording(line, options, own_name);
	else
		add_recording(line, options, own_name);
	fputs("cat " IN_GUEST "; exit $code", line);
	return fclose(line) ? NULL : text;
}

/* And what before anything else. */
static char *first_word(const struct options *options, const char *own_name)
{
	char *text = NULL;
	size_t size;
	FILE *line = open_memstream(&text, &size);

	if (!line)
		return NULL;
	fprintf(line, "first=./%s --background", own_name);
	add_options(line, options);
	fputs(" 2>" WORDS_IN_GUEST, line);
	return fclose(line) ? NULL : text;
}

/* The folder this program is in, to which @name is added; and its own name. */
static char *beside(const char *name, char *own, size_t own_size)
{
	char path[PATH_MAX], *slash, *found = NULL;
	ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);

	path[length > 0 ? length : 0] = '\0';
	slash = strrchr(path, '/');
	if (!slash)
		return NULL;
	snprintf(own, own_size, "%s", slash + 1);
	return asprintf(&found, "%.*s/%s", (int)(slash - path), path, name) < 0 ? NULL : found;
}

static bool has_module(const struct options *options)
{
	for (int i = 0; i < options->nr_guest_words; i++)
		if (!strncmp(options->guest_words[i], "module=", strlen("module=")))
			return true;
	return false;
}

/* What is to be run: all of it is the caller's. */
struct launch {
	char *launcher, *own, *line, *first;
};

static void become(const struct options *options, const struct launch *launch, int out)
{
	char *argv[ARGV_MAX];
	int n = 0;

	argv[n++] = launch->launcher;
	argv[n++] = (char *)"module";
	argv[n++] = (char *)"sh";
	if (!has_module(options))
		argv[n++] = (char *)"module=none";
	for (int i = 0; i < options->nr_guest_words; i++)
		argv[n++] = options->guest_words[i];
	if (options->boot)
		argv[n++] = launch->first;
	argv[n++] = launch->own;
	argv[n++] = (char *)"--";
	argv[n++] = launch->line;
	argv[n] = NULL;
	dup2(out, STDOUT_FILENO);
	execv(launch->launcher, argv);
	error_line("%s: %s; `make` builds it", launch->launcher, strerror(errno));
	_exit(KERNEL_FAILED);
}

/* Whoever ends us means the guest: it has our signals, in our group; we wait for its end. */
static int follow(pid_t pid)
{
	int status;

	signal(SIGINT, SIG_IGN);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return KERNEL_FAILED;
	if (WIFSIGNALED(status)) {
		error_line("trimm-qemu was killed by signal %d", WTERMSIG(status));
		return KERNEL_FAILED;
	}
	return WEXITSTATUS(status);
}

static pid_t launcher_pid;

static void pass_on(int signal_number)
{
	if (launcher_pid > 0)
		kill(launcher_pid, signal_number);
}

static int open_output(const char *path)
{
	int out = !strcmp(path, "-") ? dup(STDOUT_FILENO)
				     : open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);

	if (out < 0)
		error_line("%s: %s", path, strerror(errno));
	return out;
}

int record_guest(const struct options *options)
{
	struct sigaction action = {.sa_handler = pass_on};
	char own_name[NAME_MAX + 1] = "", ignored[NAME_MAX + 1];
	struct launch launch = {.launcher = beside("trimm-qemu", own_name, sizeof(own_name))};
	int out = open_output(options->file), code = KERNEL_FAILED;

	launch.own = beside(own_name, ignored, sizeof(ignored));
	launch.line = guest_line(options, own_name);
	launch.first = first_word(options, own_name);
	if (!launch.launcher || !launch.own || !launch.line || !launch.first) {
		error_line("no memory");
	} else if (out >= 0) {
		launcher_pid = fork();
		if (!launcher_pid)
			become(options, &launch, out);
		sigaction(SIGTERM, &action, NULL);
		sigaction(SIGHUP, &action, NULL);
		code = follow(launcher_pid);
	}
	free(launch.launcher);
	free(launch.own);
	free(launch.line);
	free(launch.first);
	return code;
}
