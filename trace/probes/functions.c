/* SPDX-License-Identifier: GPL-2.0-only */
/* functions.c - see functions.h. */
#include "functions.h"

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Names that are offered; the longest that is compared letter by letter. */
#define NEAR_MAX  3
#define NAME_ROOM 128

struct search {
	const char *name;
	unsigned int found; /* functions of that name */
	struct {
		char name[NAME_ROOM];
		unsigned int distance;
	} near[NEAR_MAX];
};

/* Letters to change, add or leave out to get from one to the other (Levenshtein). */
static unsigned int distance(const char *a, const char *b)
{
	unsigned int row[NAME_ROOM + 1];
	const size_t n = strlen(b);

	for (unsigned int j = 0; j <= n; j++)
		row[j] = j;
	for (unsigned int i = 1; *a; i++, a++) {
		unsigned int diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= n; j++) {
			unsigned int change = diagonal + (*a != b[j - 1]), least = row[j];

			diagonal = row[j];
			if (row[j - 1] < least)
				least = row[j - 1];
			row[j] = change < least + 1 ? change : least + 1;
		}
	}
	return row[n];
}

/* A compiler's variant of it (NAME.isra.0) is nearest; then what differs in a few letters. */
static unsigned int how_far(const char *wanted, const char *name)
{
	const size_t length = strlen(wanted), other = strlen(name);
	const size_t few = length / 4 + 1;

	if (!strncmp(name, wanted, length) && name[length] == '.')
		return 0;
	if (length >= NAME_ROOM || other > length + few || length > other + few)
		return ~0U;
	return distance(wanted, name) <= few ? distance(wanted, name) : ~0U;
}

static void offer(void *arg, const char *name)
{
	struct search *search = arg;
	unsigned int far, place = NEAR_MAX;

	if (!strcmp(name, search->name)) {
		search->found++;
		return;
	}
	if (search->found || strlen(name) >= NAME_ROOM)
		return;
	far = how_far(search->name, name);
	for (unsigned int i = 0; i < NEAR_MAX; i++)
		if (!strcmp(search->near[i].name, name))
			return;
	while (place && far < search->near[place - 1].distance)
		place--;
	if (place == NEAR_MAX)
		return;
	memmove(&search->near[place + 1], &search->near[place],
		(NEAR_MAX - 1 - place) * sizeof(search->near[0]));
	snprintf(search->near[place].name, NAME_ROOM, "%s", name);
	search->near[place].distance = far;
}

static void read_symbols(Elf *elf, Elf_Scn *section, struct search *search)
{
	Elf_Data *data = elf_getdata(section, NULL);
	GElf_Shdr header;
	GElf_Sym symbol;

	if (!data || !gelf_getshdr(section, &header) || !header.sh_entsize)
		return;
	for (int i = 0; gelf_getsym(data, i, &symbol); i++) {
		const char *name = elf_strptr(elf, header.sh_link, symbol.st_name);

		if (name && GELF_ST_TYPE(symbol.st_info) == STT_FUNC && symbol.st_value)
			offer(search, name);
	}
}

/* Of the table for debuggers, or of the one for the dynamic linker if that is all there is. */
static void read_file(Elf *elf, struct search *search)
{
	static const GElf_Word tables[] = {SHT_SYMTAB, SHT_DYNSYM};
	bool any = false;

	for (unsigned int i = 0; i < 2 && !any; i++)
		for (Elf_Scn *section = elf_nextscn(elf, NULL); section;
		     section = elf_nextscn(elf, section)) {
			GElf_Shdr header;

			if (!gelf_getshdr(section, &header) || header.sh_type != tables[i])
				continue;
			read_symbols(elf, section, search);
			any = true;
		}
}

static int search_file(const char *path, struct search *search, char *why, size_t size)
{
	int file = open(path, O_RDONLY | O_CLOEXEC), error = 0;
	Elf *elf = NULL;

	if (file < 0) {
		error = -errno;
		snprintf(why, size, "%s: %s", path, strerror(-error));
		return error;
	}
	elf_version(EV_CURRENT);
	elf = elf_begin(file, ELF_C_READ_MMAP, NULL);
	if (elf && elf_kind(elf) == ELF_K_ELF) {
		read_file(elf, search);
	} else {
		error = -ENOEXEC;
		snprintf(why, size, "%s: no ELF file, so no program", path);
	}
	elf_end(elf);
	close(file);
	return error;
}

static void say_near(const struct search *search, char *why, size_t size)
{
	size_t length = strlen(why);

	for (unsigned int i = 0; i < NEAR_MAX && *search->near[i].name && length < size; i++)
		length += (size_t)snprintf(why + length, size - length, "%s %s",
					   i ? "," : "; there is", search->near[i].name);
}

int function_find(struct symbols *symbols, const char *path, const char *name, char *why,
		  size_t size)
{
	struct search search = {.name = name};
	int error = 0;

	for (unsigned int i = 0; i < NEAR_MAX; i++)
		search.near[i].distance = ~0U;
	if (path)
		error = search_file(path, &search, why, size);
	else
		symbols_each(symbols, offer, &search);
	if (error || search.found == 1 || (path && search.found))
		return error;
	if (search.found) {
		snprintf(why, size, "the kernel has %u functions %s: none can be meant",
			 search.found, name);
		return -ENOENT;
	}
	snprintf(why, size, "%s has no function %s (wrong name, or inlined wherever it is called)",
		 path ? path : "the kernel", name);
	say_near(&search, why, size);
	return -ENOENT;
}
