#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Every workload does the same operations in the kernel as in user space, whatever the seed.
. "$(dirname "$0")/setup"

seeds=(1 2 3 17 42 1000 65537 123456789 4294967296 9007199254740991)
# The digest is known before anything is measured: the exact phase alone, an operation long.
fast=(memory=32M window=64M exact_ops=1 mode=exact)

workloads() {
	"$build/trimm-user" describe | grep -o '{"name":"[^"]*","about":"[^"]*","origin"' |
		cut -d '"' -f 4
}

digest() { # COMMAND...
	"$@" | sed -n 's/^{"t":"bench".*"ops_digest":"\([^"]*\)".*/\1/p'
}

# One workload, all seeds.
compare() { # WORKLOAD
	local seed words of_user of_kernel

	for seed in "${seeds[@]}"; do
		words=("$1" "${fast[@]}" cpus=2 seed="$seed")
		of_user=$(digest "$build/trimm-user" "${words[@]}")
		of_kernel=$(digest kernel "${words[@]}")
		[[ $of_user && $of_kernel == "$of_user" ]] && continue
		echo "$1 seed=$seed: user '$of_user', kernel '$of_kernel'"
		return 1
	done
}

# A test a workload.
declare_tests() {
	local name

	while read -r name; do
		eval "test_${name//-/_}() { need_qemu; compare $name; }"
	done < <(workloads)
}

test_there_are_workloads() {
	[[ $(workloads | wc -l) -gt 10 ]]
}

declare_tests
tap_run
