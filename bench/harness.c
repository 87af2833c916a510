/* SPDX-License-Identifier: GPL-2.0-only */
/* harness.c - from words to what they ask for; see harness.h. */
#include "harness.h"
#include "case.h"
#include "describe.h"
#include "digests.h"

int bench_main(int nr_words, char *const *words)
{
	static struct case_config config;
	struct host_info host;
	bool check = nr_words && !strcmp(words[0], "check");

	if (nr_words == 1 && !strcmp(words[0], "describe"))
		return describe();
	if (nr_words && !strcmp(words[0], "digests"))
		return digests(nr_words - 1, words + 1);
	if (words_parse(&config, nr_words - check, words + check))
		return 2;
	if (check)
		return 0;
	host_info_read(&host);
	if (config.exact_only && !host.modelled && !host.counts_alone) {
		host_error("mode=exact runs under QEMU: trimm run --mode exact");
		return 2;
	}
	return case_run(&config);
}
