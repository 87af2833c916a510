/* SPDX-License-Identifier: GPL-2.0-only */
/* nightly_build.c - both cores of a night, built, and called as the arms that load them are. */
#include "cli.h"
#include "directory.h"
#include "nightly.h"
#include "results.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Where the target finds core=NAME. */
#define CORES_VARIABLE "TRIMM_CORES"

/*
 * A core that cannot be had: a commit's own fault ends the night, as does one that this trimm can
 * compare with nothing; anything else only stops it.
 */
static int no_core(struct nightly *nightly, enum build_result result, const char *who,
		   const struct git_commit *commit, const struct run_error *error)
{
	int code = result == BUILD_UNFIT ? TRIMM_UNCLEAR : TRIMM_FAILED;
	char *why =
		cli_format("%s %.*s \"%s\": %s%s", who, GIT_SHORT, commit->commit, commit->subject,
			   result == BUILD_BROKEN  ? "does not build: "
			   : result == BUILD_UNFIT ? "not comparable: "
						   : "",
			   error->text);

	cli_error("%s", why);
	if (result == BUILD_BROKEN || result == BUILD_UNFIT) {
		nightly->night->exit = code;
		nightly->night->summary =
			night_text(nightly->night, result == BUILD_UNFIT ? "trimm: not comparable"
									 : "trimm: nightly failed");
		nightly_end(nightly, "failed", why);
	}
	free(why);
	return code;
}

static int build(struct nightly *nightly, const char *who, const struct git_commit *commit,
		 char **path)
{
	enum build_result result;
	struct run_error error;

	if (!builds_has(&nightly->builds, commit->commit))
		nightly_say(nightly, "builds the core of %s, %.*s", who, GIT_SHORT, commit->commit);
	result = builds_core(&nightly->builds, commit->commit, path, &error);
	return result ? no_core(nightly, result, who, commit, &error) : 0;
}

static int link_core(const struct nightly *nightly, const char *name, const char *core)
{
	char *path = cli_format("%s/%s.so", nightly->cores, name);
	int failed = symlink(core, path);

	if (failed)
		cli_error("%s: %m", path);
	free(path);
	return failed ? TRIMM_FAILED : 0;
}

/* Names for them, in a folder of this night. */
static int name_cores(struct nightly *nightly, const char *reference, const char *head)
{
	int error, code;

	nightly->cores = cli_format("%s/cores", nightly->builds.directory);
	directory_remove(nightly->cores);
	error = directory_make(nightly->cores);
	if (error) {
		cli_error("%s: %s", nightly->cores, strerror(-error));
		return TRIMM_FAILED;
	}
	code = link_core(nightly, NIGHT_REFERENCE, reference);
	if (!code)
		code = link_core(nightly, NIGHT_COPY, reference);
	if (!code)
		code = link_core(nightly, NIGHT_HEAD, head);
	setenv(CORES_VARIABLE, nightly->cores, 1);
	return code;
}

int nightly_build(struct nightly *nightly)
{
	char *directory = cli_format("%s/builds", results_directory());
	char *reference = NULL, *head = NULL;
	struct run_error error;
	int code = 0;

	if (builds_open(&nightly->builds, nightly->repo, directory, "trimm nightly", &error)) {
		cli_error("%s", error.text);
		code = TRIMM_FAILED;
	}
	free(directory);
	if (!code)
		code = build(nightly, "the reference", &nightly->reference, &reference);
	if (!code)
		code = build(nightly, "HEAD", &nightly->head, &head);
	if (!code)
		code = name_cores(nightly, reference, head);
	free(reference);
	free(head);
	return code;
}
