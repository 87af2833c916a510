/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * trace_double.h - a collector that traces nothing: it answers a case by trace_socket.h, keeps what
 * was said, watches the word that says which arm is at work, and misbehaves where it is told to.
 */
#ifndef TESTS_TRACE_DOUBLE_H
#define TESTS_TRACE_DOUBLE_H

#include <stdbool.h>

#define DOUBLE_ARMS	 4
#define DOUBLE_QUESTIONS 64

enum double_answer {
	DOUBLE_OK,
	DOUBLE_ERROR,	  /* "error no such luck" */
	DOUBLE_BABBLE,	  /* "what?" */
	DOUBLE_BYTES,	  /* a message with a 0 within */
	DOUBLE_LONG,	  /* more than a message may have */
	DOUBLE_NO_PAGE,	  /* ok without the descriptor; else as DOUBLE_OK */
	DOUBLE_DIE,	  /* the process ends, the question unanswered */
	DOUBLE_INT,	  /* SIGINT to the case, then ok */
	DOUBLE_RECORD_DIE /* of `end`: a record, then it ends */
};

/* What the case said, shared with the test. */
struct double_log {
	unsigned int cases, questions; /* of these the first are kept */
	struct {
		char text[48]; /* its beginning */
		int arm;       /* at work just then */
	} question[DOUBLE_QUESTIONS];
	/* Of blocks of an arm with the probes out, and in: how many times, in how many messages. */
	unsigned int times[DOUBLE_ARMS][2], messages[DOUBLE_ARMS][2];
	unsigned long ops[DOUBLE_ARMS][2]; /* as the last of them says */
	/* How often the word was seen at -1, 0 ...: while the probes were in, and out. */
	unsigned long in[1 + DOUBLE_ARMS], out[1 + DOUBLE_ARMS];
};

/*
 * Be there for cases that this process starts from now on. To the @nth question that begins with
 * @question (NULL: to none) it answers so; to all others rightly.
 */
const struct double_log *double_begin(const char *question, unsigned int nth,
				      enum double_answer answer);
/* No longer. The log is good until the next double_begin(). */
void double_end(void);

#endif /* TESTS_TRACE_DOUBLE_H */
