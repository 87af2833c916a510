/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * doctor_guest.c - what --target module needs: kernels for its guest, or what fetches and builds
 * them. QEMU has a line of its own, and KVM is of no use to it.
 */
#include "capture.h"
#include "cli.h"
#include "doctor.h"
#include "sysfs.h"
#include "target.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Debian 12's, by the name after kernel= and that of the package. */
static const struct {
	const char *name, *package;
} kernels[] = {
	{"6.1", "linux-image-cloud-amd64"},
	{"6.12", "linux-image-6.12-cloud-amd64"},
};
#define KERNELS (sizeof(kernels) / sizeof(kernels[0]))

/* Where launch/prepared.c keeps them: in the user's cache, or under build/ in a source tree. */
static char *prepared_folder(void)
{
	char *program = target_program("trimm-qemu"), *folder;
	int beside = (int)(strrchr(program, '/') - program);
	char *sources = cli_format("%.*s/src/guest/prepare", beside, program);
	const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");

	if (access(sources, X_OK)) {
		char *above = cli_format("%.*s/..", beside, program), *build;

		build = realpath(above, NULL);
		folder = cli_format("%s/guest", build ? build : above);
		free(build);
		free(above);
	} else if (cache && *cache == '/') {
		folder = cli_format("%s/trimm/guest", cache);
	} else {
		folder = cli_format("%s/.cache/trimm/guest", home ? home : "");
	}
	free(sources);
	free(program);
	return folder;
}

/* The release of a kernel there whose guest can start at once. */
static bool is_prepared(const char *folder, const char *name, char *release, size_t size)
{
	char *module = cli_format("%s/%s/trimm.ko", folder, name);
	char *path = cli_format("%s/%s/release", folder, name);
	bool prepared = !access(module, R_OK) && sysfs_line(path, release, size);

	free(path);
	free(module);
	return prepared;
}

/* Those there are, as "a, b"; how many. */
static size_t list_prepared(char **text)
{
	char *folder = prepared_folder();
	size_t n = 0;

	*text = cli_format("%s", "");
	for (size_t i = 0; i < KERNELS; i++) {
		char release[128], *longer;

		if (!is_prepared(folder, kernels[i].name, release, sizeof(release)))
			continue;
		longer = cli_format("%s%skernel=%s (%s)", *text, n++ ? ", " : "", kernels[i].name,
				    release);
		free(*text);
		*text = longer;
	}
	free(folder);
	return n;
}

void doctor_guests(void)
{
	char *text, *folder = prepared_folder();

	if (list_prepared(&text))
		doctor_say(FINDING_OK, "guests", "%s", text);
	else
		doctor_say(FINDING_WARN, "guests",
			   "no Linux in %s yet: the first `trimm run --target module` fetches and "
			   "builds for two minutes",
			   folder);
	free(folder);
	free(text);
}

static bool is_in_path(const char *name)
{
	const char *path = getenv("PATH");

	for (path = path ? path : ""; *path; path += strcspn(path, ":"), path += *path == ':') {
		char *program = cli_format("%.*s/%s", (int)strcspn(path, ":"), path, name);
		bool found = !access(program, X_OK);

		free(program);
		if (found)
			return true;
	}
	return false;
}

void doctor_guest_tools(void)
{
	/* Debian's headers ask for the compiler that their kernel was built with. */
	static const char *const wanted[][2] = {{"gcc-12", "gcc-12"},	{"make", "make"},
						{"cpio", "cpio"},	{"xz", "xz-utils"},
						{"dpkg-deb", "dpkg"},	{"strip", "binutils"},
						{"flock", "util-linux"}};
	char *missing = cli_format("%s", "");

	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		char *longer;

		if (is_in_path(wanted[i][0]))
			continue;
		longer = cli_format("%s %s", missing, wanted[i][1]);
		free(missing);
		missing = longer;
	}
	if (*missing)
		doctor_say(FINDING_MISSING, "guest tools",
			   "no module can be built for a Linux guest; install%s", missing);
	else
		doctor_say(FINDING_OK, "guest tools", "what builds a module for a Linux guest");
	free(missing);
}

/* Is the package one that apt-get could fetch? */
static bool is_known(const char *package)
{
	char *argv[] = {"apt-cache", "policy", (char *)package, NULL}, *text;
	bool known = !capture(argv, true, &text) && strstr(text, "Candidate: ") &&
		     !strstr(text, "Candidate: (none)");

	free(text);
	return known;
}

void doctor_guest_packages(void)
{
	char *text;
	size_t prepared = list_prepared(&text), known = 0;

	free(text);
	for (size_t i = 0; i < KERNELS; i++)
		known += is_known(kernels[i].package);
	if (known == KERNELS)
		doctor_say(FINDING_OK, "guest debs", "kernels of Debian can be fetched");
	else if (prepared == KERNELS)
		doctor_say(FINDING_OK, "guest debs", "none to fetch: all kernels are there");
	else
		doctor_say(FINDING_MISSING, "guest debs",
			   "no list of packages knows %s; `apt-get update` as root, with Debian "
			   "12's sources, or give kernel=PATH of a built kernel",
			   is_known(kernels[0].package) ? kernels[1].package : kernels[0].package);
}
