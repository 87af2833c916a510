/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fuzz.c - libFuzzer's way into the streams: FUZZ_STREAM in the environment names the one.
 * `make fuzz` runs it; tests/stream/test_corpus.c replays what it found without clang.
 */
#include <stdio.h>
#include <string.h>

#include "tests/stream/stream.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum stream which;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *name = getenv("FUZZ_STREAM");

	(void)argc, (void)argv;
	for (which = 0; which < STREAM_COUNT; which++) {
		if (name && !strcmp(name, stream_info[which].name))
			return 0;
	}
	fprintf(stderr, "fuzz: FUZZ_STREAM must name a stream of tests/stream/streams.def\n");
	exit(2);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct source source = source_of_bytes(data, size);

	if (size)
		stream_run(which, &source, STREAM_FREE);
	return 0;
}
