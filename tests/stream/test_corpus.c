/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_corpus.c - every input that fuzzing kept (tests/fuzz/corpus/<stream>/), again.
 *
 * usage, from the project's folder: test_corpus [STREAM FILE...]
 */
#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "tests/stream/stream.h"

#define CORPUS	  "tests/fuzz/corpus"
#define INPUT_MAX (1UL << 20)

static void replay(enum stream which, const char *path)
{
	static uint8_t bytes[INPUT_MAX];
	FILE *file = fopen(path, "rb");
	struct source source;
	size_t size;

	if (!file)
		fail_msg("%s: cannot be opened", path);
	size = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	source = source_of_bytes(bytes, size);
	/* Flushed: whatever ends the process now, this file did it. */
	fprintf(stderr, "# %s\n", path);
	stream_run(which, &source, STREAM_FREE);
}

static void replay_all(enum stream which)
{
	char path[512];
	unsigned int files = 0;
	struct dirent *entry;
	DIR *folder;

	snprintf(path, sizeof(path), "%s/%s", CORPUS, stream_info[which].name);
	folder = opendir(path);
	if (!folder)
		fail_msg("%s: no such folder here; run this from the project's", path);
	while ((entry = readdir(folder))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s/%s", CORPUS, stream_info[which].name,
			 entry->d_name);
		replay(which, path);
		files++;
	}
	closedir(folder);
	assert_true(files);
}

#define STREAM(name, questions, about)     \
	static void name(void **state)     \
	{                                  \
		(void)state;               \
		replay_all(STREAM_##name); \
	}
#include "tests/stream/streams.def"

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
#define STREAM(name, questions, about) cmocka_unit_test(name),
#include "tests/stream/streams.def"
	};

	if (argc == 1)
		return cmocka_run_group_tests(tests, NULL, NULL);
	for (unsigned int which = 0; which < STREAM_COUNT; which++) {
		if (strcmp(argv[1], stream_info[which].name))
			continue;
		for (int i = 2; i < argc; i++)
			replay(which, argv[i]);
		return 0;
	}
	fprintf(stderr, "test_corpus: no stream %s\n", argv[1]);
	return 2;
}
