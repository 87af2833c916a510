/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * messages.c - ROUNDS HELD [timed]: asks the kernel for objects of a size that nobody else asks
 * for.
 *
 * A System V message is kmalloc'ed with a head of 48 bytes before it (struct msg_msg, ipc/msg.c),
 * and freed when it is received. In each round 10 messages of 1237 bytes are sent and received;
 * then HELD are sent, and stay until the queue is removed: `messages -r` removes it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <time.h>

#define KEY	    0x74726d6d
#define BYTES	    1237
#define AT_ONE_TIME 10 /* 16 KiB fit, unless the machine says otherwise (kernel.msgmnb) */

static struct {
	long type;
	char text[BYTES];
} message = {.type = 1};

static int give_up(const char *what)
{
	perror(what);
	return 1;
}

static double cpu_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

int main(int argc, char **argv)
{
	int queue = msgget(KEY, IPC_CREAT | 0600);
	double start = cpu_ns();

	if (queue < 0 || argc < 2)
		return give_up("messages");
	if (!strcmp(argv[1], "-r"))
		return msgctl(queue, IPC_RMID, NULL) ? give_up("msgctl") : 0;
	for (int round = 0; round < atoi(argv[1]); round++) {
		for (int i = 0; i < AT_ONE_TIME; i++)
			if (msgsnd(queue, &message, BYTES, IPC_NOWAIT))
				return give_up("msgsnd");
		for (int i = 0; i < AT_ONE_TIME; i++)
			if (msgrcv(queue, &message, BYTES, 0, IPC_NOWAIT) != BYTES)
				return give_up("msgrcv");
	}
	if (argc > 3)
		printf("%.1f\n", (cpu_ns() - start) / (atof(argv[1]) * AT_ONE_TIME));
	for (int i = 0; argc > 2 && i < atoi(argv[2]); i++)
		if (msgsnd(queue, &message, BYTES, IPC_NOWAIT))
			return give_up("msgsnd");
	return 0;
}
