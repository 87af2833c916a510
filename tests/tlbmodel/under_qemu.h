/* SPDX-License-Identifier: GPL-2.0-only */
/* under_qemu.h - for tests that run QEMU with the plugin: where its files are, what it wrote. */
#ifndef TESTS_UNDER_QEMU_H
#define TESTS_UNDER_QEMU_H

#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "model.h"
#include "rows.h"

extern char test_folder[]; /* this program's; the plugin lies two above */
extern struct rows *rows;  /* of the last map_rows() */

/* A folder for the files "rows", "trace" and "words", and what make_file() makes. */
int under_qemu_set_up(void **state);
int under_qemu_clean_up(void **state);
/* A path in it; of the last eight asked for. */
char *in_scratch(const char *name);
/* Of @bytes zeros; 0 if it was made. */
int make_file(const char *name, uint64_t bytes);

/* Run a shell command of at most two minutes: its exit code. What it says is in words(). */
int under_qemu(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
char *words(void);
/* What the plugin wrote; none of it lost. */
void map_rows(void);

struct traced {
	struct tlb_counts counts; /* what simulate() makes of the events for @model */
	uint64_t accesses;
	uint64_t of_2m, of_global; /* some of them */
};
struct traced read_trace(const char *model);

#endif /* TESTS_UNDER_QEMU_H */
