/* SPDX-License-Identifier: GPL-2.0-only */
/* ask.c - see ask.h; targets/user/questions.c and bench/look.c are the other end. */
#include "ask.h"
#include "cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE_S 20

/* __SO_ACCEPTCON of /proc/net/unix: a connection has a line of the same name, without it. */
#define LISTENS (1U << 16)

/* Abstract sockets are listed as "@name" at the end of a line. */
size_t ask_find(pid_t *pids, size_t max)
{
	FILE *file = fopen("/proc/net/unix", "re");
	char *line = NULL, *name;
	size_t size = 0, n = 0;

	if (!file)
		return 0;
	while (getline(&line, &size, file) > 0) {
		unsigned int uid, flags;
		int pid;

		name = strrchr(line, '@');
		if (!name || sscanf(name, "@trimm-%u-%d", &uid, &pid) != 2 ||
		    sscanf(line, "%*s %*s %*s %x", &flags) != 1 || !(flags & LISTENS))
			continue;
		if (uid != geteuid() && geteuid())
			continue;
		if (n < max)
			pids[n] = pid;
		n++;
	}
	free(line);
	fclose(file);
	return n;
}

/* Whose run it is: root may ask all. */
static uid_t owner_of(pid_t pid)
{
	char *path = cli_format("/proc/%d", pid);
	struct stat process;
	uid_t uid = stat(path, &process) ? geteuid() : process.st_uid;

	free(path);
	return uid;
}

static int connect_to(pid_t pid, int seconds)
{
	const struct timeval patience = {.tv_sec = seconds};
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int length = snprintf(address.sun_path + 1, sizeof(address.sun_path) - 1, "trimm-%u-%d",
			      owner_of(pid), pid);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (!connect(fd, (struct sockaddr *)&address,
		     (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)length)))
		return fd;
	close(fd);
	return -1;
}

/* All that comes until the other end closes: a 0 ends what is whole; else "". */
static char *read_all(int fd, size_t *length)
{
	char *text = cli_alloc(NULL, 1);
	char piece[65536];
	ssize_t got;

	*length = 0;
	while ((got = read(fd, piece, sizeof(piece))) > 0) {
		text = cli_alloc(text, *length + (size_t)got + 1);
		memcpy(text + *length, piece, (size_t)got);
		*length += (size_t)got;
	}
	if (*length && !text[*length - 1])
		--*length;
	else
		text[ *length = 0] = '\0';
	return text;
}

/* One question, one answer; "" if the process is gone or busy elsewhere. */
static char *ask_once(pid_t pid, const char *what, unsigned int arm, int patience, size_t *length)
{
	int fd = connect_to(pid, patience);
	char *question, *answer;

	if (fd < 0) {
		*length = 0;
		return cli_format("%s", "");
	}
	question = cli_format("%s %u\n", what, arm);
	/* Whoever hangs up at once does not end us as well. */
	send(fd, question, strlen(question), MSG_NOSIGNAL);
	free(question);
	answer = read_all(fd, length);
	close(fd);
	return answer;
}

char *ask_within(pid_t pid, const char *what, unsigned int arm, int patience, size_t *length,
		 char *why, size_t size)
{
	const struct timespec while_ago = {.tv_nsec = 100000000};
	time_t until = time(NULL) + patience;

	for (;;) {
		char *answer = ask_once(pid, what, arm, patience, length);
		char *text = strchr(answer, '\n');

		if (text && !strncmp(answer, "ok ", 3)) {
			*length -= (size_t)(++text - answer);
			memmove(answer, text, *length + 1);
			return answer;
		}
		if (text)
			*text = 0;
		if (strncmp(answer, "wait ", 5) || time(NULL) > until) {
			snprintf(why, size, "show %s, arm %u of process %d: %s", what, arm, pid,
				 text ? strchr(answer, ' ') + 1
				      : "no answer; did the run end? ask again during it");
			free(answer);
			return NULL;
		}
		free(answer);
		nanosleep(&while_ago, NULL);
	}
}

char *ask(pid_t pid, const char *what, unsigned int arm, size_t *length)
{
	char why[256], *text = ask_within(pid, what, arm, PATIENCE_S, length, why, sizeof(why));

	if (!text)
		cli_error("%s", why);
	return text;
}
