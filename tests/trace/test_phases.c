/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_phases.c - cases that say over the socket what they are at, and what becomes of probes then.
 * The session is one that only remembers what it was asked for.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "phases.h"
#include "trace_socket.h"

struct session {
	struct trace_shared control;
	bool in, timed, elsewhere;
	unsigned int forgotten, floors, timings, waiting;
	uint32_t subject;
	unsigned int arms; /* of the last records */
	size_t blocks[2];  /* of the last records, of arm 1: without, with */
	int fd;
};

static struct session session;
static struct phases *phases;
static unsigned int told[2]; /* events, and others, to who started us */

void session_attach(struct session *of)
{
	of->in = true;
}

void session_detach(struct session *of)
{
	of->in = false;
}

struct trace_shared *session_control(struct session *of)
{
	return &of->control;
}

int session_control_fd(const struct session *of)
{
	return of->fd;
}

bool session_elsewhere(const struct session *of)
{
	return of->elsewhere;
}

void session_subject(struct session *of, uint32_t process)
{
	of->subject = process;
}

/* At most two at a time. */
bool session_drain(struct session *of, const struct reading_of *to)
{
	for (int i = 0; i < 2 && of->waiting; i++, of->waiting--)
		to->out(to->arg, json_pack("{ss si}", "t", "event", "bench", to->first));
	return of->waiting > 0;
}

void session_records(struct session *of, const struct reading_of *to, unsigned int arms,
		     const struct blocks *blocks)
{
	of->arms = arms;
	of->blocks[0] = blocks->out[1].count;
	of->blocks[1] = blocks->in[1].count;
	to->out(to->arg, json_pack("{ss si}", "t", "probe", "bench", to->first));
}

void session_measure_floor(struct session *of)
{
	assert_false(of->in);
	of->floors++;
}

void session_forget(struct session *of)
{
	of->forgotten++;
}

void session_time(struct session *of, bool on)
{
	of->timings += on;
	of->timed = on;
}

static bool take(void *arg, json_t *record)
{
	(void)arg;
	told[!!strcmp(json_string_value(json_object_get(record, "t")), "event")]++;
	json_decref(record);
	return true;
}

static int set_up(void **state)
{
	(void)state;
	session = (struct session){.fd = STDOUT_FILENO};
	told[0] = told[1] = 0;
	phases = phases_open(&session, "\nipi\n--stacks", take, NULL);
	return !phases;
}

static int tear_down(void **state)
{
	(void)state;
	phases_close(phases);
	return 0;
}

/* --- A case --- */

static int call(void)
{
	const char *name = getenv(TRACE_SOCKET_VARIABLE);
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int client = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	memcpy(address.sun_path + 1, name + 1, strlen(name) - 1);
	assert_int_equal(
		connect(client, (struct sockaddr *)&address,
			(socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name))),
		0);
	phases_serve(phases);
	return client;
}

/* "": it has hung up; NULL: it says nothing. */
static const char *hear(int client)
{
	static char answer[TRACE_ANSWER_MAX + 1];
	ssize_t n = recv(client, answer, TRACE_ANSWER_MAX, MSG_DONTWAIT);

	answer[n > 0 ? n : 0] = '\0';
	return n < 0 ? NULL : answer;
}

static const char *ask(int client, const char *question)
{
	assert_int_equal(send(client, question, strlen(question), MSG_NOSIGNAL), strlen(question));
	phases_serve(phases);
	return hear(client);
}

#define expect(client, question, answer) assert_string_equal(ask(client, question), answer)

static void from_begin_to_end(void **state)
{
	int client = call();

	(void)state;
	assert_false(phases_had(phases));
	expect(client, "begin 3 2", "ok");
	assert_true(phases_had(phases));
	assert_int_equal(session.control.arm, TRACE_NOBODY);
	assert_int_equal(session.subject, getpid());
	assert_int_equal(session.forgotten, 1);
	assert_false(session.in);
	session.waiting = 3;
	assert_false(phases_look(phases)); /* they are out: whose would it be? */
	assert_int_equal(session.waiting, 3);
	expect(client, "on", "ok");
	assert_true(session.in);
	assert_true(phases_look(phases));
	expect(client, "off", "ok");
	assert_false(session.in);
	assert_int_equal(session.waiting, 0);
	assert_int_equal(told[0], 3);
	expect(client, "blocks 1 off 10 1000 2000 3000", "ok");
	expect(client, "blocks 1 on 10 1500", "ok");
	/* What it had single events of, then what is known at the end, then a point. */
	for (int i = 0; i < 3; i++)
		assert_string_equal(i ? hear(client) : ask(client, "end"),
				    "{\"t\":\"event\",\"bench\":3}");
	assert_string_equal(hear(client), "{\"t\":\"probe\",\"bench\":3}");
	assert_non_null(strstr(hear(client), "\"t\":\"note\",\"bench\":3,"));
	assert_string_equal(hear(client), ".");
	assert_null(hear(client));
	assert_int_equal(session.arms, 2);
	assert_int_equal(session.blocks[0], 3);
	assert_int_equal(session.blocks[1], 1);
	assert_int_equal(session.floors, 1);
	assert_int_equal(told[0], 3);
	assert_int_equal(told[1], 2);
	close(client);
}

/* The kernel times programs in the first window of each case, and each eighth from there. */
static void some_windows_are_timed(void **state)
{
	int client = call();

	(void)state;
	for (int i = 0; i < 2; i++) {
		expect(client, "begin 0 1", "ok");
		assert_false(session.timed);
		for (int window = 0; window < 2 * PHASES_TIME_EACH - 1; window++) {
			expect(client, "on", "ok");
			assert_int_equal(session.timed, window % PHASES_TIME_EACH == 0);
			expect(client, "off", "ok");
		}
		assert_int_equal(session.timings, 2 * (i + 1));
	}
	close(client);
}

/* Nothing of a case that did not come to its end is another's. */
static void each_case_finds_all_as_new(void **state)
{
	int client = call();

	(void)state;
	expect(client, "begin 0 2", "ok");
	expect(client, "on", "ok");
	session.waiting = 2;
	phases_look(phases);
	expect(client, "blocks 1 off 10 1000 2000 3000", "ok");
	session.waiting = 5;
	session.control.arm = 1;
	close(client);
	phases_serve(phases);
	assert_false(session.in);
	client = call();
	expect(client, "begin 2 2", "ok");
	assert_int_equal(session.waiting, 0);
	assert_int_equal(session.control.arm, TRACE_NOBODY);
	/* Its probes were never in: no counter has anything of them. */
	assert_string_equal(ask(client, "end"), "{\"t\":\"probe\",\"bench\":2}");
	assert_string_equal(hear(client), ".");
	assert_int_equal(session.blocks[0], 0);
	close(client);
}

static void bad_words_end_it(void **state)
{
	static const char *const words[][2] = {
		{"begin", "error begin what?"},
		{"begin 0", "error begin what?"},
		{"begin 0 0", "error begin what?"},
		{"begin 0 9", "error begin what?"},
		{"begin -1 1", "error begin what?"},
		{"begin 0 1 2", "error begin what?"},
		{"blocks 8 on 1", "error blocks what?"},
		{"{\"t\"", "error no record"},
		{"hello", "error what?"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		int client = call();

		expect(client, words[i][0], words[i][1]);
		assert_string_equal(hear(client), "");
		close(client);
	}
	assert_false(phases_had(phases));
}

static void one_at_a_time(void **state)
{
	int client = call(), other;

	(void)state;
	expect(client, "begin 0 8", "ok");
	expect(client, "on", "ok");
	other = call();
	assert_string_equal(hear(other), "error another case is being traced");
	assert_string_equal(hear(other), "");
	close(other);
	assert_true(session.in);
	/* One has gone, another comes, and nobody looks in between. */
	close(client);
	client = call();
	assert_false(session.in);
	expect(client, "begin 1 1", "ok");
	close(client);
}

static void guests(void **state)
{
	int client = call();

	(void)state;
	session.elsewhere = true;
	expect(client, "begin 0 1", "error probes are in guests alone (--guest)");
	close(client);
	client = call();
	expect(client, "what", "ok\nipi\n--stacks");
	assert_true(phases_had(phases));
	expect(client, "{\"t\":\"probe\"}", "ok");
	assert_int_equal(told[1], 1);
	close(client);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(from_begin_to_end),
		TEST(some_windows_are_timed),
		TEST(each_case_finds_all_as_new),
		TEST(bad_words_end_it),
		TEST(one_at_a_time),
		TEST(guests),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
