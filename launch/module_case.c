/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * module_case.c - a case of the module, in a guest of its own; and what the module says of itself,
 * which is known since the guest was prepared.
 */
#include "launch.h"
#include "linux_guest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int check_exact(const struct options *options)
{
	if (!options->exact)
		return 0;
	if (options->model) {
		launch_error(
			"tlb=%s: no TLB is modelled of a Linux guest, which does not tell what "
			"it flushes; leave tlb= out",
			options->model);
		return LAUNCH_USAGE;
	}
	return 0;
}

/*
 * accel= as it was decided; all others as they came. To describe itself it takes none; a selftest
 * has no settings.
 */
static char *case_words(const struct linux_guest *run, int nr_words, char *const *words)
{
	char *line = launch_format("%s", words[0]), *longer;

	if (!strcmp(words[0], "describe"))
		return line;
	for (int i = 1; i <= nr_words; i++) {
		if (i == nr_words && run->options.runs)
			longer = launch_format("%s\naccel=%s", line, run->accel.name);
		else if (i < nr_words && strncmp(words[i], "accel=", strlen("accel=")) &&
			 !(run->options.selftest && strchr(words[i], '=')))
			longer = launch_format("%s\n%s", line, words[i]);
		else
			continue;
		free(line);
		line = longer;
	}
	return line;
}

/* What the guest said when it was prepared, as if it said so now. */
static int tell_description(const struct prepared *prepared)
{
	char *path = prepared_file(prepared, "describe.json"), *line = NULL;
	FILE *file = fopen(path, "re");
	struct sink sink;
	size_t size = 0;
	ssize_t length;

	if (!file) {
		launch_error("%s: %m", path);
		free(path);
		return LAUNCH_FAILED;
	}
	sink_open(&sink, NULL);
	while ((length = getline(&line, &size, file)) > 0)
		sink_record(&sink, line, (size_t)length - (line[length - 1] == '\n'));
	free(line);
	fclose(file);
	free(path);
	return 0;
}

int module_case(struct linux_guest *run, int nr_words, char *const *words)
{
	int code = options_read(&run->options, nr_words, words);

	if (!code)
		code = check_exact(&run->options);
	if (!code)
		code = linux_guest_size(run);
	if (!code)
		code = prepared_get(&run->prepared, linux_guest_kernel(nr_words, words), true);
	if (code)
		return code;
	if (!strcmp(words[0], "describe") && !run->prepared.as_it_is)
		return tell_description(&run->prepared);
	code = linux_guest_open_archive(run, true);
	if (!code && archive_end(run->archive))
		code = LAUNCH_FAILED;
	if (code)
		return code;
	if (run->options.exact && run->cpus == 1) {
		run->rows_fd = plugin_rows(&run->rows);
		if (run->rows_fd < 0)
			return LAUNCH_FAILED;
	}
	accel_choose(&run->accel, &run->options);
	run->words = case_words(run, nr_words, words);
	code = linux_guest_execute(run);
	free(run->words);
	return code;
}

int launch_module(int nr_words, char *const *words)
{
	static struct linux_guest run;

	if (!strcmp(words[0], "sh"))
		return module_command(&run, nr_words, words);
	return module_case(&run, nr_words, words);
}
