/* SPDX-License-Identifier: GPL-2.0-only */
/* test_git.c - what git is asked, of repositories in order and of what is none. */
#include "cli/git.h"
#include "git_repo.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *repo;

static int setup(void **state)
{
	(void)state;
	repo = repo_make();
	repo_do(repo,
		"echo second >source && git commit -q -a -m 'second: a \"word\"' && git tag v2");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	repo_remove(repo);
	return 0;
}

static void says(const struct run_error *error, const char *what)
{
	if (!strstr(error->text, what))
		fail_msg("\"%s\" does not say \"%s\"", error->text, what);
	assert_null(strchr(error->text, '\n'));
}

static void finds_the_repository_above(void **state)
{
	struct run_error error;
	char *below, *found;

	(void)state;
	repo_do(repo, "mkdir -p one/two");
	assert_true(asprintf(&below, "%s/one/two", repo) > 0);
	assert_int_equal(git_open(below, &found, &error), 0);
	assert_string_equal(found, repo);
	free(found);
	free(below);
}

static void refuses_what_is_no_repository(void **state)
{
	char directory[] = "/tmp/trimm-none-XXXXXX";
	struct run_error error;
	char *found;

	(void)state;
	assert_non_null(mkdtemp(directory));
	assert_int_equal(git_open(directory, &found, &error), -1);
	says(&error, "not a git repository");
	assert_null(found);
	rmdir(directory);
	assert_int_equal(git_open(directory, &found, &error), -1);
	says(&error, "No such file");
}

static void is_not_led_astray_by_a_hook(void **state)
{
	struct run_error error;
	char *found;

	(void)state;
	setenv("GIT_DIR", "/nowhere", 1);
	assert_int_equal(git_open(repo, &found, &error), 0);
	unsetenv("GIT_DIR");
	assert_string_equal(found, repo);
	free(found);
}

static void opens_a_bare_repository(void **state)
{
	char commit[GIT_COMMIT_SIZE];
	struct run_error error;
	char *bare, *found;
	bool dirty = true;

	(void)state;
	repo_do(repo, "git clone -q --bare . bare");
	assert_true(asprintf(&bare, "%s/bare", repo) > 0);
	assert_int_equal(git_open(bare, &found, &error), 0);
	assert_string_equal(found, bare);
	assert_int_equal(git_resolve(found, "HEAD", commit, &error), 0);
	assert_int_equal(git_is_dirty(found, &dirty, &error), 0);
	assert_false(dirty);
	free(found);
	free(bare);
}

static void resolves_revisions(void **state)
{
	static const char *const of_head[] = {"HEAD", "main", "v2", "HEAD~0"};
	char commit[GIT_COMMIT_SIZE];
	struct run_error error;

	(void)state;
	for (size_t i = 0; i < sizeof(of_head) / sizeof(of_head[0]); i++) {
		assert_int_equal(git_resolve(repo, of_head[i], commit, &error), 0);
		assert_string_equal(commit, repo_commit(repo, "HEAD"));
	}
	assert_int_equal(git_resolve(repo, "HEAD~1", commit, &error), 0);
	assert_string_equal(commit, repo_commit(repo, "HEAD~1"));
}

static void refuses_unknown_revisions(void **state)
{
	static const char *const unknown[] = {
		"nowhere", "HEAD~9",	  "",
		"--help",  "HEAD:source", "0123456789012345678901234567890123456789"};
	char commit[GIT_COMMIT_SIZE];
	struct run_error error;

	(void)state;
	for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
		assert_int_equal(git_resolve(repo, unknown[i], commit, &error), -1);
		says(&error, "no such revision");
	}
}

static void says_that_a_clone_is_shallow(void **state)
{
	char commit[GIT_COMMIT_SIZE];
	struct run_error error;
	bool is = true;
	char *shallow;

	(void)state;
	assert_int_equal(git_is_shallow(repo, &is, &error), 0);
	assert_false(is);
	repo_do(repo, "git clone -q --depth 1 'file://%s' shallow", repo);
	assert_true(asprintf(&shallow, "%s/shallow", repo) > 0);
	assert_int_equal(git_is_shallow(shallow, &is, &error), 0);
	assert_true(is);
	assert_int_equal(git_resolve(shallow, "HEAD~1", commit, &error), -1);
	says(&error, "git fetch --unshallow");
	free(shallow);
}

static void reads_a_commit(void **state)
{
	struct run_error error;
	struct git_commit commit;

	(void)state;
	assert_int_equal(git_read(repo, "HEAD", &commit, &error), 0);
	assert_string_equal(commit.commit, repo_commit(repo, "HEAD"));
	assert_string_equal(commit.parent, repo_commit(repo, "HEAD~1"));
	assert_string_equal(commit.subject, "second: a \"word\"");
	assert_int_equal(commit.author_date[10], 'T');
	git_commit_free(&commit);
	assert_int_equal(git_read(repo, "HEAD~1", &commit, &error), 0);
	assert_string_equal(commit.parent, "");
	git_commit_free(&commit);
	assert_int_equal(git_read(repo, "nowhere", &commit, &error), -1);
	git_commit_free(&commit);
}

static void sees_what_is_not_committed(void **state)
{
	struct run_error error;
	bool dirty = true;

	(void)state;
	repo_do(repo, "echo >untracked");
	assert_int_equal(git_is_dirty(repo, &dirty, &error), 0);
	assert_false(dirty);
	repo_do(repo, "echo changed >source");
	assert_int_equal(git_is_dirty(repo, &dirty, &error), 0);
	assert_true(dirty);
}

static void knows_who_follows_from_whom(void **state)
{
	struct run_error error;
	bool is = false;

	(void)state;
	assert_int_equal(git_is_ancestor(repo, "HEAD~1", "HEAD", &is, &error), 0);
	assert_true(is);
	assert_int_equal(git_is_ancestor(repo, "HEAD", "HEAD~1", &is, &error), 0);
	assert_false(is);
	assert_int_equal(git_is_ancestor(repo, "HEAD", "nowhere", &is, &error), -1);
}

static void a_worktree_leaves_no_trace(void **state)
{
	struct run_error error;
	char *path, *first;

	(void)state;
	assert_true(asprintf(&path, "%s/tree", repo) > 0);
	assert_true(asprintf(&first, "%s", repo_commit(repo, "HEAD~1")) > 0);
	repo_do(repo,
		"printf '#!/bin/sh\\ntouch \"%s/ran\"\\n' >.git/hooks/post-checkout "
		"&& chmod +x .git/hooks/post-checkout",
		repo);
	assert_int_equal(git_worktree_add(repo, path, first, &error), 0);
	repo_do(path, "test $(cat source) = first && echo dirt >source && echo >new");
	assert_int_equal(git_worktree_move(path, repo_commit(repo, "HEAD"), &error), 0);
	repo_do(path, "test $(cat source) = second && test -e new");
	assert_int_equal(git_worktree_clean(path, &error), 0);
	repo_do(path, "test ! -e new");
	assert_int_equal(git_worktree_remove(repo, path, &error), 0);
	assert_int_equal(git_worktree_remove(repo, path, &error), 0);
	repo_do(repo, "test ! -e tree && test ! -e ran && test $(git worktree list | wc -l) = 1");
	repo_do(repo, "test $(git symbolic-ref HEAD) = refs/heads/main");
	free(first);
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(finds_the_repository_above),   TEST(refuses_what_is_no_repository),
		TEST(is_not_led_astray_by_a_hook),  TEST(opens_a_bare_repository),
		TEST(resolves_revisions),	    TEST(refuses_unknown_revisions),
		TEST(says_that_a_clone_is_shallow), TEST(reads_a_commit),
		TEST(sees_what_is_not_committed),   TEST(knows_who_follows_from_whom),
		TEST(a_worktree_leaves_no_trace),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
