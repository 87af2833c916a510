/* SPDX-License-Identifier: GPL-2.0-only */
/* builds.c - see builds.h. */
#include "builds.h"
#include "program.h"
#include "cli.h"
#include "directory.h"
#include "list.h"
#include "make.h"
#include "target.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Where `make core` puts it, in the tree it is made in. */
#define CORE_IN_TREE "build/release/trimm-core.so"
/* To load a core takes milliseconds. */
enum { LOAD_SECONDS = 30 };

static char *file_of(const struct builds *builds, const char *commit, const char *extension)
{
	return cli_format("%s/%s.%s", builds->directory, commit, extension);
}

/* A core of yesterday's compiler beside one of today's would differ by the compiler. */
static char *ask_compiler(void)
{
	const char *given = getenv("CC");
	char *argv[] = {(char *)(given && *given ? given : "gcc"), "--version", NULL};
	const struct program program = {.stoppable = false};
	char *out, *err;

	if (program_read(argv, &program, &out, &err))
		*out = 0;
	free(err);
	out[strcspn(out, "\n")] = 0;
	return out;
}

static int prepare(struct builds *builds, const char *directory, const char *who,
		   struct run_error *error)
{
	int failed = directory_make(directory);
	char *lock;

	builds->directory = failed ? NULL : realpath(directory, NULL);
	if (!builds->directory) {
		snprintf(error->text, sizeof(error->text),
			 "%s: %s; give another folder with --results", directory,
			 strerror(failed ? -failed : ENOENT));
		return -1;
	}
	lock = cli_format("%s/lock", builds->directory);
	failed = lock_take(&builds->lock, lock, who, error);
	free(lock);
	if (failed)
		return failed;
	builds->worktree = cli_format("%s/worktree", builds->directory);
	directory_remove_files(builds->directory, ".new", 0);
	return git_worktree_remove(builds->repo, builds->worktree, error);
}

enum build_result builds_open(struct builds *builds, const char *repo, const char *directory,
			      const char *who, struct run_error *error)
{
	*builds = (struct builds){.repo = cli_format("%s", repo), .lock = LOCK_NONE};
	builds->compiler = ask_compiler();
	builds->loader = target_program("trimm-user");
	if (!prepare(builds, directory, who, error))
		return BUILD_DONE;
	builds_close(builds);
	return BUILD_ENVIRONMENT;
}

void builds_close(struct builds *builds)
{
	struct run_error error;

	if (builds->there && git_worktree_remove(builds->repo, builds->worktree, &error))
		cli_error("%s", error.text);
	lock_release(&builds->lock);
	free(builds->repo);
	free(builds->directory);
	free(builds->worktree);
	free(builds->compiler);
	free(builds->loader);
	*builds = (struct builds){.lock = LOCK_NONE};
}

/* Was it made with what is here now? */
static bool is_ours(const struct builds *builds, const char *commit)
{
	char *path = file_of(builds, commit, "json");
	json_error_t error;
	json_t *with = json_load_file(path, 0, &error);
	const char *compiler = json_string_value(json_object_get(with, "compiler"));
	bool ours = compiler && !strcmp(compiler, builds->compiler);

	json_decref(with);
	free(path);
	return ours;
}

/* Can it be loaded? *why, if not: what it is or has, malloc()ed, of which the core is the subject.
 */
static bool fits(const struct builds *builds, const char *core, char **why)
{
	char *argv[] = {builds->loader, "core", (char *)core, NULL};
	const struct program program = {.stoppable = false, .seconds = LOAD_SECONDS};
	size_t length = strlen(core);
	char *out, *err;
	bool unfit = program_read(argv, &program, &out, &err) == 1 && !strncmp(out, core, length);

	out[strcspn(out, "\n")] = 0;
	*why = unfit ? cli_format("%s", out + length + strspn(out + length, " ")) : NULL;
	free(out);
	free(err);
	return !unfit;
}

bool builds_has(const struct builds *builds, const char *commit)
{
	char *path = file_of(builds, commit, "so");
	char *why = NULL;
	bool has = !access(path, R_OK) && is_ours(builds, commit) && fits(builds, path, &why);

	free(why);
	free(path);
	return has;
}

static int move(const struct builds *builds, const char *commit, bool clean, struct run_error *why)
{
	if (git_worktree_move(builds->worktree, commit, why))
		return -1;
	return clean ? git_worktree_clean(builds->worktree, why) : 0;
}

/* The worktree to @commit. *fresh: with nothing built in it; set where it is so anyway. */
static int go_to(struct builds *builds, const char *commit, bool *fresh, struct run_error *why)
{
	struct run_error unheard;
	int failed;

	if (builds->there) {
		failed = move(builds, commit, *fresh, why);
	} else {
		failed = git_worktree_add(builds->repo, builds->worktree, commit, why);
		*fresh = true;
	}
	builds->there = !failed;
	/* Half of one is no use: a git that was ended leaves its locks. */
	if (failed)
		git_worktree_remove(builds->repo, builds->worktree, &unheard);
	return failed;
}

/* Of what make left in @core. */
static enum build_result check(const struct builds *builds, const char *core, struct run_error *why)
{
	char *unlike;

	if (access(core, R_OK)) {
		snprintf(why->text, sizeof(why->text), "`make core` made no %s", CORE_IN_TREE);
		return BUILD_BROKEN;
	}
	if (fits(builds, core, &unlike))
		return BUILD_DONE;
	snprintf(why->text, sizeof(why->text), "its core %s", unlike);
	free(unlike);
	return BUILD_UNFIT;
}

/* One try. @fresh: from nothing but what is committed; set where it is so anyway. */
static enum build_result make_core(struct builds *builds, const char *commit, bool *fresh,
				   struct run_error *why)
{
	char *log = file_of(builds, commit, "log");
	struct list words = {NULL, 0};
	enum build_result result = BUILD_ENVIRONMENT;
	char *core;

	unlink(log);
	if (!go_to(builds, commit, fresh, why)) {
		core = cli_format("%s/%s", builds->worktree, CORE_IN_TREE);
		/* That of another commit, if nothing that is left is newer than it. */
		unlink(core);
		list_add(&words, "core");
		list_add(&words, "CORE_REVISION=%.*s", GIT_SHORT, commit);
		result = make_run(builds->worktree, &words, log, why);
		if (!result)
			result = check(builds, core, why);
		free(core);
	}
	list_free(&words);
	free(log);
	return result;
}

/* Beside its place first, so that what is in its place is whole. */
static int copy(const char *from, const char *to, struct run_error *why)
{
	char *unfinished = cli_format("%s.new", to);
	int in = open(from, O_RDONLY | O_CLOEXEC), failed = -1;
	int out = open(unfinished, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);
	char buffer[65536];
	ssize_t n = -1;

	while (in >= 0 && out >= 0 && (n = read(in, buffer, sizeof(buffer))) > 0)
		if (write(out, buffer, n) != n)
			break;
	if (!n && !fsync(out) && !rename(unfinished, to))
		failed = 0;
	if (failed)
		snprintf(why->text, sizeof(why->text), "%s: %m", to);
	if (failed)
		unlink(unfinished);
	if (in >= 0)
		close(in);
	if (out >= 0)
		close(out);
	free(unfinished);
	return failed;
}

static int describe(const struct builds *builds, const char *commit, const char *path,
		    struct run_error *why)
{
	char *unfinished = cli_format("%s.new", path);
	char *command = cli_format("make -s core CORE_REVISION=%.*s", GIT_SHORT, commit);
	json_t *with = json_pack("{s:s, s:s, s:s, s:s}", "commit", commit, "repo", builds->repo,
				 "command", command, "compiler", builds->compiler);
	int failed = json_dump_file(with, unfinished, JSON_INDENT(1)) || rename(unfinished, path);

	if (failed) {
		snprintf(why->text, sizeof(why->text), "%s: %m", path);
		unlink(unfinished);
	}
	json_decref(with);
	free(command);
	free(unfinished);
	return failed;
}

/* Out of the worktree; its description first, for it is the core that says it is there. */
static enum build_result put_away(const struct builds *builds, const char *commit,
				  struct run_error *why)
{
	char *made = cli_format("%s/%s", builds->worktree, CORE_IN_TREE);
	char *core = file_of(builds, commit, "so"), *with = file_of(builds, commit, "json");
	int failed = 0;

	unlink(core);
	failed = describe(builds, commit, with, why) || copy(made, core, why);
	free(with);
	free(core);
	free(made);
	return failed ? BUILD_ENVIRONMENT : BUILD_DONE;
}

enum build_result builds_core(struct builds *builds, const char *commit, char **path,
			      struct run_error *why)
{
	enum build_result result = BUILD_DONE;
	bool fresh = false;
	char *log;

	*path = NULL;
	if (!builds_has(builds, commit)) {
		result = make_core(builds, commit, &fresh, why);
		/* What the last commit left may be what is in its way. */
		if (result == BUILD_BROKEN && !fresh) {
			fresh = true;
			result = make_core(builds, commit, &fresh, why);
		}
		if (!result)
			result = put_away(builds, commit, why);
	}
	if (result)
		return result;
	*path = file_of(builds, commit, "so");
	log = file_of(builds, commit, "log");
	/* When it was last asked for: builds_keep(). */
	utimensat(AT_FDCWD, log, NULL, 0);
	free(log);
	return BUILD_DONE;
}

struct kept {
	char commit[GIT_COMMIT_SIZE];
	struct timespec used;
	bool wanted;
};

static int newest_first(const void *a, const void *b)
{
	const struct kept *one = a, *other = b;

	if (one->wanted != other->wanted)
		return other->wanted - one->wanted;
	if (one->used.tv_sec != other->used.tv_sec)
		return one->used.tv_sec < other->used.tv_sec ? 1 : -1;
	return one->used.tv_nsec < other->used.tv_nsec ? 1 : -1;
}

/* Each COMMIT.log, which is there of what did not build too. */
static size_t list_kept(const struct builds *builds, const char *const *keep, struct kept **list)
{
	DIR *stream = opendir(builds->directory);
	const struct dirent *entry;
	struct stat status;
	size_t n = 0;

	*list = NULL;
	while (stream && (entry = readdir(stream))) {
		const char *dot = strrchr(entry->d_name, '.');
		size_t length = dot ? (size_t)(dot - entry->d_name) : 0;
		struct kept *new;

		if (!length || length >= GIT_COMMIT_SIZE || strcmp(dot, ".log"))
			continue;
		*list = cli_alloc(*list, (n + 1) * sizeof(**list));
		new = &(*list)[n++];
		*new = (struct kept){.wanted = false};
		memcpy(new->commit, entry->d_name, length);
		for (const char *const *at = keep; at && *at; at++)
			new->wanted = new->wanted || !strcmp(*at, new->commit);
		if (!fstatat(dirfd(stream), entry->d_name, &status, 0))
			new->used = status.st_mtim;
	}
	if (stream)
		closedir(stream);
	return n;
}

void builds_keep(const struct builds *builds, size_t n, const char *const *keep)
{
	static const char *const extensions[] = {"so", "json", "log"};
	struct kept *list;
	size_t nr = list_kept(builds, keep, &list);

	if (nr)
		qsort(list, nr, sizeof(*list), newest_first);
	for (size_t i = n; i < nr; i++) {
		for (size_t j = 0; j < 3 && !list[i].wanted; j++) {
			char *path = file_of(builds, list[i].commit, extensions[j]);

			unlink(path);
			free(path);
		}
	}
	free(list);
}
