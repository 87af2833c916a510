/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * stream.h - long streams of random operations, each against a model of what must come out.
 *
 * A stream takes every decision from its source (source.h). The first ones choose a machine:
 * an answer to each policy question, tunables (half of them small, so that slow paths are
 * taken), CPUs, frames and a window. Then come operations, until the source has no more. What
 * the model does not expect ends the process, after a line that says where and when.
 *
 * A stream runs in one thread and changes CPU between operations; what happens when CPUs meet
 * is the _threads tests'.
 */
#ifndef TESTS_STREAM_H
#define TESTS_STREAM_H

#include "tests/mmcore/model_platform.h"
#include "tests/stream/contents.h"
#include "tests/stream/source.h"

struct stream_info {
	const char *name, *questions, *about;
	void (*run)(struct source *source, struct tri_core *core);
};

enum stream {
#define STREAM(name, questions, about) STREAM_##name,
#include "tests/stream/streams.def"
	STREAM_COUNT
};
extern const struct stream_info stream_info[STREAM_COUNT];

#define STREAM(name, questions, about) \
	void stream_##name(struct source *source, struct tri_core *core);
#include "tests/stream/streams.def"

/* Does it exercise the answers to @question? */
bool stream_asks(enum stream which, enum tri_question question);

/* From the choice of a machine to its end. @fixed: an answer that is not the source's. */
#define STREAM_FREE TRI_POLICY_COUNT
void stream_run(enum stream which, struct source *source, enum tri_policy_value fixed);

/* --- For the streams --- */

/* What any stream may do between two operations: change CPU, check, let something fail. */
void stream_between(struct source *source, struct tri_core *core);
/* What it runs on. */
const struct tri_config *stream_machine(void);
/* May allocations fail because they were told to? */
bool stream_failing(void);
void stream_fail_nothing(struct tri_core *core);

/* One thing allocated. */
struct object {
	char *at;
	unsigned long size; /* bytes that are the user's */
	uint32_t id;	    /* of its pattern */
	uint32_t tag;	    /* the stream's own */
};

/* A set of them, in no order. */
struct objects {
	struct object *object;
	unsigned int count, limit;
	unsigned long bytes;
};
void objects_init(struct objects *set, unsigned int limit);
void objects_exit(struct objects *set);
/* Fills it with its pattern; what overlaps another one is found at once or later. */
struct object *objects_add(struct objects *set, void *at, unsigned long size, uint32_t tag);
/* Any one of them, or NULL. Its pattern must be whole. */
struct object *objects_pick(struct objects *set, struct source *source);
/* The last one takes its place. */
void objects_remove(struct objects *set, struct object *object);
/* @object has moved or has another size now, its pattern kept up to the smaller one. */
void objects_resize(struct objects *set, struct object *object, void *at, unsigned long size);

#define expect(condition)                                                \
	do {                                                             \
		if (!(condition))                                        \
			stream_diverged(__FILE__, __LINE__, #condition); \
	} while (0)
void stream_diverged(const char *file, int line, const char *condition) __attribute__((noreturn));

#endif /* TESTS_STREAM_H */
