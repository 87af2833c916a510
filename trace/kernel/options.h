/* SPDX-License-Identifier: GPL-2.0-only */
/* options.h - what trimm-record-kernel was asked for. */
#ifndef TRACE_KERNEL_OPTIONS_H
#define TRACE_KERNEL_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "probes.h"

/* Exit codes, if they are not those of the command that is recorded; the last two as a shell's. */
enum { KERNEL_FAILED = 1, KERNEL_USAGE = 2, KERNEL_CANNOT_RUN = 126, KERNEL_NOT_FOUND = 127 };

/* Words for the launcher of a guest, at most. */
#define GUEST_WORDS_MAX 64

struct options {
	const char *file; /* "-": stdout */
	double seconds;	  /* 0: until the command ends, or a signal */
	struct probes_wanted events;
	size_t buffer;	 /* bytes of the ring */
	bool quiet;	 /* no progress, no summary */
	bool in_guest;	 /* of Linux in a guest, else of this machine */
	bool boot;	 /* in a guest: from the first moment on that a program can */
	bool background; /* be back as soon as the recording has begun */
	const char *events_text, *buffer_text; /* as given, for the guest's own; or NULL */
	char *const *command;		       /* NULL: none */
	char *guest_words[GUEST_WORDS_MAX];
	int nr_guest_words;
};

/* Words of the command line, the first is the program. 0; -1: all is done; or an exit code after a
 * line.
 */
int options_read(struct options *options, int argc, char **argv);

/* One line on stderr, as `trimm` says it, which users call. */
void error_line(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif /* TRACE_KERNEL_OPTIONS_H */
