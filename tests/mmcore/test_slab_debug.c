/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_slab_debug.c - inflict each kind of damage to an object, under every slab policy: it is
 * found, and the log names the object, its cache, the byte, and who had it.
 */
#include <stdio.h>
#include <string.h>

#include "model_platform.h"
#include "slab_debug.h"

#define WINDOW (4UL << 20)
#define SIZE   40

/* Allocated on CPU 1, freed on CPU 2: so the log must say. */
#define ALLOC_CPU 1
#define FREE_CPU  2

static const char *const policies[] = {
#define POLICY_slab(answer, text, about) text,
#include "policies.def"
};
#define POLICIES (sizeof(policies) / sizeof(policies[0]))

static struct scene {
	struct tri_core *core;
	struct kmem_cache *cache, *other;
	unsigned char *object;
} scene;

static void construct(void *object)
{
	memset(object, 0x11, SIZE);
}

static void *alloc(struct kmem_cache *cache)
{
	void *object;

	plat_slot = ALLOC_CPU;
	object = tri_kmem_cache_alloc(cache, TRI_GFP_KERNEL);
	plat_slot = 0;
	assert_non_null(object);
	return object;
}

static void release(struct kmem_cache *cache, void *object)
{
	plat_slot = FREE_CPU;
	tri_kmem_cache_free(cache, object);
	plat_slot = 0;
}

static void start(const char *policy, const char *debug)
{
	struct tri_config config;

	model_config(&config, 3, 1024, WINDOW);
	assert_int_equal(tri_config_set(&config, "slab", policy), 0);
	assert_int_equal(tri_config_set(&config, "sheaves", "on"), 0);
	assert_int_equal(tri_config_set(&config, "slab_debug", debug), 0);
	scene.core = model_start(&config);
	scene.cache = tri_kmem_cache_create("victim", SIZE, 0, TRI_SLAB_DEBUG, NULL);
	scene.other = tri_kmem_cache_create("other", SIZE, 0, TRI_SLAB_DEBUG, NULL);
	/* So that the slab stays, and the object is not its first. */
	alloc(scene.cache);
	scene.object = alloc(scene.cache);
	assert_sound(scene.core);
}

static void said(const char *what)
{
	if (!strstr(model.log, what))
		fail_msg("the log does not say \"%s\":\n%s", what, model.log);
}

static void said_byte(const void *at, unsigned int is, unsigned int expected)
{
	char line[128];

	snprintf(line, sizeof(line), "at %p is %x instead of %x", at, is, expected);
	said(line);
}

/* Names the victim, its cache, and its owners. */
static void said_all(const char *what, bool freed)
{
	char line[128];

	snprintf(line, sizeof(line), "slab_debug: %s: object %p of cache victim", what,
		 (void *)scene.object);
	said(line);
	said("allocated by 0x");
	said(" on CPU 1 at tick ");
	if (freed) {
		said("freed by 0x");
		said(" on CPU 2 at tick ");
	} else {
		assert_null(strstr(model.log, "freed by"));
	}
}

/* Allocate what was freed, wherever it is kept: @n at once. */
static void reuse(unsigned long n)
{
	void *objects[64];

	for (plat_slot = 0; plat_slot < 3; plat_slot++) {
		for (int i = 0; i < 128; i++) {
			if (n == 1)
				tri_kmem_cache_alloc(scene.cache, TRI_GFP_KERNEL);
			else
				tri_kmem_cache_alloc_bulk(scene.cache, TRI_GFP_KERNEL, n, objects);
		}
	}
	plat_slot = 0;
}

/* --- Damage --- */

static void byte_behind(void)
{
	scene.object[SIZE] = 0;
	assert_panics(release(scene.cache, scene.object));
	said_all("right red zone overwritten", false);
	said_byte(scene.object + SIZE, 0, 0xcc);
}

static void word_behind(void)
{
	memset(scene.object + SIZE + 4, 0x77, 4);
	assert_panics(release(scene.cache, scene.object));
	said_all("right red zone overwritten", false);
	said_byte(scene.object + SIZE + 4, 0x77, 0xcc);
}

static void byte_before(void)
{
	scene.object[-1] = 0x42;
	assert_panics(release(scene.cache, scene.object));
	said_all("left red zone overwritten", false);
	said_byte(scene.object - 1, 0x42, 0xcc);
}

static void long_overrun(void)
{
	memset(scene.object, 0, SIZE + 16);
	assert_panics(release(scene.cache, scene.object));
	said("right red zone overwritten");
	said("of cache victim");
}

static void record_overwritten(void)
{
	memset(scene.object + SIZE + 8, 0, 2);
	assert_panics(release(scene.cache, scene.object));
	said_all("record overwritten, or never an object", false);
}

static void freed_twice(void)
{
	release(scene.cache, scene.object);
	assert_panics(release(scene.cache, scene.object));
	said_all("freed twice", true);
}

static void freed_twice_in_bulk(void)
{
	void *objects[2] = {scene.object, scene.object};

	plat_slot = FREE_CPU;
	assert_panics(tri_kmem_cache_free_bulk(scene.cache, 2, objects));
	said_all("freed twice", true);
}

static void freed_to_another_cache(void)
{
	alloc(scene.other);
	assert_panics(release(scene.other, scene.object));
	said("freed to cache other");
	said_all("freed to another cache than its own", false);
}

static void freed_to_another_cache_in_bulk(void)
{
	void *object = scene.object;

	assert_panics(tri_kmem_cache_free_bulk(scene.other, 1, &object));
	said("freed to cache other");
	said_all("freed to another cache than its own", false);
}

static void freed_from_its_middle(void)
{
	assert_panics(release(scene.cache, scene.object + 8));
	said("freed to cache victim, starts no object of it");
}

static void written_after_free(void)
{
	release(scene.cache, scene.object);
	scene.object[3] = 0x99;
	assert_panics(reuse(1));
	said_all("free object overwritten", true);
	said("byte 3 at");
	said_byte(scene.object + 3, 0x99, 0x6b);
}

static void last_byte_written_after_free(void)
{
	release(scene.cache, scene.object);
	scene.object[SIZE - 1] = 0x6b;
	assert_panics(reuse(1));
	said_all("free object overwritten", true);
	said_byte(scene.object + SIZE - 1, 0x6b, 0xa5);
}

static void written_behind_after_free(void)
{
	release(scene.cache, scene.object);
	scene.object[SIZE] = 0;
	assert_panics(reuse(64));
	said_all("right red zone overwritten", true);
	said_byte(scene.object + SIZE, 0, 0xbb);
}

static void record_overwritten_after_free(void)
{
	release(scene.cache, scene.object);
	memset(scene.object + SIZE + 8, 0, 2);
	assert_panics(reuse(1));
	said_all("record of a free object overwritten", true);
}

/* tri_check() finds what nobody has freed yet. */
static void check_finds_it(void)
{
	scene.object[SIZE] = 0;
	model.quiet = true;
	assert_int_equal(tri_check(scene.core), 1);
	said_all("right red zone overwritten", false);
	scene.object[SIZE] = 0xcc;
	assert_sound(scene.core);
	release(scene.cache, scene.object);
	scene.object[0] = 1;
	assert_int_equal(tri_check(scene.core), 1);
	said("free object overwritten");
}

/* A constructed object keeps its state when free; its zones are watched all the same. */
static void constructed_object_overrun(void)
{
	struct kmem_cache *cache =
		tri_kmem_cache_create("constructed", SIZE, 0, TRI_SLAB_DEBUG, construct);
	unsigned char *object = alloc(cache);

	for (int i = 0; i < SIZE; i++)
		assert_int_equal(object[i], 0x11);
	release(cache, object);
	object = alloc(cache);
	for (int i = 0; i < SIZE; i++)
		assert_int_equal(object[i], 0x11);
	object[SIZE]++;
	assert_panics(release(cache, object));
	said("right red zone overwritten");
	said("of cache constructed");
}

static const struct damage {
	const char *name;
	void (*inflict)(void);
	bool needs_slabs; /* slab=slob keeps nothing of a free object, nor where one is */
} damages[] = {
#define DAMAGE(name)               \
	{                          \
#name, name, false \
	}
#define DAMAGE_IN_SLABS(name)     \
	{                         \
#name, name, true \
	}
	DAMAGE(byte_behind),
	DAMAGE(word_behind),
	DAMAGE(byte_before),
	DAMAGE(long_overrun),
	DAMAGE(record_overwritten),
	DAMAGE(freed_twice),
	DAMAGE(freed_twice_in_bulk),
	DAMAGE(freed_to_another_cache),
	DAMAGE(freed_to_another_cache_in_bulk),
	DAMAGE(freed_from_its_middle),
	DAMAGE_IN_SLABS(written_after_free),
	DAMAGE_IN_SLABS(last_byte_written_after_free),
	DAMAGE_IN_SLABS(written_behind_after_free),
	DAMAGE_IN_SLABS(record_overwritten_after_free),
	DAMAGE_IN_SLABS(check_finds_it),
	DAMAGE(constructed_object_overrun),
};
#define DAMAGES (sizeof(damages) / sizeof(damages[0]))

struct pick {
	const struct damage *damage;
	const char *policy;
};

static int damage_start(void **state)
{
	start(((const struct pick *)*state)->policy, "0");
	return 0;
}

static void is_found(void **state)
{
	const struct pick *pick = *state;

	pick->damage->inflict();
}

static int scene_end(void **state)
{
	(void)state;
	model_abandon(scene.core);
	return 0;
}

/* --- What is no damage --- */

static void tail_is_red(const char *policy)
{
	unsigned char *object;

	start(policy, "1");
	object = tri_kmalloc(33, TRI_GFP_KERNEL);
	assert_int_equal(tri_ksize(object), 33);
	assert_int_equal((uintptr_t)tri_kmalloc(1024, TRI_GFP_KERNEL) % 1024, 0);
	memset(object, 0, 33);
	object = tri_krealloc(object, 60, TRI_GFP_KERNEL);
	memset(object, 0, 60);
	tri_kfree(object);
	object = tri_kzalloc(33, TRI_GFP_KERNEL);
	for (int byte = 0; byte < 33; byte++)
		assert_int_equal(object[byte], 0);
	object[33] = 0;
	assert_panics(tri_kfree(object));
	said("right red zone overwritten");
	said("of cache kmalloc-64");
	said_byte(object + 33, 0, 0xcc);
	model_abandon(scene.core);
}

/* Every cache is debugged, kmalloc's too, but SLOB's kmalloc has none. */
static void kmalloc_tail(void **state)
{
	(void)state;
	for (unsigned long i = 0; i < POLICIES; i++) {
		if (strcmp(policies[i], "slob"))
			tail_is_red(policies[i]);
	}
}

/* A single flag, any size and alignment: objects don't overlap what belongs to others. */
static void any_layout(void **state)
{
	static const unsigned int sizes[] = {1, 7, 8, 24, 100, 2000, 4096, 5000};
	static const unsigned int flags[] = {TRI_SLAB_RED_ZONE, TRI_SLAB_POISON,
					     TRI_SLAB_STORE_USER, TRI_SLAB_DEBUG};

	(void)state;
	for (unsigned int i = 0; i < POLICIES * 8 * 4 * 3; i++) {
		unsigned int size = sizes[i / 3 / 4 % 8], align = 8U << i % 3 * 4;
		struct kmem_cache *cache;
		void *object[20];

		if (i % 12 == 0)
			start(policies[i / 3 / 4 / 8], "0");
		cache = tri_kmem_cache_create("some", size, align, flags[i / 3 % 4], NULL);
		assert_non_null(cache);
		for (int n = 0; n < 20; n++) {
			object[n] = tri_kmem_cache_alloc(cache, TRI_GFP_KERNEL);
			assert_int_equal((uintptr_t)object[n] % align, 0);
			memset(object[n], n, size);
		}
		assert_sound(scene.core);
		for (int n = 0; n < 20; n++) {
			for (unsigned int byte = 0; byte < size; byte++)
				assert_int_equal(((char *)object[n])[byte], n);
			tri_kmem_cache_free(cache, object[n]);
			if (n % 8 == 0)
				assert_sound(scene.core);
		}
		assert_int_equal(tri_kmem_cache_destroy(cache), 0);
		if (i % 12 == 11)
			model_abandon(scene.core);
	}
}

int main(void)
{
	static struct CMUnitTest tests[DAMAGES * POLICIES + 2];
	static struct pick pick[DAMAGES * POLICIES];
	static char name[DAMAGES * POLICIES][64];
	unsigned int n = 0;

	for (unsigned int i = 0; i < DAMAGES * POLICIES; i++) {
		pick[i] = (struct pick){&damages[i / POLICIES], policies[i % POLICIES]};
		if (pick[i].damage->needs_slabs && !strcmp(pick[i].policy, "slob"))
			continue;
		snprintf(name[i], sizeof(name[i]), "%s, slab=%s", pick[i].damage->name,
			 pick[i].policy);
		tests[n++] = (struct CMUnitTest){
			.name = name[i],
			.test_func = is_found,
			.setup_func = damage_start,
			.teardown_func = scene_end,
			.initial_state = &pick[i],
		};
	}
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(kmalloc_tail);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(any_layout);
	return _cmocka_run_group_tests("slab_debug", tests, n, NULL, NULL);
}
