#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Every workload does the same operations in the kernel as in user space, whatever the seed.
. "$(dirname "$0")/setup"

seeds=(1 2 3 17 42 1000 65537 123456789 4294967296 9007199254740991)
# The digest is known before anything is measured, so as little as there can be will do: an
# operation of the exact phase in the kernel, a few slices in user space, which has no such mode.
both=(memory=256M window=512M exact_ops=1 cpus=2)
of_kernel=(mode=exact)
of_user=(blocks=2 warmup=0 slice=50)

# The digest of an arm that ran.
digest() {
	sed -n '/"status":"\(skipped\|not_applicable\)"/d; s/^{"t":"bench".*"ops_digest":"\([^"]*\)".*/\1/p'
}

# One seed; the two targets side by side.
compare_seed() { # WORKLOAD SEED IMPL
	local words=("$1" "${both[@]}" seed="$2" impl="$3") user kernel

	"$build/trimm-user" "${words[@]}" "${of_user[@]}" >"$scratch/user" 2>&1 &
	kernel=$(kernel "${words[@]}" "${of_kernel[@]}" | digest)
	code=0
	wait $! || code=$?
	[[ $code -eq 77 ]] && return
	user=$(digest <"$scratch/user")
	[[ $user && $kernel == "$user" ]] && return
	echo "$1 seed=$2 impl=$3: user '$user', kernel '$kernel'"
	return 1
}

# The operations are the same whatever they are asked of, and soonest done where nothing is: but
# for the first, seeds go to impl=null, where the workload can do without a core.
compare() { # WORKLOAD
	local seed impl=null

	compare_seed "$1" "${seeds[0]}" mmcore
	[[ $code -eq 77 ]] && skip "user space can't run it"
	for seed in "${seeds[@]:1}"; do
		compare_seed "$1" "$seed" "$impl"
		[[ $code -eq 77 ]] || continue
		impl=mmcore
		compare_seed "$1" "$seed" "$impl"
	done
}

test_there_are_workloads() {
	[[ $(workloads | wc -l) -gt 10 ]]
}

declare_tests compare
tap_run
