/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * stream.h - the lines of the case that runs, or of the last one (lines.h). Writing waits for
 * nobody: what finds no room is counted, and fails the case.
 */
#ifndef LINUX_MODULE_STREAM_H
#define LINUX_MODULE_STREAM_H

#include <linux/types.h>
#include <linux/sched.h>
#include <linux/wait.h>

/* At load and unload. 0 or -ENOMEM. */
int stream_init(void);
void stream_exit(void);

/* --- The case's --- */
/* A case begins; the last one's lines are gone. May sleep. */
void stream_begin(void);
/* Memory for @bytes more, and for words between; where there is none, lines are lost. May sleep. */
void stream_make_room(size_t bytes);
/* One line, its newline added. Any context but NMI. Ignored while no case runs. */
void stream_line(char kind, const char *line, size_t length);
/* The case is over: its last line is @code, or 1 where lines were lost and it is 0. Which? */
int stream_end(int code);

/* --- A reader's, who says which case it reads and where it is; 0: none yet --- */
struct stream_place {
	unsigned long number; /* of the case */
	size_t at;
};
/* Is there something to hear: lines, that these were the last, or that they are gone? */
bool stream_news(const struct stream_place *place);
/* Bytes read; 0: none now, or, after the last line, ever. -ESTALE: another case has begun. */
ssize_t stream_read(struct stream_place *place, char *to, size_t length);
extern wait_queue_head_t stream_grew;

#endif /* LINUX_MODULE_STREAM_H */
