/* SPDX-License-Identifier: GPL-2.0-only */
/* kernel_log.c - see kernel_log.h. */
#include "kernel_log.h"
#include "launch.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* After the line that tells a fault, its place may be some lines below ("RIP: 0010:..."). */
#define CONTEXT_LINES 12

/*
 * As Linux 6.1 and 6.12 say it: kernel/panic.c, arch/x86/kernel/{traps,dumpstack}.c,
 * arch/x86/mm/{fault,extable}.c, lib/{bug,refcount,list_debug}.c, kernel/watchdog.c,
 * kernel/rcu/tree_stall.h, kernel/hung_task.c, mm/oom_kill.c. The first that is found counts.
 */
static const struct {
	const char *text;
	enum kernel_fault fault;
} faults[] = {
	{"Kernel panic - not syncing", KERNEL_FAULT},
	{"kernel BUG at ", KERNEL_FAULT},
	{"BUG: ", KERNEL_FAULT},
	{"Oops: ", KERNEL_FAULT},
	{"general protection fault", KERNEL_FAULT},
	{"invalid opcode: ", KERNEL_FAULT},
	{"double fault: ", KERNEL_FAULT},
	{"divide error: ", KERNEL_FAULT},
	{"soft lockup - CPU", KERNEL_FAULT},
	{"hard LOCKUP on", KERNEL_FAULT},
	{"detected stall", KERNEL_FAULT},
	{"self-detected stall", KERNEL_FAULT},
	{"detected expedited stalls", KERNEL_FAULT},
	{"INFO: task ", KERNEL_FAULT},
	{"invoked oom-killer", KERNEL_FAULT},
	{"trimm agent: ", KERNEL_FAULT},
	{"WARNING: ", KERNEL_WARNS},
	{"unchecked MSR access error", KERNEL_WARNS},
	{"UBSAN: ", KERNEL_WARNS},
	{"page allocation failure", KERNEL_WARNS},
	{"vmalloc error: ", KERNEL_WARNS},
};

void kernel_log_open(struct kernel_log *log, int from, const char *header)
{
	const char *path = getenv(KERNEL_LOG_FILE);

	*log = (struct kernel_log){.from = from, .file = -1};
	fcntl(from, F_SETFL, O_NONBLOCK);
	if (!path || !*path)
		return;
	log->file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	if (log->file < 0)
		launch_error("the kernel's log cannot be kept in %s: %m", path);
	else
		dprintf(log->file, "== %s\n", header);
}

/* The line without the clock that printk may put before it. */
static const char *text_of(const char *line)
{
	const char *end;

	if (*line != '[' || !(end = strchr(line, ']')) || end[1] != ' ')
		return line;
	return end + 2;
}

static void quote(struct kernel_log *log, const char *text)
{
	size_t length = strlen(log->quote);

	snprintf(log->quote + length, sizeof(log->quote) - length, "%s%.200s", length ? "; " : "",
		 text);
}

/* Of two faults the first tells more, unless it was but a warning. */
static void judge(struct kernel_log *log, const char *text)
{
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		if (!strstr(text, faults[i].text))
			continue;
		if (log->fault >= faults[i].fault)
			return;
		log->fault = faults[i].fault;
		*log->quote = '\0';
		quote(log, text);
		log->context = CONTEXT_LINES;
		return;
	}
	if (!log->context)
		return;
	log->context--;
	if (!strncmp(text, "RIP: 0010:", strlen("RIP: 0010:"))) {
		quote(log, text);
		log->context = 0;
	}
}

static void end_line(struct kernel_log *log)
{
	const char *text;

	log->line[log->length] = '\0';
	log->length = 0;
	text = text_of(log->line);
	if (!*text)
		return;
	judge(log, text);
	snprintf(log->last, sizeof(log->last), "%.150s", text);
}

static void look_through(struct kernel_log *log, const char *piece, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (piece[i] == '\n')
			end_line(log);
		else if (isprint((unsigned char)piece[i]) && log->length < sizeof(log->line) - 1)
			log->line[log->length++] = piece[i];
	}
}

bool kernel_log_turn(struct kernel_log *log)
{
	char piece[4096];
	bool any = false;
	ssize_t got;

	while (log->from >= 0 && (got = read(log->from, piece, sizeof(piece)))) {
		if (got < 0)
			return any;
		if (log->file >= 0 && write(log->file, piece, (size_t)got) != got) {
			launch_error("the kernel's log cannot be kept: %m");
			close(log->file);
			log->file = -1;
		}
		look_through(log, piece, (size_t)got);
		any = true;
	}
	if (log->from >= 0)
		close(log->from);
	log->from = -1;
	return any;
}

void kernel_log_end(struct kernel_log *log)
{
	kernel_log_turn(log);
	if (log->length)
		end_line(log);
	if (log->file >= 0)
		close(log->file);
	log->file = -1;
}
