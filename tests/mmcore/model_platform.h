/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * model_platform.h - platform.h as a model of a machine, for tests of mmcore alone.
 *
 * The model remembers for each page of the window which translation is real, and whether
 * an old one may still be used by some CPU: it is stale from the clearing of its entry
 * until a flush that started later. Mapping over a stale translation is the one thing a
 * flush policy must never let happen; model_stop() fails the test if it did.
 *
 * Window addresses can be read and written. The first touch of a page loads its translation,
 * by a fault, as a TLB miss would; it is then used until a flush, cleared or not. A touch of
 * an address that has no translation kills the test.
 */
#ifndef TESTS_MODEL_PLATFORM_H
#define TESTS_MODEL_PLATFORM_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core.h"

struct model_page {
	uint64_t real;	/* the entry in force, 0: none; a part of 2 MiB has one of its own */
	uint64_t stale; /* when the last one was cleared, if no flush came since */
	bool loaded;	/* touched since: mapped in this process */
};

struct model {
	struct model_page *page;
	unsigned long pages;
	uintptr_t window_start;
	uint64_t clock;	      /* one tick per clearing and per flush */
	unsigned long faults; /* rules of the platform contract that were broken */
	unsigned long range_flushes, full_flushes, flushed_pages, stores;
	unsigned int interrupts;  /* what a flush answers */
	unsigned long fail_store; /* the n-th store from now on fails; 0: none does */
	void (*on_flush)(void);	  /* called in the midst of a flush, unless NULL */
	bool quiet;		  /* keep log lines to ourselves */
	char last_log[256];
	char log[4096]; /* all lines since the start, as far as there is room */
	bool panic_expected;
	jmp_buf panic;
};
extern struct model model;

/* Where nothing else is in a process, and every sanitizer lets the program have memory. */
#define MODEL_WINDOW 0x7e9000000000UL

/*
 * Defaults but no watermarks, @cpus CPUs, one run of @frames, a window of @window_bytes; and
 * pages= as TRI_PAGES in the environment says.
 */
void model_config(struct tri_config *config, unsigned int cpus, unsigned long frames,
		  unsigned long window_bytes);
/* A machine and its core, set as this thread's; no test of ours runs two at a time. */
struct tri_core *model_start(const struct tri_config *config);
/* End it: no rule was broken, no frame is left in use; or the test fails. */
void model_stop(struct tri_core *core);
/* For a core that was damaged on purpose, or whose call panicked half-way. */
void model_abandon(struct tri_core *core);

unsigned long model_event(const struct tri_core *core, enum tri_event event);

/* tri_check() finds nothing. */
#define assert_sound(core) assert_int_equal(tri_check(core), 0)

#define assert_panics(call)                                \
	do {                                               \
		model.panic_expected = true;               \
		model.quiet = true;                        \
		if (!setjmp(model.panic)) {                \
			call;                              \
			fail_msg("did not panic: " #call); \
		}                                          \
		model.panic_expected = false;              \
		model.quiet = false;                       \
	} while (0)

/*
 * Read, write, fill user memory, of the window or of frames; what the shadow (shadow.h) says
 * is no user's fails the test.
 */
uint8_t shadowed_read8(const void *at);
void shadowed_write8(void *at, uint8_t byte);
void shadowed_fill(void *at, uint8_t byte, unsigned long bytes);
/* True if the shadow allows all of it. */
bool shadow_open(const void *at, unsigned long bytes);

/* Xorshift; the seed is printed, and can be set by TRI_SEED. */
uint64_t test_seed(void);
uint64_t test_random(uint64_t *state);
static inline unsigned long test_below(uint64_t *state, unsigned long limit)
{
	return test_random(state) % limit;
}

#endif /* TESTS_MODEL_PLATFORM_H */
