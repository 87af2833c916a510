/* SPDX-License-Identifier: GPL-2.0-only */
/* finished.c - see finished.h. */
#include "finished.h"
#include "cli.h"
#include "fnv.h"

#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define RUN_SUFFIX ".ndjson"

static char *path_beside(const char *path)
{
	size_t length = strlen(path), suffix = strlen(RUN_SUFFIX);

	if (length > suffix && !strcmp(path + length - suffix, RUN_SUFFIX))
		length -= suffix;
	return cli_format("%.*s.cases", (int)length, path);
}

/* Every word of it, and all that its targets say of themselves: of each workload its version. */
static void name_plan(const struct plan *plan, char hex[FNV_HEX_SIZE])
{
	const struct target *last = NULL;
	uint64_t hash = FNV_START;

	for (size_t i = 0; i < plan->nr_cases; i++) {
		const struct plan_case *at = &plan->cases[i];

		if (at->target != last) {
			char *about = json_dumps(at->target->about, JSON_COMPACT | JSON_SORT_KEYS);

			hash = fnv_add(fnv_add(hash, at->target->program), about ? about : "");
			free(about);
		}
		last = at->target;
		for (size_t j = 0; j < at->words.n; j++)
			hash = fnv_add(hash, at->words.item[j]);
	}
	fnv_hex(hash, hex);
}

#define LINE                                                                                 \
	"plan %16s cases %zu benches %d measured %d skipped %d not_applicable %d failed %d " \
	"length %lld"

/* A line that was cut short does not count, nor one of more than there is of the run. */
static bool read_line(const char *line, const char *plan, off_t there, struct finished *finished)
{
	char named[FNV_HEX_SIZE];

	return sscanf(line, LINE "\n", named, &finished->cases, &finished->benches,
		      &finished->measured, &finished->skipped, &finished->not_applicable,
		      &finished->failed, &finished->length) == 8 &&
	       strchr(line, '\n') && !strcmp(named, plan) && finished->length <= there;
}

bool finished_read(const char *path, const struct plan *plan, struct finished *finished)
{
	char *beside = path_beside(path), *line = NULL, hex[FNV_HEX_SIZE];
	FILE *file = fopen(beside, "re");
	struct finished next;
	struct stat run;
	size_t size = 0;
	bool any = false;

	name_plan(plan, hex);
	while (file && !stat(path, &run) && getline(&line, &size, file) > 0) {
		if (read_line(line, hex, run.st_size, &next)) {
			*finished = next;
			any = true;
		}
	}
	if (file)
		fclose(file);
	free(line);
	free(beside);
	return any;
}

void finished_add(const struct run_records *records, const struct plan *plan, size_t cases)
{
	char *beside = path_beside(records->file->path), hex[FNV_HEX_SIZE];
	int fd = open(beside, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);

	name_plan(plan, hex);
	if (fd < 0 || dprintf(fd, LINE "\n", hex, cases, records->benches, records->measured,
			      records->skipped, records->not_applicable, records->failed,
			      (long long)lseek(records->file->fd, 0, SEEK_END)) < 0)
		cli_error("%s: %m; a night that is stopped now measures this case again", beside);
	if (fd >= 0)
		close(fd);
	free(beside);
}

bool finished_none(const char *path)
{
	char *beside = path_beside(path);
	bool none = access(beside, F_OK);

	free(beside);
	return none;
}

void finished_remove(const char *path)
{
	char *beside = path_beside(path);

	unlink(beside);
	free(beside);
}
