#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Every workload on a kernel that checks itself: mmcore's assertions and shadow are on (check
# level 2), tri_check() follows the work, and all frames are free again at the end, or it fails.
TRIMM_BUILD=$(cd "$(dirname "$0")/../.." && pwd)/build/asan
. "$(dirname "$0")/setup"

# A shadow takes more memory than the launcher knows of.
words=(cpus=2 "${small[@]}" ram=512M exact_ops=16 accel=tcg)

# These keep tens of thousands of areas.
large=(cpus=2 memory=256M window=512M ram=2G blocks=2 warmup=0 slice=50 exact_ops=16 accel=tcg)

trace=$root/tests/unit/three_lanes.trace

checked() { # WORKLOAD
	case $1 in
	full_fit_alloc_test | long_busy_list_alloc_test) try kernel "$1" "${large[@]}" ;;
	tlb_flush1 | tlb_flush3 | vmalloc-scan) try kernel "$1" "${words[@]}" mib=4 ;;
	replay) try kernel "$1" "${words[@]}" trace="$trace" ;;
	*) try kernel "$1" "${words[@]}" ;;
	esac
	if [[ $code -eq 77 && $out == *'"status":"not_applicable"'* ]]; then
		skip "mmcore has no such thing"
	fi
	expect_code 0
	expect "$err" ""
	expect "$out" '*"check_level":2,*"status":"ok"*'
}

declare_tests checked
tap_run
