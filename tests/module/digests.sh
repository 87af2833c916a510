#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Every workload makes the same operations of a seed inside Linux as in user space and in the
# kernel, for every subject: a boot for each of the kernels, where nothing is run.
. "$(dirname "$0")/setup"
. "$(dirname "$0")/../digests"

everywhere() { # KERNEL
	"$build/trimm-user" digests "${seeds[@]}" "${arms_of_user[@]}" >"$scratch/user"
	timeout -k 1 "$patience" "$build/trimm-qemu" kernel digests "${seeds[@]}" "${arms[@]}" \
		>"$scratch/kernel"
	module digests "${seeds[@]}" "${arms_of_module[@]}" kernel="$1" >"$scratch/module"
	agree "$scratch/user" "$scratch/kernel" "$scratch/module"
	module describe kernel="$1" >"$scratch/describe"
	all_offered "$scratch/describe" "$scratch/module" "${arms_of_module[@]}"
}

declare_kernel_tests everywhere
tap_run
