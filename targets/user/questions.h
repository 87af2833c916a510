/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * questions.h - where `trimm show` asks: the harness of this target, or, where a target runs
 * inside QEMU, the program that starts it (launch/). See questions.c.
 */
#ifndef USER_QUESTIONS_H
#define USER_QUESTIONS_H

#include <stddef.h>

/* Listen, on a thread that sleeps until somebody asks. Failing only means nobody can ask. */
void questions_open(void);

/* --- For one thread, which answers --- */
/* The question that waits for its answer, or NULL; one load. It stays as it is until then. */
const char *questions_asked(void);
/* A piece of the answer; NULL ends it. */
void questions_answer(const char *piece, size_t length);
/* "no @why" is the answer, whatever pieces there are of another. */
void questions_refuse(const char *why);

#endif /* USER_QUESTIONS_H */
