/* SPDX-License-Identifier: GPL-2.0-only */
/* module_command.c - any command in a guest, with files, beside the module or without it. */
#include "arguments.h"
#include "launch.h"
#include "linux_guest.h"

#include <stdlib.h>
#include <string.h>

/* A file may have a = in its name. */
static bool is_option(const char *word)
{
	static const char *const names[] = {"accel", "cpus",   "first", "kernel",
					    "mode",  "module", "ram",	"watchdog"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strncmp(word, names[i], strlen(names[i])) && word[strlen(names[i])] == '=')
			return true;
	return false;
}

/* Words before "--", into options and files. How many are options. */
static int part_words(int nr_words, char **words, const char **files, int *nr_files)
{
	int nr_options = 1;

	*nr_files = 0;
	for (int i = 1; i < nr_words; i++) {
		if (is_option(words[i]))
			words[nr_options++] = words[i];
		else
			files[(*nr_files)++] = words[i];
	}
	return nr_options;
}

static int add_files(struct linux_guest *run, const char *const *files, int nr_files)
{
	int failed = archive_add_folder(run->archive, GUEST_FILES + 1);

	for (int i = 0; i < nr_files && !failed; i++) {
		const char *slash = strrchr(files[i], '/');
		char *name = launch_format("%s/%s", GUEST_FILES + 1, slash ? slash + 1 : files[i]);

		failed = archive_add(run->archive, files[i], name);
		free(name);
	}
	return failed || archive_end(run->archive) ? LAUNCH_FAILED : 0;
}

static char *join(int nr_words, char *const *words)
{
	char *line = launch_format("%s", words[0]);

	for (int i = 1; i < nr_words; i++) {
		char *longer = launch_format("%s %s", line, words[i]);

		free(line);
		line = longer;
	}
	return line;
}

int module_command(struct linux_guest *run, int nr_words, char *const *words)
{
	const char *files[ARGUMENTS_MAX];
	char *before[ARGUMENTS_MAX];
	bool module = true;
	int split = 1, nr_options, nr_files, code;

	while (split < nr_words && strcmp(words[split], "--"))
		split++;
	if (split + 1 >= nr_words || split > ARGUMENTS_MAX) {
		launch_error("say what the guest is to do: `trimm-qemu module sh [NAME=VALUE...] "
			     "[FILE...] -- COMMAND...`");
		return LAUNCH_USAGE;
	}
	memcpy(before, words, (size_t)split * sizeof(*before));
	nr_options = part_words(split, before, files, &nr_files);
	for (int i = 1; i < nr_options; i++) {
		module = module && strcmp(before[i], "module=none");
		if (!strncmp(before[i], "first=", strlen("first=")))
			run->first = before[i] + strlen("first=");
	}
	code = options_read(&run->options, nr_options, before);
	if (!code)
		code = linux_guest_size(run);
	if (!code)
		code = prepared_get(&run->prepared, linux_guest_kernel(nr_options, before), module);
	if (!code)
		code = linux_guest_open_archive(run, module);
	if (!code)
		code = add_files(run, files, nr_files);
	if (code)
		return code;
	run->command = join(nr_words - split - 1, words + split + 1);
	return linux_guest_execute(run);
}
