/* SPDX-License-Identifier: GPL-2.0-only */
/* git_repo.c - see git_repo.h. */
#include "git_repo.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a build takes in and puts out; "made" says from which revision of "source". */
static const char makefile[] = "core: build/release/trimm-core.so\n"
			       "build/release/trimm-core.so: object\n"
			       "\tmkdir -p build/release\n"
			       "\t(cat object; echo $(CORE_REVISION)) >$@\n"
			       "object: source\n"
			       "\techo compiled >>compiled\n"
			       "\tgrep -v broken source >$@\n"
			       ".PHONY: core\n";

char *repo_make(void)
{
	char *repo = strdup("/tmp/trimm-repo-XXXXXX");

	assert_non_null(mkdtemp(repo));
	repo_do(repo,
		"git init -q -b main && git config user.name T && git config user.email t@t "
		"&& printf '%s' >Makefile && echo first >source && git add . "
		"&& git commit -q -m first",
		makefile);
	return repo;
}

void repo_do(const char *repo, const char *fmt, ...)
{
	char line[4096], words[3072];
	va_list args;

	va_start(args, fmt);
	vsnprintf(words, sizeof(words), fmt, args);
	va_end(args);
	snprintf(line, sizeof(line), "cd '%s' && %s", repo, words);
	assert_int_equal(system(line), 0);
}

const char *repo_commit(const char *repo, const char *revision)
{
	static char commit[128];
	char line[4096];
	FILE *git;

	snprintf(line, sizeof(line), "git -C '%s' rev-parse '%s'", repo, revision);
	git = popen(line, "r");
	assert_non_null(git);
	assert_non_null(fgets(commit, sizeof(commit), git));
	assert_int_equal(pclose(git), 0);
	commit[strcspn(commit, "\n")] = 0;
	return commit;
}

void repo_remove(char *repo)
{
	char line[4096];

	snprintf(line, sizeof(line), "rm -rf '%s'", repo);
	assert_int_equal(system(line), 0);
	free(repo);
}
