/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kmem.c - what the kernel asks itself for, by tracepoints kmem:*: objects of kmalloc and of
 * caches, and pages, each by its caller.
 *
 * These are some of the kernel's most frequent tracepoints: kmem.kinds leaves out what is not
 * wanted. Single allocations are `trimm record --kernel`'s. A page's tracepoint does not say who
 * asked: the way there does (--stacks). What this process itself causes is counted as refused.
 */
#include "kmem.h"
#include "gfp_name.h"
#include "kmem.skel.h"
#include "probe.h"
#include "symbols.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static bool kind_wanted(const char *kinds, const char *kind)
{
	const size_t length = strlen(kind);

	for (const char *at = kinds; at; at = strchr(at, ',')) {
		at += *at == ',';
		if (!strncmp(at, kind, length) && (!at[length] || at[length] == ','))
			return true;
	}
	return !kinds;
}

/* False: a word is none, and @why says so. */
static bool check_kinds(const char *kinds, char *why, size_t size)
{
	for (const char *at = kinds; at;) {
		const size_t length = strcspn(at, ",");

		if ((length != 7 || strncmp(at, "kmalloc", 7)) &&
		    (length != 5 || (strncmp(at, "cache", 5) && strncmp(at, "pages", 5)))) {
			snprintf(why, size,
				 "--set=kmem.kinds=%.60s: give some of kmalloc,cache,pages", kinds);
			return false;
		}
		at = at[length] ? at + length + 1 : NULL;
	}
	return true;
}

static void choose(struct kmem *kmem, const char *kinds)
{
	const bool kmalloc = kind_wanted(kinds, "kmalloc");
	const bool cache = kind_wanted(kinds, "cache"), pages = kind_wanted(kinds, "pages");

	bpf_program__set_autoload(kmem->progs.on_kmalloc, kmalloc);
	bpf_program__set_autoload(kmem->progs.on_kfree, kmalloc);
	bpf_program__set_autoload(kmem->progs.on_cache, cache);
	bpf_program__set_autoload(kmem->progs.on_cache_free, cache);
	bpf_program__set_autoload(kmem->progs.on_pages, pages);
	bpf_program__set_autoload(kmem->progs.on_pages_free, pages);
	bpf_program__set_autoload(kmem->progs.on_batched, pages);
}

static int open_kmem(struct probe_run *run)
{
	const char *kinds = probe_word(run->options, "kmem", "kinds");
	struct kmem *kmem;

	if (!check_kinds(kinds, run->why, sizeof(run->why)))
		return -EINVAL;
	kmem = kmem__open();
	if (!kmem)
		return -errno;
	kmem->rodata->with_stacks = run->options->stacks;
	choose(kmem, kinds);
	/* It is run, and hangs on nothing. */
	bpf_program__set_autoattach(kmem->progs.learn, false);
	run->object = kmem;
	run->skeleton = kmem->skeleton;
	run->how = "raw_tp";
	return 0;
}

static void close_kmem(struct probe_run *run)
{
	kmem__destroy(run->object);
}

/* The probe leaves out this process, which it knows by its number in the first namespace. */
static int attach_kmem(struct probe_run *run)
{
	struct kmem *kmem = run->object;
	LIBBPF_OPTS(bpf_test_run_opts, options);

	return bpf_prog_test_run_opts(bpf_program__fd(kmem->progs.learn), &options);
}

static void name_caller(const struct probe_run *run, uint64_t address, json_t *to)
{
	char name[256];

	if (!address)
		return;
	symbols_place(run->symbols, address, name, sizeof(name));
	json_object_set_new(to, "caller", json_string(name));
}

static void name_gfp(uint64_t flags, json_t *to)
{
	char text[256];

	gfp_name((uint32_t)flags, text, sizeof(text));
	json_object_set_new(to, "gfp", json_string(text));
}

static void name_cache(const struct probe_run *run, uint64_t address, json_t *to)
{
	const struct kmem *kmem = run->object;
	struct kmem_cache_about about;

	if (bpf_map_lookup_elem(bpf_map__fd(kmem->maps.caches), &address, &about))
		snprintf(about.name, sizeof(about.name), "0x%" PRIx64, address);
	json_object_set_new(to, "cache", json_string(about.name));
}

static void name_kind(uint64_t kind, json_t *to)
{
	static const char *const kinds[] = {
		[KMEM_OF_KMALLOC] = "kmalloc",
		[KMEM_OF_CACHE] = "cache",
		[KMEM_OF_PAGES] = "pages",
	};

	if (kind)
		json_object_set_new(to, "kind", json_string(kinds[kind]));
}

static void name_key(const struct probe_run *run, const struct trace_key *key, bool sum, json_t *to)
{
	if (!sum) {
		name_kind(key->a, to);
		return;
	}
	switch (key->what) {
	case KMEM_KMALLOC:
	case KMEM_FAILED:
		name_caller(run, key->a, to);
		name_gfp(key->b, to);
		return;
	case KMEM_KFREE:
		name_caller(run, key->a, to);
		return;
	case KMEM_CACHE:
	case KMEM_CACHE_FREE:
		name_caller(run, key->a, to);
		name_cache(run, key->b, to);
		return;
	case KMEM_PAGES:
		name_gfp(key->a, to);
		json_object_set_new(to, "order", json_integer((json_int_t)key->b));
		return;
	case KMEM_PAGES_FREE:
		json_object_set_new(to, "order", json_integer((json_int_t)key->b));
		return;
	}
}

const struct probe probe_kmem = {
	.name = "kmem",
	.about = "the kernel's own memory: kmalloc, caches, pages, by caller",
	.open = open_kmem,
	.close = close_kmem,
	.attach = attach_kmem,
	.histograms = (const struct probe_metric[]){{"asked", "bytes", NULL, NULL},
						    {"given", "bytes", NULL, NULL},
						    {"object", "bytes", NULL, NULL},
						    {"order", "order", NULL, NULL},
						    {0}},
	.sums =
		(const struct probe_metric[]){
			{"kmalloc", "objects", "kmalloc_bytes", "bytes"},
			{"kfree", "objects", NULL, NULL},
			{"cache_alloc", "objects", "cache_alloc_bytes", "bytes"},
			{"cache_free", "objects", "cache_free_bytes", "bytes"},
			{"page_alloc", "blocks", "pages_allocated", "pages"},
			{"page_free", "blocks", "pages_freed", "pages"},
			{"pages_freed_batched", "pages", NULL, NULL},
			{"failed", "allocations", "failed_bytes", "bytes"},
			{0}},
	.stacks = (const struct probe_metric[]){{"allocated", "bytes", NULL, NULL}, {0}},
	.name_key = name_key,
};
