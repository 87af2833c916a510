/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * questions.h - questions about the case that runs (bench/look.h), from any number of askers:
 * they wait in a queue, and slot 0 answers between slices. See questions.c.
 */
#ifndef LINUX_MODULE_QUESTIONS_H
#define LINUX_MODULE_QUESTIONS_H

#include <linux/types.h>
#include <linux/wait.h>

#define QUESTION_MAX 63 /* bytes, as of the other targets */

struct question;

/* --- The case's: from its start to its end there is somebody to ask --- */
void questions_open(void);
/* Those that wait get no answer. */
void questions_close(void);

/* --- An asker's, who gives every question back with question_drop(), answered or not --- */
/* NULL: out of memory. */
struct question *question_new(const char *text, size_t length);
/* -ENOENT: no case is active. Once. */
int question_ask(struct question *question);
/* Has it been answered, or never will be? Woken by questions_answered. */
bool question_done(const struct question *question);
/* Of a question that is done: bytes of the answer from @at on, 0 at its end; -ENOENT: none. */
ssize_t question_read(const struct question *question, size_t at, char *to, size_t length);
/* Whoever waits for it elsewhere has no answer to expect any more. */
void question_drop(struct question *question);
/* For a while longer than its asker might: each hold ends with one question_put(). */
void question_hold(struct question *question);
void question_put(struct question *question);
extern wait_queue_head_t questions_answered;

#endif /* LINUX_MODULE_QUESTIONS_H */
