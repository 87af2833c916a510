/* SPDX-License-Identifier: GPL-2.0-only */
/* test_user_core.c - whole cores on the user target: they work, fail with reason, and go. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <cmocka.h>

#include "targets/user/fault.h"
#include "targets/user/workers.h"
#include "core_calls.h"
#include "host.h"
#include "user_child.h"
#include "user_maps.h"

static void set(const char *name, const char *value)
{
	assert_int_equal(host_param_set(name, value), 0);
}

static int defaults(void **state)
{
	(void)state;
	set("host", "linear");
	set("memory", "32M");
	set("window", "64M");
	set("dma", "0");
	set("dma32", "0");
	return 0;
}

static struct tri_core *create(const char *flush)
{
	static struct tri_config config;
	struct tri_core *core;

	tri_config_default(&config);
	config.cpus = workers_cpus();
	if (tri_config_set(&config, "flush", flush))
		return NULL;
	core = host_core_create(&core_calls_mmcore, &config);
	plat_set_core(core);
	return core;
}

static void fill(char *at, size_t pages, int byte)
{
	memset(at, byte, pages * TRI_PAGE_SIZE);
}

static void areas_hold_their_bytes(const char *host, const char *flush)
{
	struct tri_core *core;
	char *areas[64];

	set("host", host);
	core = create(flush);
	assert_non_null(core);
	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < 64; i++) {
			areas[i] = tri_vmalloc((i + 1) * TRI_PAGE_SIZE);
			assert_non_null(areas[i]);
			fill(areas[i], i + 1, (int)i);
		}
		for (size_t i = 0; i < 64; i++) {
			assert_int_equal(areas[i][0], (int)i);
			assert_int_equal(areas[i][(i + 1) * TRI_PAGE_SIZE - 1], (int)i);
			tri_vfree(areas[i]);
		}
		tri_vmalloc_purge();
	}
	assert_int_equal(tri_check(core), 0);
	assert_int_equal(host_core_destroy(core), 0);
}

static void every_mapping_and_policy_works(void **state)
{
	(void)state;
	areas_hold_their_bytes("linear", "lazy");
	areas_hold_their_bytes("linear", "eager");
	areas_hold_their_bytes("exact", "lazy");
	areas_hold_their_bytes("exact", "eager");
}

static void use(void *at)
{
	fault_catch();
	*(volatile char *)at = 1;
}

static void exact_catches_use_after_flush(void **state)
{
	struct tri_core *core;
	struct child child;
	char *area;

	(void)state;
	set("host", "exact");
	core = create("lazy");
	area = tri_vmalloc(600 * TRI_PAGE_SIZE);
	child_run(&child, use, area + 600 * TRI_PAGE_SIZE);
	child_assert(&child, 1, "is in the guard page behind");
	tri_vfree(area);
	child_run(&child, use, area + 555 * TRI_PAGE_SIZE);
	assert_int_equal(child.exit_code, 0);
	tri_vmalloc_purge();
	child_run(&child, use, area + 555 * TRI_PAGE_SIZE);
	child_assert(&child, 1, " is 2273280 bytes into the freed area");
	child_assert(&child, 1, "600 pages");
	assert_int_equal(host_core_destroy(core), 0);
}

static void assert_all(const char *at, size_t bytes, int byte)
{
	for (size_t i = 0; i < bytes; i++)
		assert_int_equal(at[i], byte);
}

/* Zeroed, resized, of 2 MiB entries: what was written before shows on neither host. */
static void family_holds_its_bytes(const char *host)
{
	const size_t huge = (4UL << 20) + 3 * TRI_PAGE_SIZE;
	struct tri_core *core;
	struct child child;
	char *area;

	set("host", host);
	core = create("lazy");
	area = tri_vmalloc_huge(huge, 0);
	memset(area, 1, huge);
	tri_vfree(area);
	tri_vmalloc_purge();
	area = tri_vmalloc_huge(huge, TRI_GFP_ZERO);
	assert_all(area, huge, 0);
	memset(area, 2, huge);
	assert_ptr_equal(tri_vrealloc(area, 5, 0), area);
	tri_vmalloc_purge();
	area = tri_vrealloc(area, huge, TRI_GFP_ZERO);
	assert_all(area, 5, 2);
	assert_all(area + 5, huge - 5, 0);
	if (!strcmp(host, "exact")) {
		unsigned long pfn = tri_vmalloc_to_pfn(area + 3 * TRI_PAGE_SIZE);
		char *alias = tri_vmap(&pfn, 1), *ram = tri_vm_map_ram(&pfn, 1);

		area[3 * TRI_PAGE_SIZE] = 77;
		assert_int_equal(alias[0], 77);
		assert_int_equal(ram[0], 77);
		tri_vm_unmap_ram(ram, 1);
		tri_vm_unmap_aliases();
		child_run(&child, use, ram);
		child_assert(&child, 1, "use after flush");
		tri_vunmap(alias);
	}
	assert_int_equal(tri_check(core), 0);
	tri_vfree(area);
	tri_vmalloc_purge();
	if (!strcmp(host, "exact")) {
		child_run(&child, use, area + (1UL << 20));
		child_assert(&child, 1, "use after flush");
	}
	assert_int_equal(host_core_destroy(core), 0);
}

static void the_vmalloc_family_works(void **state)
{
	(void)state;
	family_holds_its_bytes("linear");
	family_holds_its_bytes("exact");
}

struct churn {
	struct tri_core *core;
	unsigned int failed[TRI_MAX_CPUS];
};

static void churn_work(void *arg, unsigned int slot)
{
	struct churn *churn = arg;
	char *kept[8] = {NULL};

	plat_set_core(churn->core);
	for (size_t i = 0; i < 2000; i++) {
		char **place = &kept[i * 7 % 8];
		size_t pages = 1 + i * 13 % 9;

		if (*place && **place != (char)slot)
			churn->failed[slot]++;
		tri_vfree(*place);
		*place = tri_vmalloc(pages * TRI_PAGE_SIZE);
		if (*place)
			fill(*place, pages, (int)slot);
		else
			churn->failed[slot]++;
	}
	for (size_t i = 0; i < 8; i++)
		tri_vfree(kept[i]);
}

static void workers_share_a_core(const char *host)
{
	struct churn churn = {.failed = {0}};

	set("host", host);
	churn.core = create("eager");
	assert_int_equal(host_run(workers_cpus(), churn_work, &churn), 0);
	for (unsigned int i = 0; i < workers_cpus(); i++)
		assert_int_equal(churn.failed[i], 0);
	assert_int_equal(tri_check(churn.core), 0);
	assert_int_equal(host_core_destroy(churn.core), 0);
}

static void workers_share_either_window(void **state)
{
	(void)state;
	workers_share_a_core("linear");
	workers_share_a_core("exact");
}

static void sixteen_cores_fit_at_once(void **state)
{
	struct tri_core *cores[16];

	(void)state;
	for (size_t i = 0; i < 16; i++) {
		set("host", i % 2 ? "exact" : "linear");
		cores[i] = create("lazy");
		assert_non_null(cores[i]);
		fill(tri_vmalloc(TRI_PAGE_SIZE), 1, (int)i);
	}
	for (size_t i = 0; i < 16; i++)
		assert_int_equal(host_core_destroy(cores[i]), 1);
	assert_null(plat_arena);
}

static size_t mappings(void)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	/* Their runtime keeps mappings as it likes. */
	return 0;
#else
	return maps_count(0, UINTPTR_MAX);
#endif
}

/* In a child: no core may come of it, and no mapping may stay. */
static void create_in_vain(void *flush)
{
	size_t before = mappings(), after;

	if (create(flush))
		host_error("a core, in spite of all");
	after = mappings();
	if (after != before)
		host_error("%lu mappings before, %lu after", before, after);
}

static void assert_no_core(void (*limit)(void *flush), const char *why)
{
	struct child child;

	child_run(&child, limit, "lazy");
	child_assert(&child, 0, why);
}

static void with_little_space(void *flush)
{
	const struct rlimit limit = {.rlim_cur = 1UL << 30, .rlim_max = 1UL << 30};

	setrlimit(RLIMIT_AS, &limit);
	create_in_vain(flush);
}

static void with_few_mappings(void *flush)
{
	char *hog;

	maps_exhaust(&hog, 40000);
	create_in_vain(flush);
}

/* Room for the arena and the window, but not for the spare mappings. */
static void with_some_mappings(void *flush)
{
	char *hog;

	maps_exhaust(&hog, 40000);
	munmap(hog, 16 * TRI_PAGE_SIZE);
	create_in_vain(flush);
}

static void limits_are_named(void **state)
{
	(void)state;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	/* They need address space and mappings of their own. */
	skip();
#endif
	set("memory", "128M");
	assert_no_core(with_little_space, "raise ulimit -v or lower memory=");
	set("memory", "32M");
	set("window", "2G");
	assert_no_core(with_little_space, "raise ulimit -v or lower window=");
	set("window", "64M");
	assert_no_core(with_few_mappings, "raise sysctl vm.max_map_count");
	set("host", "exact");
	assert_no_core(with_some_mappings, "raise sysctl vm.max_map_count");
}

static void too_much_memory_is_named(void **state)
{
	(void)state;
	set("memory", "1T");
	assert_no_core(create_in_vain, "lower memory=");
}

static void too_little_memory_is_named(void **state)
{
	struct child child;

	(void)state;
#ifdef __SANITIZE_THREAD__
	/* It leaves no room for such a window. */
	skip();
#endif
	set("memory", "4M");
	set("window", "1T");
	/* mmcore tells of its tables first. */
	child_run(&child, create_in_vain, "lazy");
	assert_int_equal(child.exit_code, 0);
	assert_non_null(strstr(child.stderr_text, "is too little for window=1T; raise memory="));
	assert_null(strstr(child.stderr_text, "mappings before"));
}

static char shown[8192];

static void keep(void *arg, const char *piece, size_t length)
{
	size_t *at = arg;

	assert_true(*at + length < sizeof(shown));
	memcpy(shown + *at, piece, length);
	shown[ *at += length] = 0;
}

/* What /proc/zoneinfo has as "managed" of the zones, from the lowest. */
static void assert_zones(struct tri_core *core, unsigned long dma, unsigned long dma32,
			 unsigned long normal)
{
	const unsigned long expected[] = {dma, dma32, normal};
	const char *at = shown;
	size_t length = 0;

	tri_show(core, TRI_SHOW_zoneinfo, keep, &length);
	for (int zone = 0; zone < 3; zone++) {
		at = strstr(at, "managed");
		assert_non_null(at);
		at += strlen("managed");
		assert_int_equal(strtoul(at, NULL, 10), expected[zone]);
	}
}

/* Frames that DMA requests get, up to @n. */
static unsigned long dma_frames(unsigned long n, unsigned long *lowest, unsigned long *highest)
{
	static unsigned long pfn[2048];
	unsigned long got;

	memset(pfn, 0xff, sizeof(pfn));
	got = tri_alloc_pages_bulk(TRI_GFP_DMA | TRI_GFP_NOWARN, n, pfn);
	for (unsigned long i = 0; i < got; i++) {
		*lowest = pfn[i] < *lowest ? pfn[i] : *lowest;
		*highest = pfn[i] > *highest ? pfn[i] : *highest;
	}
	tri_free_pages_bulk(got, pfn);
	return got;
}

/* Frames of the second core do not begin where those of the first do. */
static void zones_are_of_the_sizes_asked_for(void **state)
{
	struct tri_core *cores[2];

	(void)state;
	set("dma", "8M");
	set("dma32", "4M");
	for (int i = 0; i < 2; i++) {
		cores[i] = create("lazy");
		assert_non_null(cores[i]);
		assert_zones(cores[i], 2048, 1024, 5120);
	}
	for (int i = 0; i < 2; i++) {
		unsigned long lowest = ~0UL, highest = 0;

		plat_set_core(cores[i]);
		assert_in_range(dma_frames(2048, &lowest, &highest), 1500, 2048);
		assert_true(highest - lowest < 2048);
		assert_int_equal(host_core_destroy(cores[i]), 0);
	}
}

static void either_zone_may_be_missing(void **state)
{
	static const struct {
		const char *dma, *dma32;
		unsigned long managed[3];
	} cases[] = {
		{"0", "0", {0, 0, 8192}},     {"8M", "0", {2048, 0, 6144}},
		{"0", "8M", {0, 2048, 6144}}, {"8M", "1G", {2048, 6144, 0}},
		{"32M", "0", {8192, 0, 0}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const unsigned long *managed = cases[i].managed;
		struct tri_core *core;

		set("dma", cases[i].dma);
		set("dma32", cases[i].dma32);
		core = create("lazy");
		assert_non_null(core);
		assert_zones(core, managed[0], managed[1], managed[2]);
		assert_int_equal(host_core_destroy(core), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(every_mapping_and_policy_works, defaults),
		cmocka_unit_test_setup(exact_catches_use_after_flush, defaults),
		cmocka_unit_test_setup(the_vmalloc_family_works, defaults),
		cmocka_unit_test_setup(workers_share_either_window, defaults),
		cmocka_unit_test_setup(sixteen_cores_fit_at_once, defaults),
		cmocka_unit_test_setup(zones_are_of_the_sizes_asked_for, defaults),
		cmocka_unit_test_setup(either_zone_may_be_missing, defaults),
		cmocka_unit_test_setup(limits_are_named, defaults),
		cmocka_unit_test_setup(too_much_memory_is_named, defaults),
		cmocka_unit_test_setup(too_little_memory_is_named, defaults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
