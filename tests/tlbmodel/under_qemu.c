/* SPDX-License-Identifier: GPL-2.0-only */
/* under_qemu.c - starting QEMU and reading the plugin's files; see under_qemu.h. */
#include "under_qemu.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "model_text.h"
#include "simulator.h"
#include "trace.h"

char test_folder[PATH_MAX / 2];
struct rows *rows;

static char scratch[] = "/tmp/tlbmodel-XXXXXX";

int under_qemu_set_up(void **state)
{
	(void)state;
	if (readlink("/proc/self/exe", test_folder, sizeof(test_folder) - 1) < 0)
		return -1;
	*strrchr(test_folder, '/') = '\0';
	return mkdtemp(scratch) ? 0 : -1;
}

int under_qemu_clean_up(void **state)
{
	char command[sizeof(scratch) + 16];

	(void)state;
	if (rows)
		munmap(rows, sizeof(*rows));
	snprintf(command, sizeof(command), "rm -r %s", scratch);
	return system(command);
}

char *in_scratch(const char *name)
{
	static char path[8][sizeof(scratch) + 16];
	static unsigned int turn;
	char *at = path[turn++ % 8];

	snprintf(at, sizeof(path[0]), "%s/%s", scratch, name);
	return at;
}

int make_file(const char *name, uint64_t bytes)
{
	FILE *file = fopen(in_scratch(name), "w");

	return !file || ftruncate(fileno(file), (off_t)bytes) || fclose(file);
}

int under_qemu(const char *fmt, ...)
{
	char command[4 * PATH_MAX];
	size_t used;
	va_list args;
	int status;

	used = (size_t)snprintf(command, sizeof(command), "exec >%s 2>&1; exec timeout -k 1 120 ",
				in_scratch("words"));
	va_start(args, fmt);
	vsnprintf(command + used, sizeof(command) - used, fmt, args);
	va_end(args);
	status = system(command);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

char *words(void)
{
	static char text[4096];
	FILE *file = fopen(in_scratch("words"), "r");

	assert_non_null(file);
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	return text;
}

void map_rows(void)
{
	int fd = open(in_scratch("rows"), O_RDONLY);

	if (rows)
		munmap(rows, sizeof(*rows));
	rows = mmap(NULL, sizeof(*rows), PROT_READ, MAP_PRIVATE, fd, 0);
	assert_ptr_not_equal(rows, MAP_FAILED);
	close(fd);
	assert_int_equal(rows->lost, 0);
}

struct traced read_trace(const char *model)
{
	FILE *file = fopen(in_scratch("trace"), "r");
	struct traced traced = {0};
	struct tlb_shape shape;
	uint64_t *events;
	char why[256];
	struct stat st;
	size_t n;

	assert_non_null(file);
	assert_int_equal(fstat(fileno(file), &st), 0);
	n = (size_t)st.st_size / sizeof(*events);
	events = malloc(n * sizeof(*events));
	assert_int_equal(fread(events, sizeof(*events), n, file), n);
	fclose(file);
	for (size_t i = 0; i < n; i++) {
		if ((events[i] & 7) != TRACE_ACCESS)
			continue;
		traced.accesses++;
		traced.of_2m += (events[i] >> 9 & 3) == TLB_2M;
		traced.of_global += events[i] >> 11 & 1;
	}
	assert_int_equal(model_parse(model, &shape, why, sizeof(why)), 0);
	traced.counts = simulate(&shape, events, n);
	free(events);
	return traced;
}
