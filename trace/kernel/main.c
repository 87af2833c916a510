/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * main.c - trimm-record-kernel: what the kernel's allocators are asked for, as a trace to replay.
 *
 * One static program, so that it runs in a guest too, which has no libraries. It looks at the ring
 * every few milliseconds and sleeps between: what it costs the recorded is what the probes cost,
 * and its own time.
 */
#include "command.h"
#include "guest.h"
#include "options.h"
#include "recorder.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Between two looks: the ring holds many times what comes meanwhile. */
#define LOOK_MS 10

#define SECOND_NS 1000000000UL

struct recording {
	const struct options *options;
	struct recorder recorder;
	struct command command;
	int signals, file;
	uint64_t start_ns, end_ns;
	struct kmem_counts counts;
	uint64_t missed;
	bool progress; /* was shown: its line is to be ended */
};

static uint64_t now_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * SECOND_NS + (uint64_t)now.tv_nsec;
}

static uint64_t events_seen(const struct recorder *recorder)
{
	uint64_t events = 0;

	for (int i = 0; i < KMEM_KINDS; i++)
		events += recorder->seen[i];
	return events;
}

/* --- To begin --- */

static int open_file(struct recording *recording)
{
	const char *path = recording->options->file;

	recording->file = !strcmp(path, "-")
				  ? dup(STDOUT_FILENO)
				  : open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (recording->file >= 0)
		return 0;
	error_line("%s: %s", path, strerror(errno));
	return KERNEL_FAILED;
}

static char *join(char *const *words)
{
	char *text = NULL;
	size_t size;
	FILE *line = open_memstream(&text, &size);

	if (!line)
		return NULL;
	for (; words && *words; words++)
		fprintf(line, "%s%s", *words, words[1] ? " " : "");
	return fclose(line) ? NULL : text;
}

static int open_writer(struct recording *recording)
{
	struct atrace_info info = {.origin = ATRACE_KERNEL, .began = now_ns(CLOCK_REALTIME)};
	char *command = join(recording->options->command);
	char system[ATRACE_TEXT_MAX + 1];
	struct utsname name;

	uname(&name);
	snprintf(system, sizeof(system), "%s %s %s", name.sysname, name.release, name.machine);
	info.cpus = (unsigned int)sysconf(_SC_NPROCESSORS_CONF);
	info.command = command && *command ? command : "(all that ran)";
	info.system = system;
	recording->recorder.writer = atrace_writer_open(recording->file, &info);
	free(command);
	if (recording->recorder.writer)
		return 0;
	error_line("%s: %s", recording->options->file, strerror(errno));
	return KERNEL_FAILED;
}

static int prepare(struct recording *recording)
{
	const struct options *options = recording->options;
	char why[512];

	recording->signals = command_signals();
	if (options->command && command_prepare(&recording->command, options->command)) {
		error_line("%s: %s", options->command[0], strerror(errno));
		return KERNEL_FAILED;
	}
	recording->recorder.probes = probes_open(&options->events, options->buffer, recorder_event,
						 &recording->recorder, why, sizeof(why));
	if (!recording->recorder.probes) {
		error_line("%s", why);
		return KERNEL_FAILED;
	}
	if (open_file(recording) || open_writer(recording))
		return KERNEL_FAILED;
	recording->start_ns = now_ns(CLOCK_MONOTONIC);
	recording->recorder.start_ns = recording->start_ns;
	if (probes_attach(recording->recorder.probes, why, sizeof(why))) {
		error_line("%s", why);
		return KERNEL_FAILED;
	}
	return 0;
}

/* Nothing was recorded: no file that looks as if. */
static void remove_file(const struct recording *recording)
{
	struct stat about;

	if (recording->file > 0 && strcmp(recording->options->file, "-") &&
	    !fstat(recording->file, &about) && S_ISREG(about.st_mode))
		unlink(recording->options->file);
}

/* --- While it goes on --- */

static void show_progress(struct recording *recording, uint64_t now)
{
	struct kmem_counts counts;

	if (recording->options->quiet || !isatty(STDERR_FILENO))
		return;
	probes_counts(recording->recorder.probes, &counts);
	fprintf(stderr, "\rrecording: %" PRIu64 " s, %" PRIu64 " events, %" PRIu64 " lost ",
		(now - recording->start_ns) / SECOND_NS, events_seen(&recording->recorder),
		counts.lost);
	recording->progress = true;
}

static bool is_over(struct recording *recording, uint64_t now)
{
	const struct options *options = recording->options;
	int requests = command_requests(recording->signals);

	for (; requests; requests--) {
		if (!options->command)
			return true;
		command_stop(&recording->command);
	}
	if (options->command)
		return command_ended(&recording->command);
	return options->seconds > 0 &&
	       (double)(now - recording->start_ns) >= options->seconds * SECOND_NS;
}

static void follow(struct recording *recording)
{
	struct pollfd polled = {.fd = recording->signals, .events = POLLIN};
	uint64_t now = recording->start_ns, second = now + SECOND_NS;

	while (!is_over(recording, now) && !recording->recorder.err) {
		poll(&polled, 1, LOOK_MS);
		probes_drain(recording->recorder.probes);
		now = now_ns(CLOCK_MONOTONIC);
		if (now < second)
			continue;
		second = now + SECOND_NS;
		show_progress(recording, now);
		recording->recorder.err = atrace_writer_flush(recording->recorder.writer);
	}
	recording->end_ns = now_ns(CLOCK_MONOTONIC);
	probes_detach(recording->recorder.probes);
	probes_drain(recording->recorder.probes);
	probes_counts(recording->recorder.probes, &recording->counts);
	recording->missed = probes_missed(recording->recorder.probes);
	atrace_writer_lost(recording->recorder.writer, recording->counts.lost + recording->missed);
	if (recording->progress)
		fputc('\n', stderr);
}

/* --- What came of it --- */

static double cpu_seconds(const struct rusage *usage)
{
	return (double)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) +
	       (double)(usage->ru_utime.tv_usec + usage->ru_stime.tv_usec) / 1e6;
}

static void summary(const struct recording *recording, const struct atrace_totals *totals)
{
	const struct recorder *recorder = &recording->recorder;
	const struct kmem_counts *counts = &recording->counts;
	const double seconds = (double)(recording->end_ns - recording->start_ns) / SECOND_NS;
	const uint64_t events = events_seen(recorder);
	struct rusage own;

	getrusage(RUSAGE_SELF, &own);
	fprintf(stderr,
		"recorded   %.3f s, %" PRIu64 " events (%.0f a second), %" PRIu64 " bytes\n"
		"  given out  %" PRIu64 " by kmalloc, %" PRIu64 " of %zu caches, %" PRIu64
		" blocks of pages; %" PRIu64 " requests failed\n"
		"  freed      %" PRIu64 " objects, %" PRIu64 " blocks of pages\n"
		"  dropped    %" PRIu64
		" frees of what the trace does not have (older than it, or of "
		"other kinds)\n"
		"  at the end %" PRIu64 " lived and are freed there; %" PRIu64
		" had been freed unseen, as kfree_bulk() does\n"
		"  left out   %" PRIu64
		" given to this program itself, which took %.2f s of a CPU\n"
		"  lost       %" PRIu64 " found no room, %" PRIu64
		" came in an interrupt of a probe\n",
		seconds, events, (double)events / seconds, totals->file_bytes,
		recorder->seen[KMEM_KMALLOC], recorder->seen[KMEM_CACHE], recorder_caches(recorder),
		recorder->seen[KMEM_PAGES], counts->failed, recorder->seen[KMEM_FREE],
		recorder->seen[KMEM_PAGES_FREE], totals->unknown, totals->ended - totals->reused,
		totals->reused, counts->own, cpu_seconds(&own), counts->lost, recording->missed);
}

/* The command's, as a shell gives it. */
static int command_code(const struct recording *recording)
{
	const int status = recording->command.status;

	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static int finish(struct recording *recording)
{
	struct atrace_totals totals;
	int err = atrace_writer_close(recording->recorder.writer, &totals);

	if (close(recording->file) && !err)
		err = -errno;
	if (!err)
		err = recording->recorder.err;
	if (err) {
		error_line("%s: %s", recording->options->file, strerror(-err));
		return KERNEL_FAILED;
	}
	if (!recording->options->quiet)
		summary(recording, &totals);
	if (recording->counts.lost)
		error_line("%" PRIu64
			   " events lost: the trace has what it has in order, but is not "
			   "all; raise --buffer",
			   recording->counts.lost);
	return command_code(recording);
}

/*
 * With --background: who started us goes on when the recording has begun, or has failed to. Returns
 * in the process that records, with the descriptor to say so by.
 */
static int leave_starter(void)
{
	int begun[2], code;
	char byte;
	pid_t pid;

	if (pipe2(begun, O_CLOEXEC) || (pid = fork()) < 0) {
		error_line("cannot start a process: %s", strerror(errno));
		exit(KERNEL_FAILED);
	}
	if (!pid) {
		close(begun[0]);
		setsid();
		return begun[1];
	}
	close(begun[1]);
	if (read(begun[0], &byte, 1) == 1)
		_exit(0);
	waitpid(pid, &code, 0);
	_exit(KERNEL_FAILED);
}

static int record_here(const struct options *options)
{
	struct recording recording = {.options = options};
	int begun = options->background ? leave_starter() : -1;
	int code = prepare(&recording), error = 0;

	if (!code && begun >= 0 && write(begun, "", 1) != 1)
		code = KERNEL_FAILED;
	if (!code && options->command)
		error = command_begin(&recording.command);
	if (error) {
		error_line("%s: %s", options->command[0], strerror(error));
		code = error == ENOENT ? KERNEL_NOT_FOUND : KERNEL_CANNOT_RUN;
	}
	if (code) {
		remove_file(&recording);
	} else {
		follow(&recording);
		code = finish(&recording);
	}
	probes_close(recording.recorder.probes);
	recorder_free(&recording.recorder);
	return code;
}

int main(int argc, char **argv)
{
	struct options options;
	int code = options_read(&options, argc, argv);

	if (code)
		return code > 0 ? code : 0;
	return options.in_guest ? record_guest(&options) : record_here(&options);
}
