/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cores.c - see cores.h.
 *
 * The loader knows a file by its name, and by device and inode, and loads one once. So each arm
 * loads a copy, in a memfd that stays open: two arms of one file are two cores, with data and
 * addresses of their own. All are loaded together, in an order that layout.c chooses.
 */
#include "cores.h"

#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench.h"
#include "core_build.h"
#include "layout.h"

#define SETTINGS (TRI_QUESTION_COUNT + TRI_TUNABLE_COUNT + 1)
#define ID_BYTES 20

/* A number fits, and a policy's answer lies elsewhere. */
struct said {
	struct core_word word[SETTINGS];
	char number[TRI_TUNABLE_COUNT][24];
	unsigned int n;
};

struct core_file {
	struct subject subject;
	char path[512];
	struct said said;
	bool untimed;
	char id[2 * ID_BYTES + 1];
	const char *lacks[SUBJECT_FAMILIES];
	bool loaded;   /* or not, which why[] tells */
	char why[384]; /* "": nothing is wrong */
};
static struct core_file files[BENCH_ARMS_MAX];
static unsigned int nr_files;

static const char *const events[] = {
#define EVENT(name, unit, kind, better, about) #name,
#include "events.def"
};
static const char *const tunables[] = {
#define TUNABLE(name, unit, def, min, max, about) #name,
#include "tunables.def"
#undef TUNABLE
};
static const char *const shows[] = {
#define SHOW(name, about) #name,
#include "shows.def"
#undef SHOW
};
static const struct core_names names = {
	.events = events,
	.tunables = tunables,
	.shows = shows,
	.nr_events = TRI_EVENT_COUNT,
	.nr_tunables = TRI_TUNABLE_COUNT,
	.nr_shows = TRI_SHOW_COUNT,
	.status_bytes = sizeof(struct tri_status),
};

__attribute__((format(printf, 2, 3))) static void refuse(struct core_file *file, const char *fmt,
							 ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(file->why, sizeof(file->why), fmt, args);
	va_end(args);
}

/* What the words say of an arm's settings, an era first: it is what all others are set upon. */
static void take_words(struct said *said, const struct arm_config *arm)
{
	const struct tri_config *config = &arm->said;

	said->n = 0;
	if (arm->era[0])
		said->word[said->n++] = (struct core_word){"era", arm->era};
	for (unsigned int i = 0; i < TRI_QUESTION_COUNT; i++)
		if (config->policy[i] != WORDS_UNSAID_POLICY)
			said->word[said->n++] =
				(struct core_word){tri_question_info[i].name,
						   tri_policy_info[config->policy[i]].answer};
	for (unsigned int i = 0; i < TRI_TUNABLE_COUNT; i++) {
		if (config->tunable[i] == WORDS_UNSAID_TUNABLE)
			continue;
		snprintf(said->number[i], sizeof(said->number[i]), "%lu", config->tunable[i]);
		said->word[said->n++] =
			(struct core_word){tri_tunable_info[i].name, said->number[i]};
	}
}

static int find_file(struct core_file *file, const char *name)
{
	const char *directory = getenv("TRIMM_CORES");
	int length, fd;

	if (strchr(name, '/')) {
		length = snprintf(file->path, sizeof(file->path), "%s", name);
	} else if (directory && *directory) {
		length = snprintf(file->path, sizeof(file->path), "%s/%s.so", directory, name);
	} else {
		host_error("core=%s: a name without a slash is of $TRIMM_CORES/%s.so; set "
			   "TRIMM_CORES, or give a path",
			   name, name);
		return -EINVAL;
	}
	if (length >= (int)sizeof(file->path)) {
		host_error("core=%s: too long a path", name);
		return -EINVAL;
	}
	fd = open(file->path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		host_error("core=%s: cannot read %s: %s; `make core` makes such a file", name,
			   file->path, strerror(errno));
		return -EINVAL;
	}
	close(fd);
	return 0;
}

/* A copy in memory, without a name; -1 after refuse(). */
static int copy(struct core_file *file)
{
	int from = open(file->path, O_RDONLY | O_CLOEXEC), to = -1;
	struct stat about = {.st_size = 0};
	off_t left;

	if (from < 0 || fstat(from, &about))
		goto failed;
	to = memfd_create("trimm-core", MFD_CLOEXEC);
	if (to < 0)
		goto failed;
	for (left = about.st_size; left;) {
		ssize_t sent = sendfile(to, from, NULL, (size_t)left);

		if (sent <= 0)
			goto failed;
		left -= sent;
	}
	close(from);
	return to;

failed:
	refuse(file, "%s cannot be read: %s", file->path, strerror(errno));
	if (from >= 0)
		close(from);
	if (to >= 0)
		close(to);
	return -1;
}

static bool is_build_id(const Elf64_Nhdr *note)
{
	return note->n_type == NT_GNU_BUILD_ID && note->n_namesz == sizeof(ELF_NOTE_GNU) &&
	       !memcmp(note + 1, ELF_NOTE_GNU, sizeof(ELF_NOTE_GNU));
}

static size_t padded(size_t size)
{
	return (size + 3) & ~3UL;
}

/* In hexadecimal, of the notes at @at; the file is loaded, so it is sound. */
static void find_id(struct core_file *file, const char *at, size_t size)
{
	const char *end = at + size;

	while (at + sizeof(Elf64_Nhdr) <= end) {
		const Elf64_Nhdr *note = (const Elf64_Nhdr *)at;
		const unsigned char *id =
			(const unsigned char *)(note + 1) + padded(note->n_namesz);

		for (unsigned int i = 0; is_build_id(note) && i < note->n_descsz && i < ID_BYTES;
		     i++)
			snprintf(file->id + 2 * i, 3, "%02x", id[i]);
		at = (const char *)id + padded(note->n_descsz);
	}
}

static void read_id(struct core_file *file, int fd)
{
	struct stat about;
	const Elf64_Phdr *part;
	const char *bytes;

	if (fstat(fd, &about))
		return;
	bytes = mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (bytes == MAP_FAILED)
		return;
	part = (const Elf64_Phdr *)(bytes + ((const Elf64_Ehdr *)bytes)->e_phoff);
	for (int i = 0; i < ((const Elf64_Ehdr *)bytes)->e_phnum; i++)
		if (part[i].p_type == PT_NOTE)
			find_id(file, bytes + part[i].p_offset, part[i].p_filesz);
	munmap((void *)bytes, (size_t)about.st_size);
}

/* Is what goes by layout laid out alike? */
static bool fits(struct core_file *file, const struct core_build *build)
{
	static const struct core_layout ours[] = {
#define CORE_LAYOUT(what, value) {what, value},
		CORE_LAYOUTS
#undef CORE_LAYOUT
		{NULL, 0},
	};
	const struct core_layout *its = build->layouts;

	for (unsigned int i = 0;; i++) {
		if (!ours[i].what && !its[i].what)
			return true;
		if (!ours[i].what || !its[i].what || strcmp(ours[i].what, its[i].what) ||
		    ours[i].value != its[i].value) {
			const struct core_layout *unlike = ours[i].what ? &ours[i] : &its[i];

			refuse(file,
			       "%s was built for another trimm-user: %s is %lu there, %lu here",
			       file->path, unlike->what, its[i].what ? its[i].value : 0,
			       ours[i].what ? ours[i].value : 0);
			return false;
		}
	}
}

/* What it offers, by the families' names. */
static void take_families(struct core_file *file, const struct core_build *build)
{
	struct subject *subject = &file->subject;

	for (unsigned int i = 0; i < SUBJECT_FAMILIES; i++) {
		unsigned int k = 0;

		while (build->family[k] && strcmp(build->family[k], subject_family_name[i]))
			k++;
		subject->api[i] = build->family[k] ? build->api[k] : NULL;
		subject->lacks[i] = build->family[k] ? build->lacks[k] : NULL;
	}
}

static void take_build(struct core_file *file, const struct core_build *build)
{
	struct subject *subject = &file->subject;

	subject->core = build->calls;
	subject->revision = build->revision;
	subject->build_id = file->id;
	subject->cache_create = build->cache_create;
	subject->cache_destroy = build->cache_destroy;
	subject->frames_get = build->frames_get;
	subject->frames_put = build->frames_put;
	subject->held = build->held;
	subject->finish = build->finish;
	take_families(file, build);
}

/* What the dynamic loader says, without the name of our copy, which says nothing. */
static const char *what_it_says(void)
{
	const char *said = dlerror(), *rest = said ? strstr(said, ": ") : NULL;

	return rest ? rest + 2 : said;
}

/* The copy that is @fd, which stays loaded to the end; NULL after refuse(). */
static const struct core_build *open_build(struct core_file *file, int fd)
{
	const struct core_build *build;
	char path[32];
	void *handle;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	layout_skip();
	handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!handle) {
		refuse(file, "%s is no build of mmcore that fits (%s); `make core` makes one",
		       file->path, what_it_says());
		return NULL;
	}
	build = dlvsym(handle, CORE_BUILD_SYMBOL, CORE_BUILD_VERSION);
	if (!build) {
		refuse(file,
		       "%s has no " CORE_BUILD_SYMBOL "@" CORE_BUILD_VERSION
		       ": `make core` makes one that has",
		       file->path);
		return NULL;
	}
	return fits(file, build) ? build : NULL;
}

static void load(struct core_file *file)
{
	int fd = copy(file);
	const struct core_build *build = fd < 0 ? NULL : open_build(file, fd);
	const char *why;

	if (!build)
		return;
	read_id(file, fd);
	build->start(&names);
	take_build(file, build);
	why = build->configure(file->said.word, file->said.n, file->untimed);
	if (why)
		refuse(file, "%s", why);
}

/* All at once, in an order that means nothing. */
static void load_all(void)
{
	unsigned int order[BENCH_ARMS_MAX];

	for (unsigned int i = 0; i < nr_files; i++) {
		unsigned int k = layout_number(i + 1);

		order[i] = order[k];
		order[k] = i;
	}
	for (unsigned int i = 0; i < nr_files; i++) {
		struct core_file *file = &files[order[i]];

		if (!file->loaded)
			load(file);
		file->loaded = true;
	}
}

static const char *obstacle(const struct subject *subject)
{
	struct core_file *file = (struct core_file *)subject;

	if (!file->loaded)
		load_all();
	return *file->why ? file->why : NULL;
}

const struct subject *cores_open(const struct case_config *config, const struct arm_config *arm)
{
	struct core_file *file;

	if (nr_files == BENCH_ARMS_MAX) {
		host_error("core=%s: more than %d cores", arm->build, BENCH_ARMS_MAX);
		return NULL;
	}
	file = &files[nr_files];
	*file = (struct core_file){
		/* Until it is loaded, what it offers is taken to be what this program's does. */
		.subject = subject_mmcore,
		.untimed = config->exact_only,
	};
	if (find_file(file, arm->build))
		return NULL;
	file->subject.obstacle = obstacle;
	take_words(&file->said, arm);
	nr_files++;
	return &file->subject;
}

void cores_begin(const struct case_config *config)
{
	nr_files = 0;
	if (config->numbered)
		layout_choose(config->param[BENCH_PARAM_process]);
}

int cores_check(const char *path)
{
	struct core_file *file = &files[0];
	int fd;

	snprintf(file->path, sizeof(file->path), "%s", path);
	fd = copy(file);
	if (fd >= 0 && open_build(file, fd))
		return 0;
	puts(file->why);
	return 1;
}
