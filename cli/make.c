/* SPDX-License-Identifier: GPL-2.0-only */
/* make.c - see make.h. */
#include "make.h"
#include "program.h"
#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* All of a core's objects, twice over. */
#define ROOM_MIB 64
/* A build that hangs is ended: the longest known, with module and guest, takes 2 minutes. */
#define BUILD_SECONDS 1800

/* What a log says where the machine is at fault, and no commit. */
static const char *const machines_fault[] = {
	"No space left on device",
	"Disk quota exceeded",
	"File size limit exceeded",
	"Cannot allocate memory",
	"out of memory",
	"virtual memory exhausted",
	"Killed signal terminated",
	"command not found",
	"Error 127", /* of what the shell did not find */
	"Read-only file system",
	"Input/output error",
	"Too many open files",
	"Cannot fork",
	"Resource temporarily unavailable",
};

/* What tells why, before what only tells that it failed. */
static const char *const telling[] = {"error: ", "undefined reference", "Error ", "*** ", NULL};

static enum build_result give(enum build_result result, struct run_error *why, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static enum build_result give(enum build_result result, struct run_error *why, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(why->text, sizeof(why->text), fmt, args);
	va_end(args);
	return result;
}

/* The end of it, where what failed is; "" if it cannot be read. */
static char *read_log(const char *path)
{
	enum { END = 256 * 1024 };
	char *text = cli_alloc(NULL, END + 1);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	off_t length = fd < 0 ? 0 : lseek(fd, 0, SEEK_END);
	ssize_t n = fd < 0 ? 0 : pread(fd, text, END, length > END ? length - END : 0);

	text[n > 0 ? n : 0] = 0;
	if (fd >= 0)
		close(fd);
	return text;
}

/* The first line with a telling word, the most telling word first; else the last that is not empty.
 */
static const char *telling_line(char *log)
{
	char *at = NULL, *end;

	for (size_t i = 0; telling[i] && !at; i++)
		at = strstr(log, telling[i]);
	if (!at) {
		end = log + strlen(log);
		while (end > log && end[-1] == '\n')
			*--end = 0;
		at = end > log ? end - 1 : log;
	}
	while (at > log && at[-1] != '\n')
		at--;
	at[strcspn(at, "\n")] = 0;
	return at;
}

static bool is_machines_fault(const char *log)
{
	for (size_t i = 0; i < sizeof(machines_fault) / sizeof(machines_fault[0]); i++)
		if (strstr(log, machines_fault[i]))
			return true;
	return false;
}

static enum build_result judge(const char *path, int code, struct run_error *why)
{
	char *log = read_log(path);
	bool machine = is_machines_fault(log);
	const char *line = telling_line(log);

	if (strstr(line, "No rule to make target 'core'"))
		give(BUILD_BROKEN, why,
		     "it has no `make core`, which makes a memory core as a "
		     "shared object");
	else
		give(BUILD_BROKEN, why, "%.300s (%s)", *line ? line : "make failed without a word",
		     path);
	free(log);
	/* Beyond 128: a signal, which is somebody's doing. */
	return machine || code > 128 ? BUILD_ENVIRONMENT : BUILD_BROKEN;
}

static bool has_room(const char *directory, struct run_error *why)
{
	struct statvfs fs;
	unsigned long mib;

	if (statvfs(directory, &fs))
		return true;
	mib = fs.f_bavail / 1024 * (fs.f_frsize / 1024);
	if (mib >= ROOM_MIB)
		return true;
	give(BUILD_ENVIRONMENT, why, "%s: %lu MiB left on that disk, a build may need %d",
	     directory, mib, ROOM_MIB);
	return false;
}

enum build_result make_run(const char *directory, const struct list *words, const char *log,
			   struct run_error *why)
{
	struct program program = {
		.directory = directory, .stoppable = true, .seconds = BUILD_SECONDS};
	struct list argv = {NULL, 0};
	int code;

	if (!has_room(directory, why))
		return BUILD_ENVIRONMENT;
	program.out = program.err = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	if (program.out < 0)
		return give(BUILD_ENVIRONMENT, why, "%s: %m", log);
	list_add(&argv, "make");
	list_add(&argv, "-s");
	list_add(&argv, "-j%ld", sysconf(_SC_NPROCESSORS_ONLN));
	for (size_t i = 0; i < words->n; i++)
		list_add(&argv, "%s", words->item[i]);
	code = program_run(argv.item, &program);
	list_free(&argv);
	close(program.out);
	if (!code)
		return BUILD_DONE;
	if (code == PROGRAM_STOPPED)
		return give(BUILD_STOPPED, why, "stopped while it was built");
	if (code == PROGRAM_LATE)
		return give(BUILD_BROKEN, why, "make was not done after %d minutes (%s)",
			    BUILD_SECONDS / 60, log);
	if (code < 0)
		return give(BUILD_ENVIRONMENT, why, "make: %s; install it, or put it on the PATH",
			    strerror(-code));
	return judge(log, code, why);
}
