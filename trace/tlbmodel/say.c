/* SPDX-License-Identifier: GPL-2.0-only */
/* say.c - one write() a line, past QEMU's own buffers; see say.h. */
#include "say.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

static void line(const char *fmt, va_list args)
{
	char text[1024] = "tlbmodel: ";
	size_t used = sizeof("tlbmodel: ") - 1, room = sizeof(text) - used - 1;
	int length = vsnprintf(text + used, room, fmt, args);

	used += length < (int)room ? (size_t)length : room - 1;
	text[used++] = '\n';
	if (write(STDERR_FILENO, text, used) < 0)
		return; /* nobody to tell */
}

void say(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	line(fmt, args);
	va_end(args);
}

/* _exit(): this may be a thread of a guest's CPU, and QEMU's own end waits for those. */
void say_and_end(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	line(fmt, args);
	va_end(args);
	_exit(1);
}
