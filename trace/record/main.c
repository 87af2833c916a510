/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * main.c - trimm-record FILE COMMAND...: run a command with the library that writes down its calls
 * for memory, then encode what it wrote. stdin, stdout, stderr and the exit code are the command's;
 * what we say goes to stderr.
 *
 * Interrupts are the command's, too: we wait for it, and the trace is of all up to then.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <x86intrin.h>

#include "encode.h"
#include "raw.h"

enum { EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_CANNOT_RUN = 126, EXIT_NOT_FOUND = 127 };

static volatile sig_atomic_t child;

static void error_line(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static void error_line(const char *fmt, ...)
{
	char line[1024] = "trimm: ";
	size_t length = strlen(line);
	va_list args;

	va_start(args, fmt);
	vsnprintf(line + length, sizeof(line) - length, fmt, args);
	va_end(args);
	dprintf(STDERR_FILENO, "%s\n", line);
}

/* A terminal sends these to the command as well; others send them to us alone. */
static void pass_on(int signal_number)
{
	if (child > 0)
		kill(child, signal_number);
}

static void ignore(int signal_number)
{
	(void)signal_number;
}

/* Of all CPUs alike and at a constant rate, as far as Linux trusts it. */
static bool tsc_is_good(void)
{
	static const char *const good[] = {"tsc\n", "kvm-clock\n"};
	char name[32] = "";
	FILE *file =
		fopen("/sys/devices/system/clocksource/clocksource0/current_clocksource", "re");
	bool found = false;

	if (file && fgets(name, sizeof(name), file))
		for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
			found |= !strcmp(name, good[i]);
	if (file)
		fclose(file);
	return found;
}

static uint64_t clock_ns(clockid_t id)
{
	struct timespec now;

	clock_gettime(id, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void read_clock(struct encode_clock *clock, int which, bool tsc)
{
	clock->ns[which] = clock_ns(CLOCK_MONOTONIC);
	clock->ticks[which] = tsc ? __rdtsc() : clock->ns[which];
}

/* libtrimm-record.so lies beside this program. 0 or -1. */
static int set_environment(const char *spool, bool tsc)
{
	char *own = realpath("/proc/self/exe", NULL), *slash = own ? strrchr(own, '/') : NULL;
	const char *before = getenv("LD_PRELOAD");
	char *library;
	int failed;

	if (!slash)
		return -1;
	*slash = '\0';
	if (asprintf(&library, "%s/libtrimm-record.so", own) < 0)
		return -1;
	if (access(library, R_OK)) {
		error_line("%s: %m; `make` builds it", library);
		return -1;
	}
	if (before && *before) {
		char *both;

		if (asprintf(&both, "%s:%s", library, before) < 0)
			return -1;
		free(library);
		library = both;
	}
	failed = setenv("LD_PRELOAD", library, 1) || setenv(RAW_SPOOL, spool, 1) ||
		 setenv(RAW_CLOCK, tsc ? "tsc" : "monotonic", 1);
	free(library);
	free(own);
	return failed ? -1 : 0;
}

static void run_command(char **command, const char *spool, bool tsc)
{
	int error;

	if (set_environment(spool, tsc))
		_exit(EXIT_CANNOT_RUN);
	execvp(command[0], command);
	error = errno;
	error_line("%s: %s", command[0], strerror(error));
	_exit(error == ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_RUN);
}

/* As a shell tells it. */
static int wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return EXIT_FAILED;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void remove_folder(const char *path)
{
	DIR *folder = opendir(path);
	struct dirent *entry;

	while (folder && (entry = readdir(folder)))
		if (*entry->d_name != '.')
			unlinkat(dirfd(folder), entry->d_name, 0);
	if (folder)
		closedir(folder);
	rmdir(path);
}

static void tell(const char *path, const struct atrace_totals *totals, unsigned int programs)
{
	error_line("%s: %lu events of %u programs, %lu objects, %lu live at the end, %lu frees of "
		   "unknown memory dropped, %lu calls lost, %lu bytes, %.2f each",
		   path, totals->events, programs, totals->allocs, totals->ended, totals->unknown,
		   totals->lost, totals->file_bytes,
		   totals->events ? (double)totals->file_bytes / (double)totals->events : 0.0);
}

static int write_trace(int fd, const char *path, const char *spool, char **command,
		       const struct encode_clock *clock, uint64_t began)
{
	char words[ATRACE_TEXT_MAX + 1] = "", system[ATRACE_TEXT_MAX + 1] = "";
	struct atrace_info info = {.origin = ATRACE_USER, .began = began};
	struct atrace_totals totals;
	struct atrace_writer *writer;
	unsigned int programs = 0;
	struct utsname kernel;
	size_t length = 0;
	int error, after;

	for (char **word = command; *word && length < sizeof(words) - 1; word++)
		length += (size_t)snprintf(words + length, sizeof(words) - length, "%s%s",
					   word == command ? "" : " ", *word);
	if (!uname(&kernel))
		snprintf(system, sizeof(system), "%s %s %s", kernel.sysname, kernel.release,
			 kernel.machine);
	info.command = words;
	info.system = system;
	info.cpus = (unsigned int)sysconf(_SC_NPROCESSORS_ONLN);
	writer = atrace_writer_open(fd, &info);
	error = writer ? encode(writer, spool, clock, &programs) : -errno;
	after = writer ? atrace_writer_close(writer, &totals) : 0;
	error = error ? error : after;
	if (error) {
		error_line("%s: %s", path, strerror(-error));
		return -1;
	}
	tell(path, &totals, programs);
	return 0;
}

int main(int argc, char **argv)
{
	struct sigaction passing = {.sa_handler = pass_on}, ignoring = {.sa_handler = ignore};
	const char *temporary = getenv("TMPDIR");
	struct encode_clock clock;
	sigset_t all, before;
	bool tsc = tsc_is_good();
	char spool[200];
	uint64_t began;
	pid_t pid;
	int fd, code;

	if (argc < 3) {
		error_line("say what to record: `trimm record [-o FILE] -- COMMAND...`");
		return EXIT_USAGE;
	}
	fd = open(argv[1], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd < 0) {
		error_line("%s: %m", argv[1]);
		return EXIT_USAGE;
	}
	if ((size_t)snprintf(spool, sizeof(spool), "%s/trimm-record.XXXXXX",
			     temporary && *temporary ? temporary : "/tmp") >= sizeof(spool) ||
	    !mkdtemp(spool)) {
		error_line("%s: %m; TMPDIR names a folder with room for 16 bytes a call", spool);
		return EXIT_FAILED;
	}
	sigaction(SIGTERM, &passing, NULL);
	sigaction(SIGHUP, &passing, NULL);
	sigaction(SIGINT, &ignoring, NULL);
	sigaction(SIGQUIT, &ignoring, NULL);
	began = clock_ns(CLOCK_REALTIME);
	read_clock(&clock, 0, tsc);
	/* What comes before it is known whom to pass it on to waits until it is. */
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	pid = fork();
	if (!pid) {
		sigprocmask(SIG_SETMASK, &before, NULL);
		run_command(argv + 2, spool, tsc);
	}
	child = pid;
	sigprocmask(SIG_SETMASK, &before, NULL);
	code = pid < 0 ? EXIT_FAILED : wait_for(pid);
	child = 0;
	read_clock(&clock, 1, tsc);
	if (write_trace(fd, argv[1], spool, argv + 2, &clock, began))
		code = code ?: EXIT_FAILED;
	remove_folder(spool);
	return code;
}
