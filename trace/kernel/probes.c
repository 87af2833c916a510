/* SPDX-License-Identifier: GPL-2.0-only */
/* probes.c - see probes.h. */
#include "probes.h"
#include "kmem.skel.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TYPES "/sys/kernel/btf/vmlinux"

struct probes {
	struct kmem *kmem;
	struct ring_buffer *ring;
	struct kmem_counts *of_cpu; /* room for all CPUs' */
	int cpus;
	probes_event event;
	void *arg;
};

/* libbpf's own words, of which the last is worth a line. */
static char last_words[256];

static int listen_to_libbpf(enum libbpf_print_level level, const char *format, va_list args)
{
	if (level == LIBBPF_WARN)
		vsnprintf(last_words, sizeof(last_words), format, args);
	last_words[strcspn(last_words, "\n")] = '\0';
	return 0;
}

static int say_why(int err, const char *doing, char *why, size_t size)
{
	if (access(TYPES, R_OK))
		snprintf(why, size,
			 "no " TYPES ": the kernel must be built with CONFIG_DEBUG_INFO_BTF=y "
			 "(and /sys mounted)");
	else if (err == -EPERM)
		snprintf(why, size,
			 "the kernel refuses %s (%s): be root, or have CAP_BPF, CAP_PERFMON and "
			 "no lockdown",
			 doing, strerror(-err));
	else
		snprintf(why, size, "%s: %s%s%s", doing, strerror(-err),
			 *last_words ? "; libbpf: " : "", last_words);
	return -1;
}

static int on_event(void *arg, void *event, size_t size)
{
	struct probes *probes = arg;

	(void)size;
	probes->event(probes->arg, event);
	return 0;
}

static void choose(struct kmem *kmem, const struct probes_wanted *wanted, size_t ring_bytes)
{
	const bool objects = wanted->kmalloc || wanted->cache;

	bpf_program__set_autoload(kmem->progs.on_kmalloc, wanted->kmalloc);
	bpf_program__set_autoload(kmem->progs.on_cache_alloc, wanted->cache);
	bpf_program__set_autoload(kmem->progs.on_kfree, objects);
	bpf_program__set_autoload(kmem->progs.on_cache_free, objects);
	bpf_program__set_autoload(kmem->progs.on_pages, wanted->pages);
	bpf_program__set_autoload(kmem->progs.on_pages_free, wanted->pages);
	bpf_map__set_max_entries(kmem->maps.events, (uint32_t)ring_bytes);
}

/* The probes leave out this process, which they know by its number in the first namespace. */
static int learn(struct kmem *kmem)
{
	LIBBPF_OPTS(bpf_test_run_opts, options);

	return bpf_prog_test_run_opts(bpf_program__fd(kmem->progs.learn), &options);
}

struct probes *probes_open(const struct probes_wanted *wanted, size_t ring_bytes,
			   probes_event event, void *arg, char *why, size_t why_size)
{
	struct probes *probes = calloc(1, sizeof(*probes));
	int err = -ENOMEM;

	libbpf_set_print(listen_to_libbpf);
	if (probes)
		probes->kmem = kmem__open();
	if (probes && probes->kmem) {
		probes->event = event;
		probes->arg = arg;
		choose(probes->kmem, wanted, ring_bytes);
		err = kmem__load(probes->kmem);
	}
	if (!err)
		err = learn(probes->kmem);
	if (!err) {
		probes->cpus = libbpf_num_possible_cpus();
		probes->of_cpu = calloc((size_t)probes->cpus, sizeof(*probes->of_cpu));
		probes->ring = ring_buffer__new(bpf_map__fd(probes->kmem->maps.events), on_event,
						probes, NULL);
		err = probes->of_cpu && probes->ring ? 0 : -ENOMEM;
	}
	if (!err)
		return probes;
	say_why(err, "loading the probes", why, why_size);
	probes_close(probes);
	return NULL;
}

int probes_attach(struct probes *probes, char *why, size_t why_size)
{
	int err;

	/* It has been run, and hangs on nothing. */
	bpf_program__set_autoattach(probes->kmem->progs.learn, false);
	err = kmem__attach(probes->kmem);
	return err ? say_why(err, "attaching the probes", why, why_size) : 0;
}

long probes_drain(struct probes *probes)
{
	return ring_buffer__consume(probes->ring);
}

void probes_detach(struct probes *probes)
{
	kmem__detach(probes->kmem);
}

void probes_counts(struct probes *probes, struct kmem_counts *counts)
{
	uint32_t zero = 0;

	*counts = (struct kmem_counts){0};
	if (bpf_map_lookup_elem(bpf_map__fd(probes->kmem->maps.counts), &zero, probes->of_cpu))
		return;
	for (int i = 0; i < probes->cpus; i++) {
		counts->lost += probes->of_cpu[i].lost;
		counts->failed += probes->of_cpu[i].failed;
		counts->own += probes->of_cpu[i].own;
	}
}

uint64_t probes_missed(struct probes *probes)
{
	struct bpf_program *program;
	uint64_t missed = 0;

	bpf_object__for_each_program(program, probes->kmem->obj)
	{
		struct bpf_prog_info info = {0};
		uint32_t size = sizeof(info);
		int fd = bpf_program__fd(program);

		if (fd >= 0 && !bpf_obj_get_info_by_fd(fd, &info, &size))
			missed += info.recursion_misses;
	}
	return missed;
}

bool probes_cache(struct probes *probes, uint64_t cache, struct kmem_cache_about *about)
{
	return !bpf_map_lookup_elem(bpf_map__fd(probes->kmem->maps.caches), &cache, about);
}

uint32_t probes_page_struct(const struct probes *probes)
{
	return probes->kmem->bss->page_struct_size;
}

void probes_close(struct probes *probes)
{
	if (!probes)
		return;
	ring_buffer__free(probes->ring);
	kmem__destroy(probes->kmem);
	free(probes->of_cpu);
	free(probes);
}
