/* SPDX-License-Identifier: GPL-2.0-only */
/* test_frames.c - names of functions by address: of this program, of libraries, of who has ended.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <search.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "frames.h"

__attribute__((noinline)) int a_global_function(int x);
int a_global_function(int x)
{
	return x * 3 + 1;
}

/* Two names for one: the global one's is told, whatever is first in the alphabet. */
static int a_first_name(int x) __attribute__((alias("a_global_function"), used));

__attribute__((noinline, used)) static int a_static_function(int x)
{
	return x * 5 + getppid();
}

/* A function of one byte, and behind it what is none's. */
__asm__(".pushsection .text\n"
	"\t.type a_short_function, @function\n"
	"a_short_function:\n"
	"\tret\n"
	"\t.size a_short_function, 1\n"
	"\t.skip 15, 0xcc\n"
	"\t.popsection");
extern const char a_short_function[];

static uint64_t at(const void *function)
{
	return (uint64_t)(uintptr_t)function;
}

static void expect(struct frames *frames, uint32_t process, uint64_t address, const char *name)
{
	char text[256];

	frames_name(frames, process, address, text, sizeof(text));
	assert_string_equal(text, name);
}

static void functions_of_ours_and_of_libraries(void **state)
{
	struct frames *frames = frames_open();
	const uint32_t self = (uint32_t)getpid();
	const uint64_t address[] = {at(a_static_function), at(lfind)};

	(void)state;
	frames_saw(frames, self, address, 2);
	expect(frames, self, at(a_static_function), "a_static_function");
	expect(frames, self, at(a_static_function) + 3, "a_static_function");
	expect(frames, self, at(a_global_function), "a_global_function");
	expect(frames, self, at(lfind), "lfind");
	expect(frames, self, at(lfind) + 1, "lfind");
	frames_close(frames);
}

static const char *own_name(void)
{
	static char path[256];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);

	assert_true(n > 0);
	path[n] = '\0';
	return strrchr(path, '/') + 1;
}

/* No code, no file's, and nothing at all. */
static void what_has_no_name(void **state)
{
	struct frames *frames = frames_open();
	const uint32_t self = (uint32_t)getpid();
	const uint64_t address = at(a_static_function);
	static int data;
	char text[80];
	void *code = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char start[80];

	(void)state;
	assert_ptr_not_equal(code, MAP_FAILED);
	frames_saw(frames, self, &address, 1);
	expect(frames, self, 16, "0x10");
	snprintf(text, sizeof(text), "0x%lx", (unsigned long)(uintptr_t)&data);
	expect(frames, self, at(&data), text);
	snprintf(text, sizeof(text), "0x%lx", (unsigned long)(uintptr_t)code);
	expect(frames, self, at(code), text);
	expect(frames, self, at(a_short_function), "a_short_function");
	frames_name(frames, self, at(a_short_function) + 4, text, sizeof(text));
	snprintf(start, sizeof(start), "%.63s+0x", own_name());
	assert_memory_equal(text, start, strlen(start));
	/* Of a process that was never seen. */
	snprintf(text, sizeof(text), "0x%lx", (unsigned long)address);
	expect(frames, self + 1, address, text);
	munmap(code, 4096);
	frames_close(frames);
}

/* This program once more, from its first byte on: the second place is found when it is asked for.
 */
static void what_is_mapped_later(void **state)
{
	struct frames *frames = frames_open();
	const uint32_t self = (uint32_t)getpid();
	uint64_t address = at(a_static_function);
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	struct link_map *map;
	char text[300];
	struct stat status;
	Dl_info info;
	void *copy;

	(void)state;
	frames_saw(frames, self, &address, 1);
	assert_int_equal(fstat(fd, &status), 0);
	copy = mmap(NULL, (size_t)status.st_size, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
	assert_ptr_not_equal(copy, MAP_FAILED);
	assert_true(dladdr1((void *)a_static_function, &info, (void **)&map, RTLD_DL_LINKMAP));
	/* Linkers give code the same place in the file as in memory. */
	address = at(copy) + at(a_static_function) - map->l_addr;
	frames_saw(frames, self, &address, 1);
	expect(frames, self, address, "a_static_function");
	/* Its first bytes are a head: no function's. */
	snprintf(text, sizeof(text), "%.63s+0x4", own_name());
	expect(frames, self, at(copy) + 4, text);
	munmap(copy, (size_t)status.st_size);
	/* What has gone stays known as long as nothing is missing. */
	address = at(a_static_function);
	frames_saw(frames, self, &address, 1);
	expect(frames, self, at(copy) + 4, text);
	frames_close(frames);
	close(fd);
}

static void who_has_ended(void **state)
{
	struct frames *frames = frames_open();
	const uint64_t address = at(a_static_function);
	char text[32];
	pid_t child[2];

	(void)state;
	for (int i = 0; i < 2; i++) {
		child[i] = fork();
		if (!child[i]) {
			pause();
			_exit(0);
		}
	}
	frames_saw(frames, (uint32_t)child[0], &address, 1);
	for (int i = 0; i < 2; i++) {
		kill(child[i], SIGKILL);
		waitpid(child[i], NULL, 0);
	}
	frames_saw(frames, (uint32_t)child[0], &address, 1);
	frames_saw(frames, (uint32_t)child[1], &address, 1);
	expect(frames, (uint32_t)child[0], address, "a_static_function");
	snprintf(text, sizeof(text), "0x%lx", (unsigned long)address);
	expect(frames, (uint32_t)child[1], address, text);
	frames_close(frames);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(functions_of_ours_and_of_libraries),
		cmocka_unit_test(what_has_no_name),
		cmocka_unit_test(what_is_mapped_later),
		cmocka_unit_test(who_has_ended),
	};

	/* A process's files are root's to open (map_files of proc(5)): so are probes. */
	if (geteuid()) {
		puts("1..1\nok 1 names_of_functions # SKIP they are for root");
		return 0;
	}
	return a_first_name(0) + a_static_function(0) < 0
		       ? 1
		       : cmocka_run_group_tests(tests, NULL, NULL);
}
