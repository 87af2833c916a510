/* SPDX-License-Identifier: GPL-2.0-only */
/* test_builds.c - cores of commits: built once, never by half, and who is to blame if not. */
#include "cli/builds.h"
#include "git_repo.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static char *repo, *directory;
static struct builds builds;

static int setup(void **state)
{
	struct run_error error;
	char *loader;

	(void)state;
	repo = repo_make();
	assert_true(asprintf(&directory, "%s/kept/builds", repo) > 0);
	/* It loads what is not of another kind, which is all until a test says so. */
	repo_do(repo, "mkdir -p kept && printf '#!/bin/sh\n! grep -qsf %%s/kept/kinds \"$2\" || "
		      "{ echo \"$2 is of another kind\"; exit 1; }\n' \"$PWD\" >kept/trimm-user && "
		      "chmod +x kept/trimm-user");
	assert_true(asprintf(&loader, "%s/kept", repo) > 0);
	setenv("TRIMM_TARGET_DIR", loader, 1);
	free(loader);
	assert_int_equal(builds_open(&builds, repo, directory, "the test", &error), BUILD_DONE);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	builds_close(&builds);
	repo_do(repo, "test ! -e kept/builds/worktree && test ! -e kept/builds/lock");
	repo_do(repo, "test $(git worktree list | wc -l) = 1");
	repo_do(repo, "test -z \"$(ls kept/builds | grep '[.]new$')\"");
	free(directory);
	repo_remove(repo);
	return 0;
}

static void commit_source(const char *text)
{
	repo_do(repo, "echo '%s' >source && git commit -q -a -m '%s'", text, text);
}

/* The core of @revision: what is in it, or NULL and @why not. */
static char *core_of(const char *revision, enum build_result expected, struct run_error *why)
{
	enum build_result result;
	char *path, *line = NULL;
	size_t size = 0;
	FILE *file;

	result = builds_core(&builds, repo_commit(repo, revision), &path, why);
	if (result != expected)
		fail_msg("%d and not %d: %s", result, expected, why->text);
	if (expected) {
		assert_null(path);
		assert_null(strchr(why->text, '\n'));
		return NULL;
	}
	file = fopen(path, "r");
	assert_non_null(file);
	assert_true(getdelim(&line, &size, 0, file) > 0);
	fclose(file);
	free(path);
	return line;
}

static void assert_core(const char *revision, const char *source)
{
	struct run_error why;
	char *core = core_of(revision, BUILD_DONE, &why), *expected;

	assert_true(asprintf(&expected, "%s\n%.*s\n", source, GIT_SHORT,
			     repo_commit(repo, revision)) > 0);
	assert_string_equal(core, expected);
	free(expected);
	free(core);
}

static void a_commit_is_built_once(void **state)
{
	(void)state;
	commit_source("second");
	assert_false(builds_has(&builds, repo_commit(repo, "HEAD")));
	assert_core("HEAD~1", "first");
	assert_core("HEAD", "second");
	assert_true(builds_has(&builds, repo_commit(repo, "HEAD")));
	repo_do(repo, "test $(wc -l <kept/builds/worktree/compiled) = 2");
	assert_core("HEAD~1", "first");
	repo_do(repo, "test $(wc -l <kept/builds/worktree/compiled) = 2");
}

static void what_is_checked_out_is_not_what_is_built(void **state)
{
	(void)state;
	repo_do(repo, "echo dirt >source");
	assert_core("HEAD", "first");
	repo_do(repo, "test $(cat source) = dirt");
}

static void a_core_of_another_compiler_is_built_anew(void **state)
{
	(void)state;
	assert_core("HEAD", "first");
	repo_do(repo, "sed -i 's/\"compiler\": \"/&old /' kept/builds/*.json");
	assert_false(builds_has(&builds, repo_commit(repo, "HEAD")));
	assert_core("HEAD", "first");
	assert_true(builds_has(&builds, repo_commit(repo, "HEAD")));
}

static void a_core_of_another_kind_is_built_anew(void **state)
{
	(void)state;
	assert_core("HEAD", "first");
	repo_do(repo,
		"echo older >kept/kinds && echo older >>kept/builds/$(git rev-parse HEAD).so");
	assert_false(builds_has(&builds, repo_commit(repo, "HEAD")));
	assert_core("HEAD", "first");
	assert_true(builds_has(&builds, repo_commit(repo, "HEAD")));
}

static void a_commit_whose_core_is_of_another_kind_says_so(void **state)
{
	struct run_error why;

	(void)state;
	commit_source("older");
	repo_do(repo, "echo older >kept/kinds");
	core_of("HEAD", BUILD_UNFIT, &why);
	assert_string_equal(why.text, "its core is of another kind");
	assert_false(builds_has(&builds, repo_commit(repo, "HEAD")));
	assert_core("HEAD~1", "first");
}

static void a_broken_commit_is_to_blame(void **state)
{
	struct run_error why;

	(void)state;
	commit_source("broken");
	assert_core("HEAD~1", "first");
	core_of("HEAD", BUILD_BROKEN, &why);
	assert_non_null(strstr(why.text, "Error 1"));
	assert_non_null(strstr(why.text, ".log"));
	assert_core("HEAD~1", "first");
}

static void what_another_left_is_not(void **state)
{
	(void)state;
	/* Here a file named `clean' is a folder of the next commit's. */
	repo_do(repo, "printf 'core:\\n\\tmkdir made build build/release\\n\\tcp source "
		      "build/release/trimm-core.so\\n\\techo $(CORE_REVISION) "
		      ">>build/release/trimm-core.so\\n' >Makefile && git commit -q -a -m twice");
	commit_source("third");
	assert_core("HEAD~1", "first");
	assert_core("HEAD", "third");
}

static void a_commit_without_a_core_says_so(void **state)
{
	struct run_error why;

	(void)state;
	repo_do(repo, "echo 'all:' >Makefile && git commit -q -a -m without");
	core_of("HEAD", BUILD_BROKEN, &why);
	assert_non_null(strstr(why.text, "no `make core`"));
	repo_do(repo, "echo 'core: ; true' >Makefile && git commit -q -a -m nothing");
	core_of("HEAD", BUILD_BROKEN, &why);
	assert_non_null(strstr(why.text, "made no"));
}

static void a_machine_is_to_blame_for_its_own(void **state)
{
	static const char *const said[] = {"echo cannot write: No space left on device; false",
					   "nosuchcompiler -c source", "kill -9 $$PPID"};
	struct run_error why;

	(void)state;
	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
		repo_do(repo, "printf '%%s\\n' 'core: ; %s' >Makefile && git commit -q -a -m no",
			said[i]);
		core_of("HEAD", BUILD_ENVIRONMENT, &why);
	}
}

static void a_file_that_cannot_grow_is_the_machines(void **state)
{
	struct rlimit before, small = {16, 16};
	struct run_error why;

	(void)state;
	assert_core("HEAD", "first");
	repo_do(repo, "rm kept/builds/*.so");
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &before);
	small.rlim_max = before.rlim_max;
	setrlimit(RLIMIT_FSIZE, &small);
	core_of("HEAD", BUILD_ENVIRONMENT, &why);
	setrlimit(RLIMIT_FSIZE, &before);
	assert_core("HEAD", "first");
}

static void only_one_at_a_time(void **state)
{
	struct builds other;
	struct run_error error;

	(void)state;
	assert_int_equal(builds_open(&other, repo, directory, "another", &error),
			 BUILD_ENVIRONMENT);
	assert_non_null(strstr(error.text, "held by the test, process "));
	builds_close(&other);
	assert_core("HEAD", "first");
}

/* The disk as kill -9 in the middle of a build leaves it. */
static void what_a_killed_one_left_is_removed(void **state)
{
	struct run_error error;
	int status;
	pid_t pid;

	(void)state;
	commit_source("second");
	builds_close(&builds);
	pid = fork();
	if (!pid) {
		char *path;

		if (builds_open(&builds, repo, directory, "one that dies", &error) ||
		    builds_core(&builds, repo_commit(repo, "HEAD"), &path, &error))
			_exit(1);
		repo_do(repo, "echo half >kept/builds/worktree/object && echo >kept/builds/x.new");
		raise(SIGKILL);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	repo_do(repo, "test -e kept/builds/worktree && test -e kept/builds/lock");
	assert_int_equal(builds_open(&builds, repo, directory, "the test", &error), BUILD_DONE);
	repo_do(repo, "test ! -e kept/builds/worktree && test ! -e kept/builds/x.new");
	assert_true(builds_has(&builds, repo_commit(repo, "HEAD")));
	assert_core("HEAD~1", "first");
}

static void only_some_are_kept(void **state)
{
	const char *keep[] = {NULL, NULL};

	(void)state;
	for (int i = 0; i < 4; i++) {
		char text[32];

		snprintf(text, sizeof(text), "number %d", i);
		commit_source(text);
		assert_core("HEAD", text);
	}
	/* Asked for again: the newest, though the oldest to be built. */
	assert_core("HEAD~3", "number 0");
	keep[0] = strdup(repo_commit(repo, "HEAD~2"));
	builds_keep(&builds, 2, keep);
	assert_true(builds_has(&builds, repo_commit(repo, "HEAD~3")));
	assert_true(builds_has(&builds, repo_commit(repo, "HEAD~2")));
	assert_false(builds_has(&builds, repo_commit(repo, "HEAD~1")));
	assert_false(builds_has(&builds, repo_commit(repo, "HEAD")));
	repo_do(repo, "test $(ls kept/builds | grep -c '[.]\\(so\\|json\\|log\\)$') = 6");
	free((char *)keep[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(a_commit_is_built_once),
		TEST(what_is_checked_out_is_not_what_is_built),
		TEST(a_core_of_another_compiler_is_built_anew),
		TEST(a_core_of_another_kind_is_built_anew),
		TEST(a_commit_whose_core_is_of_another_kind_says_so),
		TEST(a_broken_commit_is_to_blame),
		TEST(what_another_left_is_not),
		TEST(a_commit_without_a_core_says_so),
		TEST(a_machine_is_to_blame_for_its_own),
		TEST(a_file_that_cannot_grow_is_the_machines),
		TEST(only_one_at_a_time),
		TEST(what_a_killed_one_left_is_removed),
		TEST(only_some_are_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
