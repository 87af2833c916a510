/* SPDX-License-Identifier: GPL-2.0-only */
/* model_platform.c - the model of a machine; see model_platform.h. */
#include <linux/membarrier.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "model_platform.h"

struct model model;
char *plat_arena;
__thread unsigned int plat_slot;
__thread struct tri_core *plat_current_core;
__thread unsigned int plat_pin_depth;

/* A fault loads up to so many pages: a large area costs few faults. */
#define MODEL_AROUND 512UL

static size_t arena_bytes;
static int arena_fd = -1;
static struct sigaction fault_before; /* whoever handled faults before us */

/* Relaxed throughout: the model must not order what mmcore forgot to order. */
#define load(at)	 __atomic_load_n(at, __ATOMIC_RELAXED)
#define store(at, value) __atomic_store_n(at, value, __ATOMIC_RELAXED)
#define add(at, n)	 __atomic_add_fetch(at, n, __ATOMIC_RELAXED)

static void broken(const char *rule, uintptr_t addr)
{
	add(&model.faults, 1);
	fprintf(stderr, "model: %s at %lx\n", rule, addr);
}

unsigned int plat_caps(void)
{
	return 0;
}

static void store_one(uintptr_t addr, uint64_t entry)
{
	struct model_page *page = &model.page[(addr - model.window_start) / TRI_PAGE_SIZE];

	if (entry && load(&page->stale))
		broken("stale translation reused", addr);
	if (!entry == !load(&page->real))
		broken("mapped twice or cleared twice", addr);
	if (!entry)
		store(&page->stale, add(&model.clock, 1));
	store(&page->real, entry);
}

int plat_entries_stored(uintptr_t va, unsigned int level, unsigned long n, const uint64_t *entries)
{
	unsigned long each = level == 2 ? HUGE_PAGES : 1;
	bool mapping = entries[0];

	if (plat_pin_depth && !tri_nowait(plat_core()))
		broken("entries told while pinned", va);
	if (va < model.window_start || n > 512 || va % (each * TRI_PAGE_SIZE) ||
	    va + n * each * TRI_PAGE_SIZE > model.window_start + model.pages * TRI_PAGE_SIZE)
		broken("entries outside the window", va);
	if (mapping && model.fail_store && !--model.fail_store)
		return -ENOMEM;
	add(&model.stores, 1);
	for (unsigned long i = 0; i < n * each; i++) {
		uint64_t entry = load(&entries[i / each]);

		if (entry && pagetable_huge(entry) != (level == 2))
			broken("an entry of another level", va);
		if (entry && level == 2)
			entry = pagetable_leaf(pagetable_pfn(entry) + i % each);
		store_one(va + i * TRI_PAGE_SIZE, entry);
	}
	return 0;
}

static void *page_at(unsigned long page)
{
	return (void *)(model.window_start + page * TRI_PAGE_SIZE);
}

/*
 * The system call itself: TSan takes mmap() for a write to the pages, but it is a CPU's affair
 * when it loads a translation or drops it, and no access of the program's.
 */
static bool map_pages(unsigned long page, unsigned long pages, int protection, int flags, int fd,
		      unsigned long pfn)
{
	return syscall(SYS_mmap, page_at(page), pages * TRI_PAGE_SIZE, protection,
		       flags | MAP_FIXED, fd, pfn * TRI_PAGE_SIZE) != -1;
}

/* Address space and nothing else. */
static bool reserve(unsigned long page, unsigned long pages)
{
	return map_pages(page, pages, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1,
			 0);
}

/* How many pages from @page on lie in frames one behind the other, none loaded yet. */
static unsigned long run_length(unsigned long page, uint64_t entry)
{
	unsigned long n = 1;

	while (n < MODEL_AROUND && page + n < model.pages && !load(&model.page[page + n].loaded) &&
	       load(&model.page[page + n].real) == entry + n * TRI_PAGE_SIZE)
		n++;
	return n;
}

/* A touch of the window: load the translation in force, if there is one, and its neighbours. */
static void on_fault(int signal, siginfo_t *info, void *context)
{
	unsigned long page = ((uintptr_t)info->si_addr - model.window_start) / TRI_PAGE_SIZE;
	uint64_t entry = 0;

	(void)signal, (void)context;
	if ((uintptr_t)info->si_addr >= model.window_start && page < model.pages)
		entry = load(&model.page[page].real);
	if (entry) {
		unsigned long n = run_length(page, entry);

		if (map_pages(page, n, PROT_READ | PROT_WRITE, MAP_SHARED, arena_fd,
			      pagetable_pfn(entry))) {
			while (n--)
				store(&model.page[page + n].loaded, true);
			return;
		}
	}
	/* Not ours: it happens again, and the one before us sees it. */
	sigaction(SIGSEGV, &fault_before, NULL);
}

static void drop(unsigned long page, unsigned long pages)
{
	if (!reserve(page, pages))
		broken("no mapping left", (uintptr_t)page_at(page));
}

/* What went stale before @now can't be used any more. */
static void flush_pages(unsigned long first, unsigned long end, uint64_t now)
{
	unsigned long run_start = 0, run = 0; /* loaded and stale: dropped by one call */

	for (unsigned long i = first; i < end; i++) {
		uint64_t since = load(&model.page[i].stale);

		if (!since || since >= now)
			continue;
		if (load(&model.page[i].loaded)) {
			store(&model.page[i].loaded, false);
			if (run && i != run_start + run) {
				drop(run_start, run);
				run = 0;
			}
			if (!run++)
				run_start = i;
		}
		__atomic_compare_exchange_n(&model.page[i].stale, &since, 0, false,
					    __ATOMIC_RELAXED, __ATOMIC_RELAXED);
	}
	if (run)
		drop(run_start, run);
}

static unsigned int flush(uintptr_t start, uintptr_t end)
{
	uint64_t now = add(&model.clock, 1);

	if (plat_pin_depth)
		broken("flush while pinned", start);
	if (start < model.window_start || end <= start)
		broken("flush of a bad range", start);
	if (model.on_flush)
		model.on_flush();
	flush_pages((start - model.window_start) / TRI_PAGE_SIZE,
		    (end - model.window_start) / TRI_PAGE_SIZE, now);
	return model.interrupts;
}

unsigned int plat_tlb_flush_range(uintptr_t start, uintptr_t end)
{
	add(&model.range_flushes, 1);
	add(&model.flushed_pages, (end - start) / TRI_PAGE_SIZE);
	return flush(start, end);
}

unsigned int plat_tlb_flush_all(uintptr_t window_of)
{
	if (window_of < model.window_start)
		broken("full flush outside the window", window_of);
	add(&model.full_flushes, 1);
	return flush(model.window_start, model.window_start + model.pages * TRI_PAGE_SIZE);
}

void plat_spin_wait(unsigned long spins)
{
	if (spins % 64 == 63)
		sched_yield();
}

void plat_fence_cpus(void)
{
	syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0);
	if (syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0))
		broken("no membarrier", 0);
}

static pthread_mutex_t *host_mutex(plat_mutex_t *mutex)
{
	_Static_assert(sizeof(pthread_mutex_t) <= sizeof(plat_mutex_t), "room for a mutex");
	return (pthread_mutex_t *)mutex;
}

void plat_mutex_init(plat_mutex_t *mutex)
{
	pthread_mutex_init(host_mutex(mutex), NULL);
}

void plat_mutex_lock(plat_mutex_t *mutex)
{
	plat_might_sleep();
	pthread_mutex_lock(host_mutex(mutex));
}

bool plat_mutex_trylock(plat_mutex_t *mutex)
{
	return !pthread_mutex_trylock(host_mutex(mutex));
}

void plat_mutex_unlock(plat_mutex_t *mutex)
{
	pthread_mutex_unlock(host_mutex(mutex));
}

void plat_mutex_destroy(plat_mutex_t *mutex)
{
	pthread_mutex_destroy(host_mutex(mutex));
}

void plat_log(const char *fmt, ...)
{
	static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;
	va_list args;

	pthread_mutex_lock(&one_at_a_time);
	va_start(args, fmt);
	vsnprintf(model.last_log, sizeof(model.last_log), fmt, args);
	va_end(args);
	if (strlen(model.log) + strlen(model.last_log) + 2 <= sizeof(model.log))
		strcat(strcat(model.log, model.last_log), "\n");
	if (!model.quiet)
		fprintf(stderr, "%s\n", model.last_log);
	pthread_mutex_unlock(&one_at_a_time);
}

void plat_die(const char *file, int line, const char *why)
{
	if (model.panic_expected)
		longjmp(model.panic, 1);
	fprintf(stderr, "%s:%d: %s\n", file, line, why);
	abort();
}

void model_config(struct tri_config *config, unsigned int cpus, unsigned long frames,
		  unsigned long window_bytes)
{
	const char *pages = getenv("TRI_PAGES");
	static struct tri_run run;

	run = (struct tri_run){.first = 1024, .count = frames};
	memset(config, 0, sizeof(*config));
	tri_config_default(config);
	if (pages)
		assert_int_equal(tri_config_set(config, "pages", pages), 0);
	config->cpus = cpus;
	/* Below a page: tests count frames down to the last one. */
	config->tunable[TRI_TUNABLE_min_free_kbytes] = 1;
	config->window_start = MODEL_WINDOW;
	config->window_end = MODEL_WINDOW + window_bytes;
	config->runs = &run;
	config->nr_runs = 1;
}

/*
 * Zeroed memory of which only what is touched costs, with pages behind it that nobody may
 * touch: a core that needs more than it asked for dies.
 */
static size_t metadata_bytes;
static struct tri_core *metadata_get(size_t size)
{
	char *at = mmap(NULL, size + TRI_PAGE_SIZE, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	assert_true(at != MAP_FAILED);
	assert_int_equal(mprotect(at + size, TRI_PAGE_SIZE, PROT_NONE), 0);
	metadata_bytes = size + TRI_PAGE_SIZE;
	return (struct tri_core *)at;
}

struct tri_core *model_start(const struct tri_config *config)
{
	const struct tri_run *last = &config->runs[config->nr_runs - 1];
	const struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO};
	size_t size = tri_core_size(config);
	struct tri_core *core;

	memset(&model, 0, sizeof(model));
	model.window_start = config->window_start;
	model.pages = (config->window_end - config->window_start) / TRI_PAGE_SIZE;
	model.page = calloc(model.pages, sizeof(*model.page));
	arena_bytes = (last->first + last->count) * TRI_PAGE_SIZE;
	arena_fd = memfd_create("model", MFD_CLOEXEC);
	assert_int_equal(ftruncate(arena_fd, (off_t)arena_bytes), 0);
	plat_arena = mmap(NULL, arena_bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE,
			  arena_fd, 0);
	assert_true(plat_arena != MAP_FAILED && model.page && size && reserve(0, model.pages));
	assert_int_equal(sigaction(SIGSEGV, &action, &fault_before), 0);
	core = metadata_get(size);
	plat_slot = 0;
	plat_pin_depth = 0;
	plat_set_core(core);
	assert_int_equal(tri_core_init(core, config), 0);
	return core;
}

void model_abandon(struct tri_core *core)
{
	plat_set_core(NULL);
	sigaction(SIGSEGV, &fault_before, NULL);
	munmap(page_at(0), model.pages * TRI_PAGE_SIZE);
	munmap(plat_arena, arena_bytes);
	close(arena_fd);
	free(model.page);
	munmap(core, metadata_bytes);
}

void model_stop(struct tri_core *core)
{
	assert_sound(core);
	assert_int_equal(tri_core_exit(core), 0);
	assert_int_equal(model.faults, 0);
	assert_int_equal(plat_pin_depth, 0);
	for (unsigned long i = 0; i < model.pages; i++)
		assert_true(!model.page[i].real && !model.page[i].stale && !model.page[i].loaded);
	model_abandon(core);
}

unsigned long model_event(const struct tri_core *core, enum tri_event event)
{
	unsigned long count[TRI_EVENT_COUNT];

	tri_events_read(core, count);
	return count[event];
}

static void assert_open(const void *at, unsigned long bytes)
{
	const char *why = NULL;
	const void *fault = tri_shadow_fault(plat_core(), at, bytes, &why);

	if (fault)
		fail_msg("%p, byte %lu of %lu: %s", fault,
			 (unsigned long)((const char *)fault - (const char *)at), bytes, why);
}

bool shadow_open(const void *at, unsigned long bytes)
{
	const char *why;

	return !tri_shadow_fault(plat_core(), at, bytes, &why);
}

uint8_t shadowed_read8(const void *at)
{
	assert_open(at, 1);
	return *(const uint8_t *)at;
}

void shadowed_write8(void *at, uint8_t byte)
{
	assert_open(at, 1);
	*(uint8_t *)at = byte;
}

void shadowed_fill(void *at, uint8_t byte, unsigned long bytes)
{
	assert_open(at, bytes);
	memset(at, byte, bytes);
}

uint64_t test_seed(void)
{
	const char *text = getenv("TRI_SEED");
	uint64_t seed = text ? strtoull(text, NULL, 0) : 0x9e3779b97f4a7c15;

	printf("seed: TRI_SEED=%#lx\n", seed);
	return seed ? seed : 1;
}

uint64_t test_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state >> 11;
}
