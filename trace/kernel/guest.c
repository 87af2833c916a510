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

#define IN_GUEST "/tmp/kernel.trace"

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

/*
 * What the guest's shell is to do; one word alone is a line for it, as it stands. Asked to stop,
 * the shell sends what was recorded all the same.
 */
static char *guest_line(const struct options *options, const char *own_name)
{
	char *text = NULL;
	size_t size;
	FILE *line = open_memstream(&text, &size);

	if (!line)
		return NULL;
	fprintf(line, "trap : TERM; ./%s -o " IN_GUEST, own_name);
	if (options->events_text)
		fprintf(line, " -e %s", options->events_text);
	if (options->buffer_text)
		fprintf(line, " -b %s", options->buffer_text);
	if (options->quiet)
		fputs(" -q", line);
	fputs(" --", line);
	if (!options->command[1])
		fputs(" sh -c", line);
	for (char *const *word = options->command; *word; word++) {
		fputc(' ', line);
		add_quoted(line, *word);
	}
	fputs(" </dev/null >&2 & wait $!; code=$?; [ $code -lt 128 ] || { wait $!; code=$?; }; "
	      "cat " IN_GUEST "; exit $code",
	      line);
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

static void become(const struct options *options, char *launcher, char *own, char *line, int out)
{
	char *argv[ARGV_MAX];
	int n = 0;

	argv[n++] = launcher;
	argv[n++] = (char *)"module";
	argv[n++] = (char *)"sh";
	if (!has_module(options))
		argv[n++] = (char *)"module=none";
	for (int i = 0; i < options->nr_guest_words; i++)
		argv[n++] = options->guest_words[i];
	argv[n++] = own;
	argv[n++] = (char *)"--";
	argv[n++] = line;
	argv[n] = NULL;
	dup2(out, STDOUT_FILENO);
	execv(launcher, argv);
	error_line("%s: %s; `make` builds it", launcher, strerror(errno));
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

int record_guest(const struct options *options)
{
	struct sigaction action = {.sa_handler = pass_on};
	char own_name[NAME_MAX + 1] = "", ignored[NAME_MAX + 1];
	char *launcher = beside("trimm-qemu", own_name, sizeof(own_name));
	char *own = beside(own_name, ignored, sizeof(ignored));
	char *line = guest_line(options, own_name);
	int code = KERNEL_FAILED;
	int out = !strcmp(options->file, "-")
			  ? dup(STDOUT_FILENO)
			  : open(options->file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);

	if (out < 0) {
		error_line("%s: %s", options->file, strerror(errno));
	} else if (!launcher || !own || !line) {
		error_line("no memory");
	} else {
		launcher_pid = fork();
		if (!launcher_pid)
			become(options, launcher, own, line, out);
		sigaction(SIGTERM, &action, NULL);
		sigaction(SIGHUP, &action, NULL);
		code = follow(launcher_pid);
	}
	free(launcher);
	free(own);
	free(line);
	return code;
}
