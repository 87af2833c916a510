/* SPDX-License-Identifier: GPL-2.0-only */
/* frames.c - see frames.h. What is mapped is opened at once, while it is there, and read later. */
#include "frames.h"

#include <fcntl.h>
#include <gelf.h>
#include <inttypes.h>
#include <libelf.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

/* Those that come later have addresses for names. */
#define PROCESSES_MAX 256
#define IMAGES_MAX    512

struct function {
	uint64_t address, size;
	const char *name; /* in the file's own memory */
	bool global;
};

/* A file of code, whoever has mapped it. */
struct image {
	unsigned long device[2], inode;
	char name[64]; /* without its folder */
	int fd;	       /* -1: it can't be opened, or is the vDSO */
	bool read;
	Elf *elf;
	size_t functions;
	struct function *function;
};

/* Code that is mapped. */
struct area {
	uint64_t low, high, offset;
	struct image *image; /* NULL: no file's */
};

struct process {
	uint32_t id;
	size_t areas;
	struct area *area;
};

struct frames {
	unsigned int processes, images;
	struct process process[PROCESSES_MAX];
	struct image *image[IMAGES_MAX];
};

struct frames *frames_open(void)
{
	elf_version(EV_CURRENT);
	return calloc(1, sizeof(struct frames));
}

static void close_image(struct image *image)
{
	if (image->elf)
		elf_end(image->elf);
	if (image->fd >= 0)
		close(image->fd);
	free(image->function);
	free(image);
}

void frames_close(struct frames *frames)
{
	if (!frames)
		return;
	for (unsigned int i = 0; i < frames->images; i++)
		close_image(frames->image[i]);
	for (unsigned int i = 0; i < frames->processes; i++)
		free(frames->process[i].area);
	free(frames);
}

/* --- What a process has mapped --- */

/* One line of /proc/PID/maps. */
struct line {
	struct area area;
	unsigned long device[2], inode;
	char path[256];
};

static bool is_code(const char *text, struct line *line)
{
	char access[5];

	*line->path = '\0';
	return sscanf(text, "%" SCNx64 "-%" SCNx64 " %4s %" SCNx64 " %lx:%lx %lu %255[^\n]",
		      &line->area.low, &line->area.high, access, &line->area.offset,
		      &line->device[0], &line->device[1], &line->inode, line->path) >= 7 &&
	       access[2] == 'x' && (line->inode || !strcmp(line->path, "[vdso]"));
}

static int open_mapped(uint32_t process, const struct area *area)
{
	char path[96];

	/* The file itself, also if another has its name by now, or in another's view of files. */
	snprintf(path, sizeof(path), "/proc/%u/map_files/%" PRIx64 "-%" PRIx64, process, area->low,
		 area->high);
	return open(path, O_RDONLY | O_CLOEXEC);
}

/* NULL: no room, no memory. */
static struct image *image_of(struct frames *frames, uint32_t process, const struct line *line)
{
	const char *name = strrchr(line->path, '/');
	struct image *image;

	for (unsigned int i = 0; i < frames->images; i++) {
		image = frames->image[i];
		if (image->inode == line->inode && image->device[0] == line->device[0] &&
		    image->device[1] == line->device[1])
			return image;
	}
	image = frames->images < IMAGES_MAX ? calloc(1, sizeof(*image)) : NULL;
	if (!image)
		return NULL;
	image->inode = line->inode;
	memcpy(image->device, line->device, sizeof(image->device));
	snprintf(image->name, sizeof(image->name), "%.63s", name ? name + 1 : line->path);
	image->fd = line->inode ? open_mapped(process, &line->area) : -1;
	frames->image[frames->images++] = image;
	return image;
}

/* What it has mapped now; what it had stays known if it has ended. */
static void look_at(struct frames *frames, struct process *process)
{
	struct area *area = NULL, *more;
	size_t areas = 0;
	struct line line;
	char text[4352];
	FILE *file;

	snprintf(text, sizeof(text), "/proc/%u/maps", process->id);
	file = fopen(text, "re");
	while (file && fgets(text, sizeof(text), file)) {
		if (!is_code(text, &line))
			continue;
		more = reallocarray(area, areas + 1, sizeof(*more));
		if (!more)
			break;
		area = more;
		line.area.image = image_of(frames, process->id, &line);
		area[areas++] = line.area;
	}
	if (file)
		fclose(file);
	if (!areas)
		return;
	free(process->area);
	process->area = area;
	process->areas = areas;
}

static const struct process *find_process(const struct frames *frames, uint32_t id)
{
	for (unsigned int i = 0; i < frames->processes; i++)
		if (frames->process[i].id == id)
			return &frames->process[i];
	return NULL;
}

static const struct area *find_area(const struct process *process, uint64_t address)
{
	for (size_t i = 0; i < process->areas; i++)
		if (address >= process->area[i].low && address < process->area[i].high)
			return &process->area[i];
	return NULL;
}

void frames_saw(struct frames *frames, uint32_t process, const uint64_t *address, size_t count)
{
	struct process *of = (struct process *)find_process(frames, process);
	bool known = of != NULL;

	if (!of && frames->processes == PROCESSES_MAX)
		return;
	if (!of) {
		of = &frames->process[frames->processes++];
		of->id = process;
	}
	for (size_t i = 0; known && i < count; i++)
		known = find_area(of, address[i]) != NULL;
	if (!known)
		look_at(frames, of);
}

/* --- Names --- */

/* Those that more than one function has are the global one's, then the first by name. */
static int by_address(const void *a, const void *b)
{
	const struct function *first = a, *second = b;

	if (first->address != second->address)
		return first->address < second->address ? -1 : 1;
	if (first->global != second->global)
		return first->global ? -1 : 1;
	return strcmp(first->name, second->name);
}

static void add_table(struct image *image, Elf_Scn *section, const GElf_Shdr *header)
{
	Elf_Data *data = elf_getdata(section, NULL);
	size_t count = header->sh_entsize ? header->sh_size / header->sh_entsize : 0;
	struct function *more =
		reallocarray(image->function, image->functions + count, sizeof(*more));
	GElf_Sym symbol;

	if (!more)
		return;
	image->function = more;
	for (size_t i = 0; data && i < count; i++) {
		struct function *function = &image->function[image->functions];

		if (!gelf_getsym(data, (int)i, &symbol) || symbol.st_shndx == SHN_UNDEF ||
		    (GELF_ST_TYPE(symbol.st_info) != STT_FUNC &&
		     GELF_ST_TYPE(symbol.st_info) != STT_GNU_IFUNC))
			continue;
		*function =
			(struct function){symbol.st_value, symbol.st_size,
					  elf_strptr(image->elf, header->sh_link, symbol.st_name),
					  GELF_ST_BIND(symbol.st_info) == STB_GLOBAL};
		image->functions += function->name && *function->name;
	}
}

static Elf *open_image(const struct image *image)
{
	static const uint64_t pages = 2;
	char *vdso = (char *)getauxval(AT_SYSINFO_EHDR);

	if (image->fd >= 0)
		return elf_begin(image->fd, ELF_C_READ_MMAP, NULL);
	/* Every process's is the same, ours too. */
	if (image->inode || !vdso)
		return NULL;
	return elf_memory(vdso, pages * (size_t)sysconf(_SC_PAGESIZE));
}

static void read_image(struct image *image)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	image->read = true;
	image->elf = open_image(image);
	if (!image->elf)
		return;
	while ((section = elf_nextscn(image->elf, section)))
		if (gelf_getshdr(section, &header) &&
		    (header.sh_type == SHT_SYMTAB || header.sh_type == SHT_DYNSYM))
			add_table(image, section, &header);
	if (image->functions)
		qsort(image->function, image->functions, sizeof(*image->function), by_address);
}

/* The address that the file was linked for, of what is at an offset in it. */
static bool linked_address(const struct image *image, uint64_t offset, uint64_t *address)
{
	GElf_Phdr part;
	size_t parts;

	if (!image->elf || elf_getphdrnum(image->elf, &parts))
		return false;
	for (size_t i = 0; i < parts; i++) {
		if (!gelf_getphdr(image->elf, (int)i, &part) || part.p_type != PT_LOAD ||
		    offset < part.p_offset || offset - part.p_offset >= part.p_filesz)
			continue;
		*address = offset - part.p_offset + part.p_vaddr;
		return true;
	}
	return false;
}

static const char *function_at(const struct image *image, uint64_t address)
{
	size_t low = 0, high = image->functions, first;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (image->function[middle].address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low)
		return NULL;
	for (first = low - 1;
	     first && image->function[first - 1].address == image->function[low - 1].address;)
		first--;
	/* One of hand-written code may say no size. */
	for (size_t i = first; i < low; i++)
		if (!image->function[i].size ||
		    address - image->function[i].address < image->function[i].size)
			return image->function[i].name;
	return NULL;
}

void frames_name(const struct frames *frames, uint32_t process, uint64_t address, char *text,
		 size_t size)
{
	const struct process *of = find_process(frames, process);
	const struct area *area = of ? find_area(of, address) : NULL;
	const char *name = NULL;
	uint64_t offset, linked;

	if (!area || !area->image) {
		snprintf(text, size, "0x%" PRIx64, address);
		return;
	}
	offset = address - area->low + area->offset;
	if (!area->image->read)
		read_image(area->image);
	if (linked_address(area->image, offset, &linked))
		name = function_at(area->image, linked);
	if (name)
		snprintf(text, size, "%s", name);
	else
		snprintf(text, size, "%s+0x%" PRIx64, area->image->name, offset);
}
