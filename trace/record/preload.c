/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * preload.c - libtrimm-record.so: writes down a program's calls for memory. Loaded by LD_PRELOAD,
 * as trimm-record sets it; its functions stand before those of the same names that the program
 * would have had, and call them.
 *
 * A call is a store or two into a mapped file of the thread's own; nothing is locked, and shared
 * only a table that is seldom written (last.h). A free is noted before it is made and an allocation
 * after, so that memory which goes from one thread to another is noted in that order.
 *
 * To read the clock costs more than malloc(3) does. While calls come close on each other, it is
 * read for one in eight; the seven after it have its time. Where threads are, times order the
 * calls: then one whose address another thread had last has a time of its own.
 *
 * Why files that are merged by such times have all calls for an address in their true order: no
 * call is given a time later than its own. Of two calls in turn for an address, by two threads, the
 * second is given its own; and that is later than the first's. Two in turn by one thread are in its
 * file's order. A thread that is alone doesn't ask who had an address: its times are of since then.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/single_threaded.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <x86intrin.h>

#include "last.h"
#include "raw.h"

#define EXPORT		  __attribute__((visibility("default")))
#define LIKELY(condition) __builtin_expect(!!(condition), 1)

/* Calls that come closer than this, in ticks, may share a time; and how many do, as words. */
#define CLOSE  512
#define SHARED 8

/* A thread's. */
struct spool {
	uint64_t *next, *end; /* of the buffer; the end leaves room for all that share a time */
	uint64_t last;	      /* the clock, when it was read last */
	unsigned int n;	      /* words that may share its time */
	/* Calls before this do, if among others; if alone. NULL: not so when it was read. */
	uint64_t *shared[2];
	uint64_t number;       /* among the threads; 0, one too many: it shares no times */
	struct raw_head *head; /* NULL: there is no file yet */
	int fd;
	bool busy;     /* in here already: nothing is noted */
	bool hopeless; /* no file could be made */
};
static __thread struct spool mine;

static struct {
	void *(*malloc)(size_t size);
	void (*free)(void *memory);
	void *(*calloc)(size_t n, size_t size);
	void *(*realloc)(void *memory, size_t size);
	void *(*memalign)(size_t alignment, size_t size);
	int (*posix_memalign)(void **memory, size_t alignment, size_t size);
	void *(*aligned_alloc)(size_t alignment, size_t size);
} real;

static bool ready, resolving, by_tsc;
static uint64_t image;
static char folder[256]; /* "": nothing is recorded */
static unsigned int files;
static pthread_key_t at_exit;
static uint64_t last[LAST_WORDS]; /* while there are threads */

/* --- Before the real functions are known: who looks them up may allocate --- */

static _Alignas(16) char early[65536];
static size_t early_used;

static void *early_alloc(size_t alignment, size_t size)
{
	size_t at = (early_used + 16 + alignment - 1) & -alignment;

	if (at + size > sizeof(early))
		return NULL;
	early_used = at + size;
	memcpy(early + at - sizeof(size), &size, sizeof(size));
	return early + at;
}

static bool is_early(const void *memory)
{
	return (const char *)memory >= early && (const char *)memory < early + sizeof(early);
}

static size_t early_size(const void *memory)
{
	size_t size;

	memcpy(&size, (const char *)memory - sizeof(size), sizeof(size));
	return size;
}

/* --- Time --- */

static uint64_t clock_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* Not after others can see what follows. It may be a little before what precedes. */
static inline uint64_t time_early(void)
{
	return by_tsc ? __rdtsc() : clock_ns();
}

/* Nor before all that precedes has been done, what told of the memory included. Costs twice that.
 */
static inline uint64_t time_in_order(void)
{
	unsigned int cpu;

	return by_tsc ? __rdtscp(&cpu) : clock_ns();
}

/* --- The spool; by system calls alone, as the functions are hooked --- */

static void *buffer_of(const struct spool *spool)
{
	return (char *)spool->head + RAW_HEAD;
}

/* The next call is told its time, whenever it comes. */
static void buffer_begin(struct spool *spool)
{
	spool->next = buffer_of(spool);
	spool->end = spool->next + RAW_WORDS - (1 + SHARED + 1);
	spool->last = 0;
	spool->shared[0] = spool->shared[1] = NULL;
}

static void *map(int fd, size_t bytes, uint64_t offset)
{
	long at = syscall(SYS_mmap, NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE,
			  fd, offset);

	return at == -1 ? NULL : (void *)at;
}

static bool file_open(struct spool *spool)
{
	char path[320];
	int pid = (int)syscall(SYS_getpid);
	unsigned int number = __atomic_add_fetch(&files, 1, __ATOMIC_RELAXED);

	spool->number = number <= LAST_THREADS ? number : 0;
	snprintf(path, sizeof(path), "%s/%d.%llx.%u", folder, pid, (unsigned long long)image,
		 number);
	spool->fd = (int)syscall(SYS_openat, AT_FDCWD, path,
				 O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_APPEND, 0600);
	if (spool->fd < 0)
		return false;
	/* A full file system must not be a SIGBUS of the program's. */
	if (syscall(SYS_fallocate, spool->fd, 0, 0, RAW_HEAD + RAW_BUFFER) ||
	    !(spool->head = map(spool->fd, RAW_HEAD + RAW_BUFFER, 0))) {
		syscall(SYS_close, spool->fd);
		return false;
	}
	buffer_begin(spool);
	spool->head->image = image;
	spool->head->pid = (uint32_t)pid;
	__atomic_store_n(&spool->head->magic, RAW_MAGIC, __ATOMIC_RELEASE);
	pthread_setspecific(at_exit, spool);
	return true;
}

/* What finds no room, as the file system is full, is lost; and counted. */
static void append(struct spool *spool)
{
	struct raw_head *head = spool->head;
	const char *at = buffer_of(spool), *end = at + RAW_BUFFER;

	while (at < end) {
		long done = syscall(SYS_write, spool->fd, at, end - at);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			break;
		at += done;
	}
	if (at < end) {
		head->lost += RAW_WORDS;
		syscall(SYS_ftruncate, spool->fd,
			RAW_HEAD + RAW_BUFFER + head->appended / 2 * RAW_BUFFER);
	} else {
		__atomic_store_n(&head->appended, head->appended + 1, __ATOMIC_RELEASE);
	}
	memset(buffer_of(spool), 0, RAW_BUFFER);
	__atomic_store_n(&head->appended, (head->appended + 1) & -2UL, __ATOMIC_RELEASE);
	buffer_begin(spool);
}

static __attribute__((noinline)) bool more(struct spool *spool)
{
	int error = errno;

	if (spool->busy || spool->hopeless || !*folder)
		return false;
	spool->busy = true;
	spool->shared[0] = spool->shared[1] = NULL;
	if (spool->head)
		append(spool);
	else
		spool->hopeless = !file_open(spool);
	spool->busy = false;
	errno = error;
	return !spool->hopeless;
}

static inline void put(struct spool *spool, uint64_t word)
{
	__atomic_store_n(spool->next++, word, __ATOMIC_RELEASE);
}

static inline void put_time(struct spool *spool, uint64_t now)
{
	bool close, alone = __libc_single_threaded;

	/* Read early, after one that was read in order. */
	if (now < spool->last)
		now = spool->last;
	close = now - spool->last < CLOSE * spool->n;
	spool->last = now;
	spool->n = close && spool->number ? SHARED : 1;
	put(spool, now << 4 | RAW_TIME);
	spool->shared[alone] = spool->next + spool->n;
	spool->shared[!alone] = NULL;
}

static inline void put_call(struct spool *spool, enum raw_kind kind, const void *address,
			    size_t bytes)
{
	uint64_t word = (uint64_t)address << 16 | kind;

	if (LIKELY(bytes < RAW_BYTES_MORE)) {
		put(spool, word | bytes << 4);
	} else {
		put(spool, word | RAW_BYTES_MORE << 4);
		put(spool, bytes << 4 | RAW_SIZE);
	}
}

static inline bool room(struct spool *spool)
{
	return LIKELY(spool->next < spool->end) || more(spool);
}

/* What was known at @time to be done. */
static void note_at(uint64_t time, enum raw_kind kind, const void *address, size_t bytes)
{
	struct spool *spool = &mine;

	if (!room(spool))
		return;
	put_time(spool, time);
	put_call(spool, kind, address, bytes);
}

/* With a time of its own. @own: no other thread had the address since this one did. */
static __attribute__((noinline)) void note_timed(enum raw_kind kind, const void *address,
						 size_t bytes, bool own)
{
	struct spool *spool = &mine;
	bool alone = __libc_single_threaded;

	if (room(spool)) {
		put_time(spool, own && spool->shared[alone] ? time_early() : time_in_order());
		put_call(spool, kind, address, bytes);
	}
}

/* A free, before it is made; an allocation, after. What may share a time has room. */
static inline void note(enum raw_kind kind, const void *address, size_t bytes)
{
	struct spool *spool = &mine;
	bool alone = __libc_single_threaded;
	bool own = alone || last_was(last, (uint64_t)address, spool->number);

	if (LIKELY(own && spool->next < spool->shared[alone]))
		put_call(spool, kind, address, bytes);
	else
		note_timed(kind, address, bytes, own);
}

/* A thread ends; what it still does then is noted in another file. */
static void forget(void *arg)
{
	struct spool *spool = arg;

	if (spool->head) {
		syscall(SYS_munmap, spool->head, RAW_HEAD + RAW_BUFFER);
		syscall(SYS_close, spool->fd);
	}
	*spool = (struct spool){.fd = -1};
}

/* The child's memory is a copy: it is another process's, with files of its own. */
static void in_child(void)
{
	forget(&mine);
	image = time_early();
}

/* --- The beginning --- */

static void begin(void)
{
	const char *spool = getenv(RAW_SPOOL), *clock = getenv(RAW_CLOCK);

	if (resolving)
		return;
	resolving = true;
	*(void **)&real.malloc = dlsym(RTLD_NEXT, "malloc");
	*(void **)&real.free = dlsym(RTLD_NEXT, "free");
	*(void **)&real.calloc = dlsym(RTLD_NEXT, "calloc");
	*(void **)&real.realloc = dlsym(RTLD_NEXT, "realloc");
	*(void **)&real.memalign = dlsym(RTLD_NEXT, "memalign");
	*(void **)&real.posix_memalign = dlsym(RTLD_NEXT, "posix_memalign");
	*(void **)&real.aligned_alloc = dlsym(RTLD_NEXT, "aligned_alloc");
	by_tsc = clock && !strcmp(clock, "tsc");
	image = time_early();
	if (spool && strlen(spool) < sizeof(folder) - 64 && !pthread_key_create(&at_exit, forget)) {
		pthread_atfork(NULL, NULL, in_child);
		strcpy(folder, spool);
	}
	ready = true;
	resolving = false;
}

/* False: the real functions are being looked up. */
static inline bool begun(void)
{
	if (!LIKELY(ready))
		begin();
	return LIKELY(ready);
}

/* --- What the program calls --- */

EXPORT void *malloc(size_t size)
{
	void *memory;

	if (!begun())
		return early_alloc(16, size);
	memory = real.malloc(size);
	if (memory)
		note(RAW_MALLOC, memory, size);
	return memory;
}

EXPORT void free(void *memory)
{
	if (!memory || is_early(memory) || !begun())
		return;
	note(RAW_FREE, memory, 0);
	real.free(memory);
}

EXPORT void *calloc(size_t n, size_t size)
{
	size_t bytes;
	void *memory;

	if (!begun())
		return __builtin_mul_overflow(n, size, &bytes) ? NULL : early_alloc(16, bytes);
	memory = real.calloc(n, size);
	if (memory)
		note(RAW_CALLOC, memory, n * size);
	return memory;
}

/* What was allocated before all began moves. */
static void *realloc_early(void *memory, size_t size)
{
	void *moved = malloc(size);
	size_t old = early_size(memory);

	if (moved)
		memcpy(moved, memory, old < size ? old : size);
	return moved;
}

EXPORT void *realloc(void *memory, size_t size)
{
	void *moved;

	if (!memory)
		return malloc(size);
	if (is_early(memory))
		return realloc_early(memory, size);
	if (!begun())
		return NULL;
	note(RAW_FREE, memory, 0);
	moved = real.realloc(memory, size);
	if (moved)
		note(RAW_MALLOC, moved, size);
	else if (size) /* It is still there; how large it was nobody remembers. */
		note(RAW_MALLOC, memory, 1);
	return moved;
}

EXPORT void *reallocarray(void *memory, size_t n, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes)) {
		errno = ENOMEM;
		return NULL;
	}
	return realloc(memory, bytes);
}

EXPORT void *memalign(size_t alignment, size_t size)
{
	void *memory;

	if (!begun())
		return early_alloc(alignment, size);
	memory = real.memalign(alignment, size);
	if (memory)
		note(RAW_MALLOC, memory, size);
	return memory;
}

EXPORT void *aligned_alloc(size_t alignment, size_t size)
{
	void *memory;

	if (!begun())
		return early_alloc(alignment, size);
	memory = real.aligned_alloc(alignment, size);
	if (memory)
		note(RAW_MALLOC, memory, size);
	return memory;
}

EXPORT int posix_memalign(void **memory, size_t alignment, size_t size)
{
	int error;

	if (!begun())
		return ENOMEM;
	error = real.posix_memalign(memory, alignment, size);
	if (!error && *memory)
		note(RAW_MALLOC, *memory, size);
	return error;
}

EXPORT void *valloc(size_t size)
{
	return memalign(4096, size);
}

EXPORT void *pvalloc(size_t size)
{
	return memalign(4096, (size + 4095) & -4096UL);
}

/* Address space that nobody may touch is no memory. */
EXPORT void *mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset)
{
	uint64_t before = begun() ? time_in_order() : 0;
	long at = syscall(SYS_mmap, address, length, protection, flags, fd, offset);

	if (at == -1 || !LIKELY(ready))
		return (void *)at;
	if (flags & MAP_FIXED)
		note_at(before, RAW_UNMAP, (void *)at, length);
	if (flags & MAP_ANONYMOUS && protection != PROT_NONE)
		note_at(time_in_order(), RAW_MAP, (void *)at, length);
	return (void *)at;
}

EXPORT void *mmap64(void *address, size_t length, int protection, int flags, int fd, off64_t offset)
{
	return mmap(address, length, protection, flags, fd, offset);
}

EXPORT int munmap(void *address, size_t length)
{
	if (begun())
		note_at(time_in_order(), RAW_UNMAP, address, length);
	return (int)syscall(SYS_munmap, address, length);
}

EXPORT void *mremap(void *old, size_t length, size_t now, int flags, ...)
{
	uint64_t before = begun() ? time_in_order() : 0;
	void *to = NULL;
	va_list args;
	long at;

	va_start(args, flags);
	if (flags & MREMAP_FIXED)
		to = va_arg(args, void *);
	va_end(args);
	at = syscall(SYS_mremap, old, length, now, flags, to);
	if (at == -1 || !LIKELY(ready))
		return (void *)at;
	note_at(before, RAW_UNMAP, old, length);
	note_at(time_in_order(), RAW_MAP, (void *)at, now);
	return (void *)at;
}
