#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Every workload makes the same operations of a seed for every subject, in user space and in the
# kernel; tests/module/digests.sh has the module. Nothing is run: bench/digests.c tells them all.
. "$(dirname "$0")/setup"
. "$(dirname "$0")/../digests"

test_for_every_subject_in_user_space() {
	"$build/trimm-user" digests "${seeds[@]}" "${arms_of_user[@]}" >"$scratch/user"
	agree "$scratch/user"
	for subject in mmcore null native jemalloc; do
		grep -q "\"impl=$subject\":" "$scratch/user"
	done
}

test_in_the_kernel_as_in_user_space() {
	need_qemu
	"$build/trimm-user" digests "${seeds[@]}" "${arms[@]}" >"$scratch/user"
	kernel digests "${seeds[@]}" "${arms[@]}" >"$scratch/kernel"
	agree "$scratch/user" "$scratch/kernel"
	kernel describe >"$scratch/describe"
	all_offered "$scratch/describe" "$scratch/kernel" "${arms[@]}"
}

# What is told is what a case has.
test_a_case_says_the_same() {
	local record

	"$build/trimm-user" digests seed=7 "${arms[@]}" >"$scratch/user"
	record=$("$build/trimm-user" random_size_alloc_test "${small[@]}" seed=7 cpus=2 arm:impl=mmcore |
		sed -n 's/^{"t":"bench".*"ops_digest":"\([^"]*\)".*/\1/p')
	[[ $record ]]
	grep -q "\"random_size_alloc_test\",\"seed\":7,.*\"impl=mmcore\":\"$record\"" "$scratch/user"
}

# Only random workloads can tell whether a seed does anything.
test_seeds_differ() {
	"$build/trimm-user" digests seed=7 seed=8 "${arms[@]}" >"$scratch/user"
	[[ $(grep '"random_size_alloc_test"' "$scratch/user" | cut -d '{' -f 3 | sort -u | wc -l) -eq 2 ]]
}

tap_run
