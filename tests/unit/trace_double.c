/* SPDX-License-Identifier: GPL-2.0-only */
/* trace_double.c - see trace_double.h. A process of its own, as the collector is. */
#include "trace_double.h"

#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "targets/include/trace_socket.h"

static struct double_log *seen;
static pid_t process;

/* The collector's side. */
static struct {
	const char *question;
	unsigned int left; /* such questions until the one to be answered so */
	enum double_answer answer;
	int client, page_fd;
	struct trace_control *control;
	unsigned long first, arms;
	bool in;
} self;

static void answer(const char *text, size_t length, int fd)
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
	sendmsg(self.client, &message, MSG_NOSIGNAL);
}

static void say(const char *text)
{
	answer(text, strlen(text), -1);
}

static void send_record(unsigned long arm)
{
	char line[600];

	snprintf(line, sizeof(line),
		 "{\"t\":\"probe\",\"bench\":%lu,\"probe\":\"double\",\"status\":\"ok\",\"how\":"
		 "\"none\","
		 "\"seconds\":1,\"events\":%lu,\"delivered\":0,\"lost\":0,\"missed\":0,\"refused\":"
		 "0,"
		 "\"full\":0,\"disturbed\":true}",
		 self.first + arm, 100 + arm);
	say(line);
}

static void send_records(void)
{
	for (unsigned long arm = 0; arm < self.arms; arm++)
		send_record(arm);
	say(".");
}

static void misbehave(void)
{
	static char much[TRACE_ANSWER_MAX + 2];
	struct ucred peer;
	socklen_t size = sizeof(peer);

	switch (self.answer) {
	case DOUBLE_ERROR:
		say("error no such luck");
		return;
	case DOUBLE_BABBLE:
		say("what?");
		return;
	case DOUBLE_BYTES:
		answer("ok\0ok", 5, -1);
		return;
	case DOUBLE_LONG:
		memset(much, 'a', sizeof(much));
		answer(much, sizeof(much), -1);
		return;
	case DOUBLE_INT:
		getsockopt(self.client, SOL_SOCKET, SO_PEERCRED, &peer, &size);
		kill(peer.pid, SIGINT);
		say("ok");
		return;
	case DOUBLE_RECORD_DIE:
		send_record(0);
		_exit(0);
	case DOUBLE_NO_PAGE:
		say("ok");
		return;
	default:
		_exit(0);
	}
}

static void serve(const char *question)
{
	self.in = !strcmp(question, "on") || (self.in && strcmp(question, "off"));
	if (!strncmp(question, "begin ", 6)) {
		seen->cases++;
		sscanf(question, "begin %lu %lu", &self.first, &self.arms);
	}
	if (self.question && !strncmp(question, self.question, strlen(self.question)) &&
	    !--self.left)
		misbehave();
	else if (!strncmp(question, "begin ", 6))
		answer("ok", 2, self.page_fd);
	else if (!strcmp(question, "end"))
		send_records();
	else
		say("ok");
}

static void count_times(const char *question)
{
	unsigned int arm, in;
	unsigned long ops;
	char how[4];

	if (sscanf(question, "blocks %u %3s %lu", &arm, how, &ops) != 3 || arm >= DOUBLE_ARMS)
		return;
	in = !strcmp(how, "on");
	seen->ops[arm][in] = ops;
	seen->messages[arm][in]++;
	for (const char *at = question; (at = strchr(at, ' ')); at++)
		seen->times[arm][in]++;
	/* Without the arm, how, and the operations. */
	seen->times[arm][in] -= 3;
}

static void keep(const char *question)
{
	unsigned int n = seen->questions;

	count_times(question);
	if (n == DOUBLE_QUESTIONS)
		return;
	memcpy(seen->question[n].text, question,
	       strnlen(question, sizeof(seen->question[n].text) - 1));
	seen->question[n].arm = self.control->arm;
	seen->questions++;
}

static void watch(int listening)
{
	char question[TRACE_QUESTION_MAX + 1];
	struct pollfd polled = {.events = POLLIN};
	ssize_t length;

	for (;;) {
		polled.fd = self.client < 0 ? listening : self.client;
		if (!poll(&polled, 1, 1)) {
			int arm = __atomic_load_n(&self.control->arm, __ATOMIC_RELAXED);

			if (arm >= -1 && arm < DOUBLE_ARMS)
				++*(self.in ? &seen->in[1 + arm] : &seen->out[1 + arm]);
			continue;
		}
		if (self.client < 0) {
			self.client = accept(listening, NULL, NULL);
			continue;
		}
		length = recv(self.client, question, TRACE_QUESTION_MAX, 0);
		if (length <= 0) {
			close(self.client);
			self.client = -1;
			self.in = false;
			continue;
		}
		question[length] = 0;
		keep(question);
		serve(question);
	}
}

const struct double_log *double_begin(const char *question, unsigned int nth,
				      enum double_answer answer)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int listening = socket(AF_UNIX, SOCK_SEQPACKET, 0), length;
	pid_t parent = getpid();

	/* A test that failed left its own. */
	if (process)
		double_end();
	if (seen)
		munmap(seen, sizeof(*seen));
	seen = mmap(NULL, sizeof(*seen), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(seen != MAP_FAILED);
	length = snprintf(address.sun_path, sizeof(address.sun_path), "@trimm-double-%d", parent);
	setenv(TRACE_SOCKET_VARIABLE, address.sun_path, 1);
	address.sun_path[0] = 0;
	assert_int_equal(bind(listening, (struct sockaddr *)&address,
			      (socklen_t)(offsetof(struct sockaddr_un, sun_path) + (size_t)length)),
			 0);
	assert_int_equal(listen(listening, 1), 0);
	self.question = question;
	self.left = nth;
	self.answer = answer;
	self.client = -1;
	fflush(NULL);
	process = fork();
	assert_true(process >= 0);
	if (!process) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		self.page_fd = memfd_create("control", 0);
		if (ftruncate(self.page_fd, 4096))
			_exit(1);
		self.control =
			mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, self.page_fd, 0);
		self.control->arm = TRACE_NOBODY;
		watch(listening);
	}
	close(listening);
	return seen;
}

void double_end(void)
{
	kill(process, SIGKILL);
	waitpid(process, NULL, 0);
	process = 0;
	unsetenv(TRACE_SOCKET_VARIABLE);
}
