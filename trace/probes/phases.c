/* SPDX-License-Identifier: GPL-2.0-only */
/* phases.c - see phases.h. One case at a time: another that comes meanwhile is told to go without.
 */
#include "phases.h"
#include "say.h"
#include "trace_socket.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

_Static_assert(offsetof(struct trace_shared, arm) == offsetof(struct trace_control, arm) &&
		       TRACE_NOBODY < 0,
	       "the harness writes the word that programs read");

/* Events that are kept for the case, which takes records at its end only; all go to phases->out. */
#define KEPT_MAX 65536

struct phases {
	struct session *session;
	const char *guest_words;
	record_out out;
	void *arg;
	int listening, client; /* -1: none */
	int first;	       /* bench of arm 0 */
	unsigned int arms;
	unsigned long windows; /* times the probes were in */
	bool had, lost;	       /* a case; the one that is being told */
	bool in;	       /* probes */
	struct blocks blocks;
	char **kept; /* events, as lines */
	size_t kept_count;
};

struct phases *phases_open(struct session *session, const char *guest_words, record_out out,
			   void *arg)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	struct phases *phases = calloc(1, sizeof(*phases));
	int n;

	if (!phases)
		return NULL;
	*phases = (struct phases){.session = session,
				  .guest_words = guest_words,
				  .out = out,
				  .arg = arg,
				  .client = -1};
	n = snprintf(name.sun_path, sizeof(name.sun_path), "@trimm-trace-%d", (int)getpid());
	setenv(TRACE_SOCKET_VARIABLE, name.sun_path, 1);
	name.sun_path[0] = '\0';
	phases->listening = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (phases->listening >= 0 &&
	    !bind(phases->listening, (struct sockaddr *)&name,
		  (socklen_t)(offsetof(struct sockaddr_un, sun_path) + (size_t)n)) &&
	    !listen(phases->listening, 4))
		return phases;
	say("no socket for cases to say what they are at: %s", strerror(errno));
	phases_close(phases);
	return NULL;
}

/* Its probes out; the next case finds all as new. */
static void end_client(struct phases *phases)
{
	if (phases->client >= 0)
		close(phases->client);
	phases->client = -1;
	phases->in = false;
	session_detach(phases->session);
}

static void forget_kept(struct phases *phases)
{
	for (size_t i = 0; i < phases->kept_count; i++)
		free(phases->kept[i]);
	phases->kept_count = 0;
}

void phases_close(struct phases *phases)
{
	if (!phases)
		return;
	if (phases->client >= 0)
		close(phases->client);
	if (phases->listening >= 0)
		close(phases->listening);
	forget_kept(phases);
	blocks_clear(&phases->blocks);
	free(phases->kept);
	free(phases);
}

nfds_t phases_poll(const struct phases *phases, struct pollfd *polled)
{
	polled[0] = (struct pollfd){.fd = phases->listening, .events = POLLIN};
	polled[1] = (struct pollfd){.fd = phases->client, .events = POLLIN};
	return phases->client < 0 ? 1 : 2;
}

bool phases_had(const struct phases *phases)
{
	return phases->had;
}

/* @fd goes with it, unless negative. A client that does not take it is given up by who reads. */
static bool answer(int client, const char *text, size_t length, int fd)
{
	struct iovec part = {.iov_base = (void *)text, .iov_len = length};
	union {
		struct cmsghdr head;
		char bytes[CMSG_SPACE(sizeof(int))];
	} with = {0};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};

	if (fd >= 0) {
		message.msg_control = &with;
		message.msg_controllen = sizeof(with);
		with.head = (struct cmsghdr){.cmsg_len = CMSG_LEN(sizeof(int)),
					     .cmsg_level = SOL_SOCKET,
					     .cmsg_type = SCM_RIGHTS};
		memcpy(CMSG_DATA(&with.head), &fd, sizeof(fd));
	}
	return sendmsg(client, &message, MSG_NOSIGNAL) == (ssize_t)length;
}

static void ok(struct phases *phases)
{
	if (!answer(phases->client, "ok", 2, -1))
		end_client(phases);
}

/* The case is the process that asks. */
static void name_subject(struct phases *phases)
{
	struct ucred who;
	socklen_t size = sizeof(who);

	if (!getsockopt(phases->client, SOL_SOCKET, SO_PEERCRED, &who, &size))
		session_subject(phases->session, (uint32_t)who.pid);
}

static void begin(struct phases *phases, const char *words)
{
	const struct reading_of outside = {.first = -1, .out = phases->out, .arg = phases->arg};
	char junk;

	if (session_elsewhere(phases->session)) {
		static const char error[] = "error probes are in guests alone (--guest)";

		answer(phases->client, error, sizeof(error) - 1, -1);
		end_client(phases);
		return;
	}
	if (sscanf(words, "%d %u%c", &phases->first, &phases->arms, &junk) != 2 ||
	    phases->first < 0 || !phases->arms || phases->arms > TRACE_ARMS) {
		answer(phases->client, "error begin what?", 17, -1);
		end_client(phases);
		return;
	}
	phases->had = true;
	phases->windows = 0;
	forget_kept(phases);
	blocks_clear(&phases->blocks);
	session_detach(phases->session);
	while (session_drain(phases->session, &outside))
		;
	session_control(phases->session)->arm = TRACE_NOBODY;
	session_time(phases->session, false);
	session_forget(phases->session);
	name_subject(phases);
	if (!answer(phases->client, "ok", 2, session_control_fd(phases->session)))
		end_client(phases);
}

static bool keep(void *arg, json_t *record)
{
	struct phases *phases = arg;
	char *line = NULL;

	if (!phases->kept)
		phases->kept = calloc(KEPT_MAX, sizeof(*phases->kept));
	if (phases->kept && phases->kept_count < KEPT_MAX)
		line = json_dumps(record, JSON_COMPACT);
	if (line)
		phases->kept[phases->kept_count++] = line;
	return phases->out(phases->arg, record);
}

bool phases_look(struct phases *phases)
{
	const struct reading_of of = {.first = phases->first, .out = keep, .arg = phases};

	return phases->in && session_drain(phases->session, &of);
}

/* All that is in the rings, while the case waits: its next block is one without probes. */
static void take_out(struct phases *phases)
{
	session_detach(phases->session);
	while (phases_look(phases))
		;
	phases->in = false;
}

/* Both ways: to the case, which has it in its run's file, and to who started us. */
static bool tell(void *arg, json_t *record)
{
	struct phases *phases = arg;
	char *line = json_dumps(record, JSON_COMPACT | JSON_REAL_PRECISION(9));

	if (!phases->lost && line)
		phases->lost = !answer(phases->client, line, strlen(line), -1);
	free(line);
	return phases->out(phases->arg, record);
}

static void take_blocks(struct phases *phases, const char *words)
{
	if (blocks_take(&phases->blocks, words)) {
		ok(phases);
		return;
	}
	answer(phases->client, "error blocks what?", 18, -1);
	end_client(phases);
}

/* Counters are of all blocks: of how often, that is as well with probes as without. */
static void tell_of_counters(struct phases *phases)
{
	tell(phases, json_pack("{ss si ss ss}", "t", "note", "bench", phases->first, "level",
			       "info", "text",
			       "traced: counters that are times (purge_ticks_max) are "
			       "of blocks with probes, too; samples and histograms are not"));
}

static void end(struct phases *phases)
{
	const struct reading_of of = {.first = phases->first, .out = tell, .arg = phases};

	take_out(phases);
	phases->lost = false;
	for (size_t i = 0; i < phases->kept_count && !phases->lost; i++)
		phases->lost =
			!answer(phases->client, phases->kept[i], strlen(phases->kept[i]), -1);
	forget_kept(phases);
	session_measure_floor(phases->session);
	session_records(phases->session, &of, phases->arms, &phases->blocks);
	if (phases->windows)
		tell_of_counters(phases);
	if (!answer(phases->client, ".", 1, -1))
		end_client(phases);
}

/* Its probes are in a guest: ours would count what QEMU does. */
static void what(struct phases *phases)
{
	char text[TRACE_ANSWER_MAX];
	int n = snprintf(text, sizeof(text), "ok%s", phases->guest_words);

	phases->had = true;
	session_detach(phases->session);
	if (n >= (int)sizeof(text) || !answer(phases->client, text, (size_t)n, -1))
		end_client(phases);
}

static void take_record(struct phases *phases, const char *line)
{
	json_t *record = json_loads(line, 0, NULL);

	if (!record) {
		answer(phases->client, "error no record", 15, -1);
		end_client(phases);
		return;
	}
	phases->out(phases->arg, record);
	ok(phases);
}

static void serve(struct phases *phases, char *question)
{
	char *rest = question + strcspn(question, " ");

	if (*question == '{') {
		take_record(phases, question);
		return;
	}
	if (*rest)
		*rest++ = '\0';
	if (!strcmp(question, "begin")) {
		begin(phases, rest);
	} else if (!strcmp(question, "on")) {
		/* The kernel times programs in one of so many: that has a price of its own. */
		session_time(phases->session, phases->windows++ % PHASES_TIME_EACH == 0);
		session_attach(phases->session);
		phases->in = true;
		ok(phases);
	} else if (!strcmp(question, "off")) {
		take_out(phases);
		ok(phases);
	} else if (!strcmp(question, "blocks")) {
		take_blocks(phases, rest);
	} else if (!strcmp(question, "end")) {
		end(phases);
	} else if (!strcmp(question, "what")) {
		what(phases);
	} else {
		answer(phases->client, "error what?", 11, -1);
		end_client(phases);
	}
}

/* False: there is nothing more to answer, for now or for good. */
static bool serve_client(struct phases *phases)
{
	static char question[TRACE_ANSWER_MAX + 1];
	ssize_t n = recv(phases->client, question, TRACE_ANSWER_MAX, MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	if (n <= 0) {
		end_client(phases);
		return false;
	}
	question[n] = '\0';
	serve(phases, question);
	return phases->client >= 0;
}

void phases_serve(struct phases *phases)
{
	int client = accept4(phases->listening, NULL, NULL, SOCK_CLOEXEC);

	/* In this order: one that had gone before the next came is then seen to have gone. */
	while (phases->client >= 0 && serve_client(phases))
		;
	if (client < 0)
		return;
	if (phases->client < 0) {
		phases->client = client;
		return;
	}
	answer(client, "error another case is being traced", 34, -1);
	close(client);
}
