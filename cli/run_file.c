/* SPDX-License-Identifier: GPL-2.0-only */
/* run_file.c - see run_file.h. */
#include "run_file.h"
#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

static int make_directory(const char *path)
{
	if (!mkdir(path, 0777) || errno == EEXIST)
		return 0;
	cli_error("%s: %m; give another folder with --results", path);
	return TRIMM_FAILED;
}

static void name_run(struct run_file *file)
{
	time_t now = time(NULL);
	uint16_t random;
	struct tm utc;
	size_t n;

	gmtime_r(&now, &utc);
	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		random = getpid();
	n = strftime(file->id, sizeof(file->id), "%Y%m%dT%H%M%S", &utc);
	snprintf(file->id + n, sizeof(file->id) - n, "-%04x", random);
	strftime(file->started, sizeof(file->started), "%Y-%m-%dT%H:%M:%SZ", &utc);
}

static void forget_names(struct run_file *file)
{
	free(file->path);
	free(file->begun);
	file->path = file->begun = NULL;
}

int run_file_create(struct run_file *file, const char *results)
{
	char *runs = cli_format("%s/runs", results);
	int code = make_directory(results);

	if (!code)
		code = make_directory(runs);
	*file = (struct run_file){.fd = -1};
	while (!code && file->fd < 0) {
		name_run(file);
		file->path = cli_format("%s/%s.ndjson", runs, file->id);
		file->begun = cli_format("%s.new", file->path);
		file->fd =
			open(file->begun, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0666);
		if (file->fd >= 0)
			break;
		if (errno != EEXIST) {
			cli_error("%s: %m; give another folder with --results", file->path);
			code = TRIMM_FAILED;
		}
		forget_names(file);
	}
	free(runs);
	return code;
}

int run_file_create_at(struct run_file *file, const char *path)
{
	*file = (struct run_file){
		.fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0666)};
	if (file->fd < 0) {
		cli_error("%s: %m; give another file with --output", path);
		return TRIMM_FAILED;
	}
	name_run(file);
	file->path = cli_format("%s", path);
	return 0;
}

/* Its id and start, of its first line. */
static bool read_head(struct run_file *file)
{
	FILE *stream = fopen(file->path, "re");
	json_t *head = stream ? json_loadf(stream, JSON_DISABLE_EOF_CHECK, NULL) : NULL;
	const char *id = json_string_value(json_object_get(head, "run_id"));
	const char *started = json_string_value(json_object_get(head, "started"));

	if (id && started) {
		snprintf(file->id, sizeof(file->id), "%s", id);
		snprintf(file->started, sizeof(file->started), "%s", started);
	}
	json_decref(head);
	if (stream)
		fclose(stream);
	return *file->id;
}

bool run_file_reopen(struct run_file *file, const char *path, long long length)
{
	*file = (struct run_file){
		.fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC),
		.path = cli_format("%s", path),
	};
	if (file->fd >= 0 && read_head(file) && !ftruncate(file->fd, length))
		return true;
	if (file->fd >= 0)
		close(file->fd);
	free(file->path);
	*file = (struct run_file){.fd = -1};
	return false;
}

/* It has its first line, so it can be shown. */
static bool give_name(struct run_file *file)
{
	if (!file->begun)
		return true;
	if (rename(file->begun, file->path)) {
		file->broken = true;
		cli_error("%s: %m; the run stops here", file->path);
		return false;
	}
	free(file->begun);
	file->begun = NULL;
	return true;
}

bool run_file_write(struct run_file *file, const char *line, size_t length)
{
	off_t before;
	ssize_t n;

	if (file->broken)
		return false;
	before = lseek(file->fd, 0, SEEK_END);
	do {
		n = write(file->fd, line, length);
	} while (n < 0 && errno == EINTR);
	if (n == (ssize_t)length)
		return give_name(file);
	if (n >= 0)
		errno = ENOSPC;
	file->broken = true;
	cli_error("%s: %m; the run stops here", file->path);
	/* What went out of this line must not look like a record. */
	if (ftruncate(file->fd, before))
		cli_error("%s: %m; its last line is cut short", file->path);
	return false;
}

bool run_file_add(struct run_file *file, json_t *record)
{
	char *text = json_dumps(record, JSON_COMPACT | JSON_REAL_PRECISION(15));
	char *line = cli_format("%s\n", text ? text : "");
	bool fine = text && run_file_write(file, line, strlen(line));

	free(line);
	free(text);
	json_decref(record);
	return fine;
}

void run_file_close(struct run_file *file, bool remove)
{
	if (file->fd >= 0) {
		if (remove || file->begun)
			unlink(file->begun ? file->begun : file->path);
		else if (fsync(file->fd) && !file->broken)
			cli_error("%s: %m", file->path);
		close(file->fd);
	}
	forget_names(file);
	*file = (struct run_file){.fd = -1};
}
