#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The shapes that others have published show in our counts, or are told with what makes ours differ.
. "$(dirname "$0")/setup"

# Which locks are waited for is a matter of time, and of how busy this machine is: not judged here.
test_published_shapes() {
	need_qemu
	TRIMM_RESULTS=$scratch try timeout -k 1 200 "$build/trimm" run --suite shapes --quiet
	expect_code 0
	for claim in "per-CPU lists win" "a bitmap wins" "interrupts of eager flushing grow" \
		"those of lazy flushing do not" "2 MiB mappings cut"; do
		expect "$out" "*  holds    $claim*"
	done
	expect "$out" "*  differs  a free on another CPU*SLAB's alien arrays are for memory of other NUMA nodes*"
	expect "$(grep -c -e '^  holds ' -e '^  differs ' <<<"$out")" 7
	TRIMM_RESULTS=$scratch try timeout -k 1 100 "$build/trimm" report
	expect_code 0
	grep -q '<section id=shapes>' "$scratch"/report/*/index.html
}

tap_run
