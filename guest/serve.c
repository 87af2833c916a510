/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * serve.c - obey what comes by the port. Whatever has something to say, a case, a command or an
 * answer, is a stream: whole lines of it are passed on as they come, each with its kind.
 *
 * One thread, asleep unless something comes: what it takes from the CPUs is taken from a case.
 */
#include "agent.h"
#include "port.h"
#include "targets/linux-module/lines.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

/* What one read takes at most, so that heartbeats and commands get their turn. */
#define PIECE_MAX 65536

enum { STREAM_CASE, STREAM_OUT, STREAM_ERR, STREAM_ANSWER, STREAM_TRACER, STREAMS };

struct stream {
	int fd;	   /* -1: none */
	char kind; /* of its lines; 0: they have theirs already */
	char part; /* of a last line that does not end */
	bool any;  /* line came */
	char *bytes;
	size_t length, size;
};

static int port;
static pid_t command; /* 0: none runs */
static struct stream streams[STREAMS];
/*
 * While a case is counted: the module's status. What is passed on meanwhile would come back as
 * the port's interrupts, at any time, and some would be counted: so the case's lines wait for its
 * end, or for PORT_COUNTED_MS.
 */
static int counted = -1;

/*
 * A case waits for the probes to be in, and its end, which is its code, for what they saw.
 */
static pid_t tracer; /* 0: none runs */
static char *waiting;
static size_t waiting_length;
static bool stopped; /* before it began */
static char code_line[32];
/* What is told of benches comes behind the case's own records of them. */
static char *held;
static size_t held_length, held_size;

/* Commands that have not been obeyed yet. */
static char *said;
static size_t said_length, said_size;

static void *grow(void *bytes, size_t *size, size_t needed)
{
	if (*size >= needed)
		return bytes;
	*size = 2 * needed;
	bytes = realloc(bytes, *size);
	/* The end of the first program is a panic: the host sees it, and nothing is lost. */
	if (!bytes)
		_exit(1);
	return bytes;
}

static void say(char kind, const char *text, size_t length)
{
	static char *line;
	static size_t size;

	line = grow(line, &size, length + 2);
	line[0] = kind;
	memcpy(line + 1, text, length);
	line[length + 1] = '\n';
	write_all(port, line, length + 2);
}

static void say_text(char kind, const char *text)
{
	say(kind, text, strlen(text));
}

static void say_number(char kind, unsigned long number)
{
	char text[32];

	snprintf(text, sizeof(text), "%lu", number);
	say_text(kind, text);
}

static void say_code(unsigned long code)
{
	say_number(PORT_TAINT, control_taint());
	say_number(LINE_CODE, code);
}

static void fail(const char *why)
{
	say_text(PORT_FAILED, why);
	say_code(1);
}

static void stream_open(int which, int fd, char kind, char part)
{
	struct stream *stream = &streams[which];

	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	stream->fd = fd;
	stream->kind = kind;
	stream->part = part;
	stream->length = 0;
	stream->any = false;
}

/* Lines that have their kind go on as they are, many at once; the code is told after the taint. */
static void pass_case_line(const char *line, size_t length)
{
	if (*line == LINE_CODE && tracer && length < sizeof(code_line)) {
		memcpy(code_line, line, length);
		kill(tracer, SIGTERM);
		return;
	}
	if (*line == LINE_CODE)
		say_number(PORT_TAINT, control_taint());
	write_all(port, line, length);
}

static void begin_case(const char *words, size_t length);

static void begin_waiting(void)
{
	char *words = waiting;

	waiting = NULL;
	if (words)
		begin_case(words, waiting_length);
	free(words);
}

static void hold_record(const char *line, size_t length)
{
	held = grow(held, &held_size, held_length + length + 2);
	held[held_length++] = PORT_TRACED;
	memcpy(held + held_length, line, length);
	held_length += length;
	held[held_length++] = '\n';
}

static void pass_tracer_line(const char *line, size_t length)
{
	if (!length)
		begin_waiting();
	else if (*line == '{')
		hold_record(line, length);
	else
		say(LINE_WORDS, line, length);
}

/* It has told all. If it could not begin, the case goes on without. */
static void end_tracer(void)
{
	tracer = 0;
	begin_waiting();
	write_all(port, held, held_length);
	held_length = 0;
	if (*code_line)
		pass_case_line(code_line, strlen(code_line));
	*code_line = '\0';
}

static void pass_lines(struct stream *stream)
{
	char *line = stream->bytes, *end = line + stream->length, *newline;

	while ((newline = memchr(line, '\n', (size_t)(end - line)))) {
		if (stream == &streams[STREAM_TRACER])
			pass_tracer_line(line, (size_t)(newline - line));
		else if (stream->kind)
			say(stream->kind, line, (size_t)(newline - line));
		else
			pass_case_line(line, (size_t)(newline + 1 - line));
		line = newline + 1;
		stream->any = true;
	}
	stream->length = (size_t)(end - line);
	memmove(stream->bytes, line, stream->length);
}

static void stream_end(struct stream *stream)
{
	close(stream->fd);
	stream->fd = -1;
	if (stream->length && stream->part)
		say(stream->part, stream->bytes, stream->length);
	if (stream == &streams[STREAM_TRACER])
		end_tracer();
	if (stream != &streams[STREAM_ANSWER])
		return;
	if (stream->any)
		say_text(PORT_ANSWERED, "");
	else
		say_text(PORT_REFUSED, "the case has ended");
}

/* Was there anything? */
static bool stream_turn(struct stream *stream)
{
	ssize_t got;

	stream->bytes = grow(stream->bytes, &stream->size, stream->length + PIECE_MAX);
	got = read(stream->fd, stream->bytes + stream->length, PIECE_MAX);
	if (got > 0) {
		stream->length += (size_t)got;
		pass_lines(stream);
		return true;
	}
	if (!got || (errno != EAGAIN && errno != EINTR))
		stream_end(stream);
	return false;
}

/* --- What is asked of it --- */

static void begin_case(const char *words, size_t length)
{
	char why[256];
	int records = control_run(words, length, why, sizeof(why));

	if (records >= 0) {
		stream_open(STREAM_CASE, records, 0, 0);
		if (getenv(PORT_COUNTED))
			counted = control_status();
		if (stopped)
			control_stop();
		return;
	}
	if (!tracer) {
		fail(why);
		return;
	}
	say_text(PORT_FAILED, why);
	pass_case_line((const char[]){LINE_CODE, '1', '\n'}, 3);
}

static void run(const char *words, size_t length)
{
	const char *params = getenv(PORT_COUNTED) ? "counted=1" : "";
	char why[256];
	int traced;

	/* The last case has told its code, which is the last it tells. */
	if (streams[STREAM_CASE].fd >= 0)
		stream_end(&streams[STREAM_CASE]);
	if (control_load(GUEST_MODULE, params, why, sizeof(why))) {
		fail(why);
		return;
	}
	stopped = false;
	tracer = tracer_start(words, length, &traced);
	if (!tracer) {
		begin_case(words, length);
		return;
	}
	waiting = strndup(words, length);
	waiting_length = length;
	stream_open(STREAM_TRACER, traced, LINE_WORDS, LINE_WORDS);
}

static void become_shell(const char *text, int out, int err)
{
	int null = open("/dev/null", O_RDONLY);
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setsid();
	dup2(null, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	dup2(err, STDERR_FILENO);
	execl("/bin/busybox", "sh", "-c", text, (char *)NULL);
	_exit(127);
}

static void run_shell(const char *text, size_t length)
{
	int out[2], err[2];
	char *copy = strndup(text, length);

	if (!copy || pipe2(out, O_CLOEXEC) || pipe2(err, O_CLOEXEC) || (command = fork()) < 0) {
		fail("no memory for a command");
		return;
	}
	if (!command)
		become_shell(copy, out[1], err[1]);
	free(copy);
	close(out[1]);
	close(err[1]);
	stream_open(STREAM_OUT, out[0], PORT_OUT, PORT_OUT_PART);
	stream_open(STREAM_ERR, err[0], PORT_ERR, PORT_ERR_PART);
}

static void stop(void)
{
	stopped = true;
	if (streams[STREAM_CASE].fd >= 0)
		control_stop();
	if (command > 0)
		kill(-command, SIGTERM);
}

static void ask(const char *question)
{
	int answer = streams[STREAM_CASE].fd >= 0 ? control_ask(question) : -1;

	if (answer >= 0)
		stream_open(STREAM_ANSWER, answer, LINE_ANSWER, LINE_ANSWER);
	else
		say_text(PORT_REFUSED, "no case is active");
}

static void quit(void)
{
	char why[256];

	if (control_unload(why, sizeof(why)))
		say_text(PORT_FAILED, why);
	say_number(PORT_TAINT, control_taint());
	say_text(PORT_BYE, "");
}

/* @line ends with a 0; @payload is what came behind it. */
static void obey(const char *line, const char *payload, size_t length)
{
	if (!strncmp(line, "run ", 4))
		run(payload, length);
	else if (!strncmp(line, "sh ", 3))
		run_shell(payload, length);
	else if (!strcmp(line, "stop"))
		stop();
	else if (!strncmp(line, "ask ", 4))
		ask(line + 4);
	else if (!strcmp(line, "quit"))
		quit();
}

static size_t payload_of(const char *line)
{
	if (strncmp(line, "run ", 4) && strncmp(line, "sh ", 3))
		return 0;
	return strtoul(strchr(line, ' '), NULL, 10);
}

static void listen_to_port(void)
{
	ssize_t got;

	said = grow(said, &said_size, said_length + PIECE_MAX);
	got = read(port, said + said_length, PIECE_MAX);
	said_length += got > 0 ? (size_t)got : 0;
	while (said_length) {
		char *newline = memchr(said, '\n', said_length);
		size_t payload, whole;

		if (!newline)
			return;
		*newline = '\0';
		payload = payload_of(said);
		whole = (size_t)(newline + 1 - said) + payload;
		if (whole > said_length) {
			*newline = '\n';
			return;
		}
		obey(said, newline + 1, payload);
		said_length -= whole;
		memmove(said, said + whole, said_length);
	}
}

/* All it said until now, though what it left running may have its pipes still. */
static void end_command(int status)
{
	command = 0;
	for (int i = STREAM_OUT; i <= STREAM_ERR; i++) {
		while (streams[i].fd >= 0 && stream_turn(&streams[i]))
			;
		if (streams[i].fd >= 0)
			stream_end(&streams[i]);
	}
	say_code((unsigned long)(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status)));
}

/* Whoever has no parent left is ours. */
static void reap(void)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		if (pid == command)
			end_command(status);
}

static void on_child(int signal_number)
{
	(void)signal_number;
}

enum { POLL_PORT = STREAMS, POLL_COUNTED, POLLED };

/* Until something is to be done, or a sign of life is due: then it is given. */
static void wait_for_work(struct pollfd *polled, const sigset_t *unblocked)
{
	const unsigned int ms = counted >= 0 ? PORT_COUNTED_MS : PORT_HEARTBEAT_MS;
	const struct timespec heartbeat = {.tv_nsec = ms % 1000 * 1000000, .tv_sec = ms / 1000};

	for (int i = 0; i < STREAMS; i++)
		polled[i] = (struct pollfd){.fd = streams[i].fd, .events = POLLIN};
	if (counted >= 0)
		polled[STREAM_CASE].fd = -1;
	polled[POLL_PORT] = (struct pollfd){.fd = port, .events = POLLIN};
	polled[POLL_COUNTED] = (struct pollfd){.fd = counted, .events = POLLIN};
	if (ppoll(polled, POLLED, &heartbeat, unblocked))
		return;
	say_text(PORT_ALIVE, "");
	if (counted >= 0)
		stream_turn(&streams[STREAM_CASE]);
}

static void end_counting(void)
{
	if (control_active(counted))
		return;
	close(counted);
	counted = -1;
}

void serve(int fd)
{
	struct sigaction child = {.sa_handler = on_child};
	sigset_t blocked, none;
	struct utsname name;

	port = fd;
	for (int i = 0; i < STREAMS; i++)
		streams[i].fd = -1;
	/* Only while nothing else is done: the end of a child ends the wait below. */
	sigemptyset(&none);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGCHLD);
	sigprocmask(SIG_BLOCK, &blocked, NULL);
	sigaction(SIGCHLD, &child, NULL);
	uname(&name);
	say_text(PORT_HELLO, name.release);
	for (;;) {
		struct pollfd polled[POLLED];

		wait_for_work(polled, &none);
		for (int i = 0; i < STREAMS; i++)
			if (streams[i].fd >= 0 && polled[i].fd >= 0 && polled[i].revents)
				stream_turn(&streams[i]);
		if (polled[POLL_PORT].revents & POLLIN)
			listen_to_port();
		if (polled[POLL_COUNTED].revents & POLLIN)
			end_counting();
		reap();
	}
}
