/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * module_case.c - cases of the module in a guest, which the first one's words choose; and what the
 * module says of itself, which is known since the guest was prepared.
 */
#include "launch.h"
#include "linux_guest.h"
#include "tracing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Where the file that trace= names is in the guest. */
#define GUEST_TRACE "/trace"

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
		else if (i < nr_words && !strncmp(words[i], "trace=", strlen("trace=")))
			longer = launch_format("%s\ntrace=%s", line, GUEST_TRACE);
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

/* Words of the first case: up to a "--", or all. */
static int case_length(int nr_words, char *const *words)
{
	int n = 0;

	while (n < nr_words && strcmp(words[n], "--"))
		n++;
	return n;
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

/* All are one guest's: the first says which. */
static int read_cases(struct linux_guest *run, int nr_words, char *const *words)
{
	struct options others;
	int code = options_read(&run->options, case_length(nr_words, words), words);

	if (!code)
		code = check_exact(&run->options);
	for (int i = case_length(nr_words, words) + 1; i < nr_words && !code;
	     i += case_length(nr_words - i, words + i) + 1)
		code = options_read(&others, case_length(nr_words - i, words + i), words + i);
	return code;
}

static int write_cases(struct linux_guest *run, int nr_words, char *const *words)
{
	int n;

	for (int i = 0; i < nr_words; i += n + 1) {
		n = case_length(nr_words - i, words + i);
		if (!n) {
			launch_error("nothing stands between two --, where a case should");
			return LAUNCH_USAGE;
		}
		run->cases = realloc(run->cases, (run->nr_cases + 1) * sizeof(*run->cases));
		run->cases[run->nr_cases++] = case_words(run, n, words + i);
	}
	if (run->rows && run->nr_cases > 1) {
		launch_error("what a plugin counts takes a boot for each case");
		return LAUNCH_USAGE;
	}
	return 0;
}

/* What is counted exactly is counted alone. */
static bool is_traced(const struct linux_guest *run)
{
	if (!run->options.runs || !tracing_wanted())
		return false;
	if (!run->options.exact)
		return true;
	launch_error("not traced: probes would be part of what --mode exact counts");
	return false;
}

int module_case(struct linux_guest *run, int nr_words, char *const *words)
{
	int first = case_length(nr_words, words);
	int code = read_cases(run, nr_words, words);

	if (!code)
		code = linux_guest_size(run);
	if (!code)
		code = prepared_get(&run->prepared, linux_guest_kernel(first, words), true);
	if (code)
		return code;
	if (!strcmp(words[0], "describe") && !run->prepared.as_it_is)
		return tell_description(&run->prepared);
	code = linux_guest_open_archive(run, true);
	if (!code && run->options.trace)
		code = archive_add(run->archive, run->options.trace, GUEST_TRACE + 1)
			       ? LAUNCH_FAILED
			       : 0;
	run->traced = !code && is_traced(run);
	if (run->traced && tracing_add(run->archive))
		code = LAUNCH_FAILED;
	if (!code && archive_end(run->archive))
		code = LAUNCH_FAILED;
	if (code)
		return code;
	if (run->options.runs && run->options.exact && run->cpus == 1) {
		run->rows_fd = plugin_rows(&run->rows);
		if (run->rows_fd < 0)
			return LAUNCH_FAILED;
	}
	accel_choose(&run->accel, &run->options);
	code = write_cases(run, nr_words, words);
	if (!code && run->traced)
		tracing_begin(&run->accel, run->prepared.release);
	if (!code)
		code = linux_guest_execute(run);
	for (size_t i = 0; i < run->nr_cases; i++)
		free(run->cases[i]);
	free(run->cases);
	return code;
}

/* What it said when it was prepared last, be it of older sources; nothing, if it never was. */
static int module_described(int nr_words, char *const *words)
{
	struct prepared prepared;
	int code = prepared_find(&prepared, linux_guest_kernel(nr_words, words));
	char *path = code ? NULL : prepared_file(&prepared, "describe.json");

	if (!code)
		code = access(path, R_OK) ? LAUNCH_NOTHING : tell_description(&prepared);
	free(path);
	return code;
}

int launch_module(int nr_words, char *const *words)
{
	static struct linux_guest run;

	if (!strcmp(words[0], "described"))
		return module_described(nr_words, words);
	if (!strcmp(words[0], "sh"))
		return module_command(&run, nr_words, words);
	return module_case(&run, nr_words, words);
}
