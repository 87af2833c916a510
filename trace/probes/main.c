/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * main.c - trimm-trace: probes in the kernel while a command runs, and what they saw as records.
 *
 * One static program, so that it runs in a guest too, which has no libraries. It sleeps, but to
 * look into rings of single events every few milliseconds: no event wakes it.
 */
#include "../kernel/command.h"
#include "module_arm.h"
#include "options.h"
#include "outlet.h"
#include "phases.h"
#include "say.h"
#include "session.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Between two looks into the rings. */
#define LOOK_MS 50
/* Of so many looks, one in which the kernel times programs (session_time()). */
#define TIME_EACH 8

struct tracing {
	const struct options *options;
	struct session *session;
	struct phases *phases;
	struct module_arm *module; /* or NULL: phases tell */
	char *guest_words;
	struct command command;
	int signals;
	int watched; /* ready to read once the process of --pid has ended; -1: none */
	struct outlet outlet;
};

static double now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static bool put_record(void *arg, json_t *record)
{
	struct tracing *tracing = arg;
	const char *type = json_string_value(json_object_get(record, "t"));
	const bool event = type && !strcmp(type, "event");
	char *line = json_dumps(record, JSON_COMPACT | JSON_REAL_PRECISION(9));
	size_t length = line ? strlen(line) : 0;
	bool taken;

	json_decref(record);
	if (!line)
		return false;
	line[length++] = '\n';
	taken = outlet_put(&tracing->outlet, line, length, event);
	free(line);
	return taken;
}

/* As long as it is read; a signal ends the wait for a reader that has stopped. */
static void finish(struct tracing *tracing)
{
	while (!outlet_finish(&tracing->outlet, tracing->signals))
		if (command_requests(tracing->signals))
			return;
}

static bool has_ended(int watched)
{
	struct pollfd polled = {.fd = watched, .events = POLLIN};

	return watched >= 0 && poll(&polled, 1, 0) > 0;
}

static bool is_over(struct tracing *tracing, double end)
{
	int requests = command_requests(tracing->signals);

	for (; requests; requests--) {
		if (!tracing->options->command)
			return true;
		command_stop(&tracing->command);
	}
	if (tracing->options->command)
		return command_ended(&tracing->command);
	return tracing->outlet.broken || has_ended(tracing->watched) ||
	       (tracing->options->seconds > 0 && now() >= end);
}

/* What the whole machine does, without phases; or each arm of the module's case. */
static void tell(struct tracing *tracing)
{
	const struct reading_of of = {
		.first = tracing->options->first, .out = put_record, .arg = tracing};
	const int arms = session_control(tracing->session)->arms;

	session_records(tracing->session, &of, arms > 1 ? (unsigned int)arms : 1, NULL);
}

/* True: there is more. */
static bool look(struct tracing *tracing)
{
	const struct reading_of of = {
		.first = tracing->options->first, .out = put_record, .arg = tracing};

	return phases_had(tracing->phases) ? phases_look(tracing->phases)
					   : session_drain(tracing->session, &of);
}

static void follow(struct tracing *tracing)
{
	const struct options *options = tracing->options;
	double start = now(), next = start + options->interval;
	struct pollfd polled[1 + PHASES_POLLED] = {{.fd = tracing->signals, .events = POLLIN}};
	bool more = false;

	for (unsigned long looks = 0; !is_over(tracing, start + options->seconds); looks++) {
		nfds_t n = 1 + phases_poll(tracing->phases, polled + 1);

		poll(polled, n, more ? 0 : LOOK_MS);
		phases_serve(tracing->phases);
		if (!phases_had(tracing->phases))
			session_time(tracing->session, looks % TIME_EACH == 0);
		more = look(tracing);
		outlet_flush(&tracing->outlet);
		if (!options->interval || now() < next)
			continue;
		next += options->interval;
		tell(tracing);
		session_forget(tracing->session);
	}
	session_detach(tracing->session);
	while (!tracing->outlet.broken && look(tracing))
		;
	if (!phases_had(tracing->phases))
		tell(tracing);
	finish(tracing);
}

/* The command's, as a shell gives it. */
static int command_code(const struct tracing *tracing)
{
	const int status = tracing->command.status;

	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* False, after a line: there is no such process. A kernel without pidfd_open(2) watches none. */
static bool watch(struct tracing *tracing)
{
	const pid_t process = (pid_t)tracing->options->probe.process;

	tracing->watched = process ? (int)syscall(SYS_pidfd_open, process, 0) : -1;
	if (tracing->watched >= 0 || !process || errno != ESRCH)
		return true;
	say("--pid=%d: there is no such process", process);
	return false;
}

/* Before probes come in: what is not an arm's is nobody's. */
static bool follow_module(struct tracing *tracing)
{
	struct trace_shared *control = session_control(tracing->session);

	control->first = tracing->options->first;
	control->arm = -1;
	tracing->module = module_arm_open(session_control_fd(tracing->session));
	return tracing->module;
}

static int begin(struct tracing *tracing)
{
	const struct options *options = tracing->options;
	int error;

	if (!watch(tracing))
		return TRACE_USAGE;
	tracing->signals = command_signals();
	tracing->guest_words = options_for_guest(options);
	tracing->phases = phases_open(tracing->session, tracing->guest_words, put_record, tracing);
	if (!tracing->phases)
		return TRACE_FAILED;
	if (options->first >= 0 && !follow_module(tracing))
		return TRACE_FAILED;
	if (options->command && command_prepare(&tracing->command, options->command)) {
		say("%s: %s", options->command[0], strerror(errno));
		return TRACE_FAILED;
	}
	if (options->command)
		session_subject(tracing->session, (uint32_t)tracing->command.pid);
	if (options->floor)
		session_measure_floor(tracing->session);
	session_attach(tracing->session);
	/* A case of the module goes on, and is told in its records. */
	if (!session_working(tracing->session) && !options->probe.elsewhere && options->first < 0) {
		tell(tracing);
		finish(tracing);
		return TRACE_FAILED;
	}
	if (options->first >= 0 && write(options->output, "\n", 1) != 1)
		return TRACE_FAILED;
	error = options->command ? command_begin(&tracing->command) : 0;
	if (!error)
		return 0;
	say("%s: %s", options->command[0], strerror(error));
	return error == ENOENT ? TRACE_NOT_FOUND : TRACE_CANNOT_RUN;
}

int main(int argc, char **argv)
{
	struct options options;
	struct tracing tracing = {.options = &options};
	int code = options_read(&options, argc, argv);
	bool wrong;

	if (code)
		return code > 0 ? code : 0;
	outlet_open(&tracing.outlet, options.output);
	tracing.session = session_open(options.names, &options.probe, &wrong);
	if (!tracing.session)
		return wrong ? TRACE_USAGE : TRACE_FAILED;
	code = begin(&tracing);
	if (!code) {
		follow(&tracing);
		code = options.command ? command_code(&tracing) : 0;
	}
	phases_close(tracing.phases);
	free(tracing.guest_words);
	module_arm_close(tracing.module);
	outlet_close(&tracing.outlet);
	session_close(tracing.session);
	return code;
}
