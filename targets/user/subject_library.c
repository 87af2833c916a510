/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * subject_library.c - other people's allocators, from shared libraries: kmalloc is their
 * malloc(3), pages are their aligned_alloc(3).
 *
 * Each is loaded with RTLD_LOCAL, so that the process keeps its own malloc and several of them
 * run side by side, as arms. A call goes on through a pointer, as a program's does through its
 * procedure linkage table. They use thread-local memory of the kind that must be there before
 * they are loaded: see libraries_make_room().
 */
#include "subject.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "resident.h"
#include "subjects.h"

struct library {
	const char *file, *package;
	const char *(*version)(void *handle);
	void *handle;
	void *(*malloc)(size_t size);
	void (*free)(void *memory);
	void *(*aligned_alloc)(size_t alignment, size_t size);
	size_t (*malloc_usable_size)(void *memory);
	char why[320];
};

/* dlsym() returns an object pointer: POSIX wants it stored through one. */
static bool find(struct library *library, const char *name, void *function)
{
	*(void **)function = dlsym(library->handle, name);
	return *(void **)function;
}

static const char *library_obstacle(struct library *library)
{
	if (library->handle)
		return NULL;
	library->handle = dlopen(library->file, RTLD_NOW | RTLD_LOCAL);
	if (!library->handle) {
		snprintf(library->why, sizeof(library->why), "install package %s (%s)",
			 library->package, dlerror());
		return library->why;
	}
	if (find(library, "malloc", &library->malloc) && find(library, "free", &library->free) &&
	    find(library, "aligned_alloc", &library->aligned_alloc) &&
	    find(library, "malloc_usable_size", &library->malloc_usable_size))
		return NULL;
	snprintf(library->why, sizeof(library->why), "install package %s (%s lacks a call)",
		 library->package, library->file);
	dlclose(library->handle);
	library->handle = NULL;
	return library->why;
}

static const char *version_jemalloc(void *handle)
{
	static char text[64];
	int (*mallctl)(const char *name, void *old, size_t *old_length, void *new, size_t length);
	const char *said = "";
	size_t length = sizeof(said);

	*(void **)&mallctl = dlsym(handle, "mallctl");
	if (mallctl)
		mallctl("version", (void *)&said, &length, NULL, 0);
	snprintf(text, sizeof(text), "jemalloc %s", said);
	return text;
}

static const char *version_mimalloc(void *handle)
{
	static char text[64];
	int (*mi_version)(void);
	int said = 0;

	*(void **)&mi_version = dlsym(handle, "mi_version");
	if (mi_version)
		said = mi_version();
	snprintf(text, sizeof(text), "mimalloc %d", said);
	return text;
}

static const char *version_tcmalloc(void *handle)
{
	static char text[64];
	const char *(*tc_version)(int *major, int *minor, const char **patch);

	*(void **)&tc_version = dlsym(handle, "tc_version");
	snprintf(text, sizeof(text), "%s", tc_version ? tc_version(NULL, NULL, NULL) : "tcmalloc");
	return text;
}

#define LIBRARY(symbol, soname, deb, text)                                                   \
	static struct library library_##symbol = {                                           \
		.file = (soname), .package = (deb), .version = version_##symbol};            \
	static const char *obstacle_##symbol(const struct subject *subject)                  \
	{                                                                                    \
		(void)subject;                                                               \
		return library_obstacle(&library_##symbol);                                  \
	}                                                                                    \
	static const char *name_version_##symbol(void)                                       \
	{                                                                                    \
		return library_##symbol.version(library_##symbol.handle);                    \
	}                                                                                    \
	static void *malloc_##symbol(uintptr_t bytes)                                        \
	{                                                                                    \
		return library_##symbol.malloc(bytes);                                       \
	}                                                                                    \
	static void free_##symbol(void *memory, uintptr_t what)                              \
	{                                                                                    \
		(void)what;                                                                  \
		library_##symbol.free(memory);                                               \
	}                                                                                    \
	static void *pages_##symbol(uintptr_t order)                                         \
	{                                                                                    \
		return library_##symbol.aligned_alloc(TRI_PAGE_SIZE << order,                \
						      TRI_PAGE_SIZE << order);               \
	}                                                                                    \
	static unsigned long usable_##symbol(void *memory, uintptr_t what)                   \
	{                                                                                    \
		(void)what;                                                                  \
		return library_##symbol.malloc_usable_size(memory);                          \
	}                                                                                    \
	static const struct subject_api by_size_##symbol = {                                 \
		.alloc = malloc_##symbol, .free = free_##symbol, .usable = usable_##symbol}; \
	static const struct subject_api by_order_##symbol = {                                \
		.alloc = pages_##symbol, .free = free_##symbol, .usable = usable_##symbol};  \
	const struct subject subject_##symbol = {                                            \
		.name = #symbol,                                                             \
		.about = (text),                                                             \
		.has_memory = true,                                                          \
		.api = {[SUBJECT_KMALLOC] = &by_size_##symbol,                               \
			[SUBJECT_PAGES] = &by_order_##symbol},                               \
		.obstacle = obstacle_##symbol,                                               \
		.version = name_version_##symbol,                                            \
		.held = resident_bytes,                                                      \
	};
#include "libraries.def"
#undef LIBRARY

/* Bytes for thread-local memory of libraries: jemalloc takes some 3 KiB, mimalloc little. */
#define ROOM "glibc.rtld.optional_static_tls=16384"

/* Does a word name one of them? */
static bool is_named(int nr_words, char *const *words)
{
	static const char *const names[] = {
#define LIBRARY(name, file, package, about) "impl=" #name,
#include "libraries.def"
#undef LIBRARY
	};

	for (int i = 0; i < nr_words; i++)
		for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++)
			if (strstr(words[i], names[k]))
				return true;
	return false;
}

void libraries_make_room(int argc, char **argv)
{
	const char *before = getenv("GLIBC_TUNABLES");
	char tunables[1024];

	if (!is_named(argc, argv) || (before && strstr(before, "optional_static_tls")))
		return;
	snprintf(tunables, sizeof(tunables), "%s%s" ROOM, before ? before : "", before ? ":" : "");
	setenv("GLIBC_TUNABLES", tunables, 1);
	/* If it fails, loading says what is missing. */
	execv("/proc/self/exe", argv);
}
