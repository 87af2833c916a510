/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * questions.c - where `trimm show` asks: a socket in the abstract namespace, so that nothing
 * is left behind whatever ends us, named after the user and the process.
 *
 * One question at a time. A thread of its own reads it and puts it on the table; what answers,
 * when it gets to it, does so into memory; the thread sends that on, a 0 behind it. So a client
 * that reads slowly, or never, costs the measurement nothing.
 */
#include "questions.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#define QUESTION_MAX 64

/* The question on the table. */
static const char *asked;
static FILE *answer;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t answered = PTHREAD_COND_INITIALIZER;

const char *questions_asked(void)
{
	return __atomic_load_n(&asked, __ATOMIC_ACQUIRE);
}

void questions_answer(const char *piece, size_t length)
{
	if (piece) {
		fwrite(piece, 1, length, answer);
		return;
	}
	pthread_mutex_lock(&mutex);
	__atomic_store_n(&asked, NULL, __ATOMIC_RELAXED);
	pthread_cond_signal(&answered);
	pthread_mutex_unlock(&mutex);
}

void questions_refuse(const char *why)
{
	rewind(answer);
	fprintf(answer, "no %s\n", why);
	questions_answer(NULL, 0);
}

static bool ours(int client)
{
	struct ucred peer;
	socklen_t size = sizeof(peer);

	return !getsockopt(client, SOL_SOCKET, SO_PEERCRED, &peer, &size) &&
	       (peer.uid == geteuid() || !peer.uid);
}

/* One line of at most QUESTION_MAX - 1 bytes, without its end. */
static bool read_line(int client, char *line)
{
	size_t n = 0;

	while (n < QUESTION_MAX && read(client, &line[n], 1) == 1) {
		if (line[n] == '\n') {
			line[n] = 0;
			return true;
		}
		n++;
	}
	return false;
}

static void send_all(int client, const char *text, size_t size)
{
	while (size) {
		ssize_t sent = send(client, text, size, MSG_NOSIGNAL);

		if (sent <= 0)
			return;
		text += sent;
		size -= (size_t)sent;
	}
}

static void serve(int client)
{
	/* Whoever says nothing, or reads nothing, is not waited for. */
	const struct timeval patience = {.tv_sec = 2};
	char line[QUESTION_MAX], *text = NULL;
	size_t size = 0;

	setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	if (!ours(client) || !read_line(client, line))
		return;
	answer = open_memstream(&text, &size);
	if (!answer)
		return;
	pthread_mutex_lock(&mutex);
	__atomic_store_n(&asked, line, __ATOMIC_RELEASE);
	while (__atomic_load_n(&asked, __ATOMIC_RELAXED))
		pthread_cond_wait(&answered, &mutex);
	pthread_mutex_unlock(&mutex);
	/* With the 0 behind it, which tells that this is all: a run may end in the middle. */
	if (!fclose(answer))
		send_all(client, text, size + 1);
	free(text);
}

static void *listen_on(void *arg)
{
	int listener = (int)(intptr_t)arg;

	for (;;) {
		int client = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

		if (client < 0)
			return NULL;
		serve(client);
		close(client);
	}
}

void questions_open(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int length = snprintf(address.sun_path + 1, sizeof(address.sun_path) - 1, "trimm-%u-%d",
			      geteuid(), getpid());
	pthread_t thread;

	if (listener < 0)
		return;
	if (bind(listener, (struct sockaddr *)&address,
		 (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)length)) ||
	    listen(listener, 4) ||
	    pthread_create(&thread, NULL, listen_on, (void *)(intptr_t)listener)) {
		close(listener);
		return;
	}
	pthread_detach(thread);
}
