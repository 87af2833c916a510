/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * on_host.c - `trimm-module WORD...`: one case on the kernel this machine runs, by a module that
 * is loaded for it and unloaded after it. Records go to $TRIMM_RECORD_FD or stdout, words to
 * stderr, signals stop the case in order: the same as the other targets' programs.
 *
 * ko=PATH names the module; else it is trimm.ko beside this program; else what modprobe knows,
 * which is where DKMS has put it.
 */
#include "agent.h"
#include "targets/linux-module/lines.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

enum { EXIT_FAILED = 1, EXIT_USAGE = 2 };

static volatile sig_atomic_t stopped;

static void on_stop(int signal_number)
{
	(void)signal_number;
	stopped = 1;
}

static void error_line(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static void error_line(const char *fmt, ...)
{
	char line[1024] = "trimm-module: ";
	size_t length = strlen(line);
	va_list args;

	va_start(args, fmt);
	vsnprintf(line + length, sizeof(line) - length, fmt, args);
	va_end(args);
	dprintf(STDERR_FILENO, "%s\n", line);
}

static int record_fd(void)
{
	const char *name = getenv("TRIMM_RECORD_FD");
	char *end;
	long fd = name && isdigit((unsigned char)*name) ? strtol(name, &end, 10) : -1;

	return fd >= 0 && fd <= INT_MAX && !*end ? (int)fd : STDOUT_FILENO;
}

/* Or "": there is none. */
static void beside(char *path, size_t size)
{
	char own[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", own, sizeof(own) - 1);
	char *slash;

	own[length > 0 ? length : 0] = '\0';
	slash = strrchr(own, '/');
	snprintf(path, size, "%.*s/trimm.ko", slash ? (int)(slash - own) : 0, own);
	if (access(path, F_OK))
		*path = '\0';
}

/* The words the module gets: all but ko=. */
static char *join(int nr_words, char *const *words, char *ko, size_t ko_size)
{
	size_t length = 1;
	char *text, *to;

	for (int i = 0; i < nr_words; i++)
		length += strlen(words[i]) + 1;
	text = to = malloc(length);
	if (!text)
		return NULL;
	*to = '\0';
	for (int i = 0; i < nr_words; i++) {
		if (!strncmp(words[i], "ko=", 3))
			snprintf(ko, ko_size, "%s", words[i] + 3);
		else
			to += sprintf(to, "%s%s", to == text ? "" : "\n", words[i]);
	}
	return text;
}

/* One line, its newline included; true: it was the code, which goes to @code. */
static bool relay(const char *line, size_t length, int records, int *code)
{
	if (*line == LINE_RECORD)
		stopped |= !write_all(records, line + 1, length - 1);
	else if (*line == LINE_WORDS)
		write_all(STDERR_FILENO, line + 1, length - 1);
	else if (*line == LINE_CODE)
		*code = atoi(line + 1);
	return *line == LINE_CODE;
}

/* Until the case has ended. Its code. */
static int follow(int from)
{
	static char bytes[1 << 16];
	size_t length = 0;
	int code = EXIT_FAILED, records = record_fd();
	bool told = false, ended = false;

	while (!ended) {
		struct pollfd polled = {.fd = from, .events = POLLIN};
		char *line = bytes, *newline;
		ssize_t got;

		if (stopped && !told) {
			control_stop();
			told = true;
		}
		poll(&polled, 1, 1000);
		got = read(from, bytes + length, sizeof(bytes) - length);
		if (got < 0 && (errno == EAGAIN || errno == EINTR))
			continue;
		if (got <= 0)
			break;
		length += (size_t)got;
		while (!ended && (newline = memchr(line, '\n', length - (size_t)(line - bytes)))) {
			ended = relay(line, (size_t)(newline + 1 - line), records, &code);
			line = newline + 1;
		}
		length -= (size_t)(line - bytes);
		memmove(bytes, line, length);
		if (length == sizeof(bytes))
			break;
	}
	if (!ended)
		error_line("the module's records end in the middle");
	close(from);
	return code;
}

/* Of the module, compressed or not, for this kernel. modprobe's own words are for nobody. */
static int load_installed(char *why, size_t size)
{
	struct utsname kernel;
	pid_t child = fork();
	int status = 0;

	if (!child) {
		int null = open("/dev/null", O_RDWR);

		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
		setenv("PATH", "/usr/sbin:/sbin:/usr/bin:/bin", 1);
		execlp("modprobe", "modprobe", "--first-time", CONTROL_MODULE, (char *)NULL);
		_exit(127);
	}
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (child > 0 && !status) {
		control_loaded();
		return 0;
	}
	uname(&kernel);
	snprintf(why, size,
		 "modprobe " CONTROL_MODULE ": no module for the running kernel, %s; install "
		 "packages trimm-dkms and linux-headers-%s, or give ko=PATH",
		 kernel.release, kernel.release);
	return -1;
}

/* As --first-time does, but in words of ours. */
static int load(const char *ko, char *why, size_t size)
{
	if (control_is_there()) {
		snprintf(why, size,
			 CONTROL_MODULE
			 " is loaded already: another run uses it, or `rmmod " CONTROL_MODULE "`");
		return -1;
	}
	return *ko ? control_load(ko, "", why, size) : load_installed(why, size);
}

static int run_case(const char *words, const char *ko)
{
	char why[512];
	unsigned long taint = control_taint();
	int records, code = EXIT_FAILED;

	if (load(ko, why, sizeof(why))) {
		error_line("%s", why);
		return EXIT_FAILED;
	}
	records = control_run(words, strlen(words), why, sizeof(why));
	if (records < 0)
		error_line("%s", why);
	else
		code = follow(records);
	if (control_unload(why, sizeof(why))) {
		error_line("%s", why);
		code = EXIT_FAILED;
	}
	if (control_taint() != taint) {
		error_line("the kernel is tainted by what happened (0x%lx); see dmesg",
			   control_taint());
		code = EXIT_FAILED;
	}
	return code;
}

int on_host(int nr_words, char *const *words)
{
	struct sigaction stop = {.sa_handler = on_stop};
	char ko[PATH_MAX];
	char *text;
	int code;

	beside(ko, sizeof(ko));
	text = join(nr_words, words, ko, sizeof(ko));
	if (!text || !*text) {
		error_line("say what to run: `trimm-module [ko=PATH] WORD...`");
		return EXIT_USAGE;
	}
	if (geteuid()) {
		error_line("only root may load a module; leave --on-host out for a guest that "
			   "needs no root");
		return EXIT_FAILED;
	}
	signal(SIGPIPE, SIG_IGN);
	sigaction(SIGINT, &stop, NULL);
	sigaction(SIGTERM, &stop, NULL);
	sigaction(SIGHUP, &stop, NULL);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	code = run_case(text, ko);
	free(text);
	return code;
}
