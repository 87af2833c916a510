/* SPDX-License-Identifier: GPL-2.0-only */
/* line.h - a program that waits for who traces it, at both ends of what it does. */
#ifndef TESTS_TRACE_LINE_H
#define TESTS_TRACE_LINE_H

#include <unistd.h>

static inline void wait_for_a_line(void)
{
	char byte = 0;

	while (byte != '\n')
		if (read(STDIN_FILENO, &byte, 1) != 1)
			_exit(1);
}

#endif /* TESTS_TRACE_LINE_H */
