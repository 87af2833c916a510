#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The whole way once, on the real target: measure, compare, report. Numbers that must hold on
# any machine are checked, times are not.
TRIMM_BUILD=$(cd "$(dirname "$0")/../.." && pwd)/build/release
. "$(dirname "$0")/setup"
unset TRIMM_TARGET_DIR

test_run_compare_report() {
	[[ -x $build/trimm-user ]] || skip "no release build; make check makes one first"
	[[ $(nproc) -gt 1 ]] || skip "1 CPU: no shootdowns"
	try trimm run unmap-storm flush=eager,lazy nr_pages=8 cpus=2 blocks=2 warmup=100 --quiet
	expect_code 0
	trimm validate "$(run_file)"
	# The harness measured itself, then both arms ran the same operations.
	expect "$(lines '"t":"bench".*"workload":"null".*"status":"ok"')" 1
	expect "$(lines '"t":"bench".*"workload":"unmap-storm".*"status":"ok"')" 2
	expect "$(grep '"unmap-storm"' "$(run_file)" | grep -o '"ops_digest":"[0-9a-f]*"' |
		sort -u | wc -l)" 1
	try trimm compare latest --by flush --format csv
	[[ $code -eq 0 || $code -eq 3 || $code -eq 4 ]]
	expect "$out" "*flush_range*"
	try trimm report
	expect_code 0
	grep -q 'flush' "$out"
}

test_same_seed_same_counters() {
	[[ -x $build/trimm-user ]] || skip "no release build; make check makes one first"
	local first="" counters

	for _ in 1 2; do
		rm -rf "$TRIMM_RESULTS"
		trimm run null -- fix_size_alloc_test cpus=1 blocks=2 warmup=0 --quiet >"$scratch/log"
		counters=$(grep '"phase":"exact"' "$(run_file)" | grep -o '"name":"[a-z_]*".*"value":[0-9]*' |
			grep -v ticks)
		[[ -n $counters && ${first:-$counters} == "$counters" ]]
		first=$counters
	done
}

test_interrupt() {
	[[ -x $build/trimm-user ]] || skip "no release build; make check makes one first"
	"$build/trimm" run null blocks=1000 --quiet >"$scratch/out" 2>"$scratch/err" &
	sleep 1
	kill -INT $!
	code=0
	wait $! || code=$?
	out=$(cat "$scratch/out") err=$(cat "$scratch/err")
	expect_code 1
	expect "$(tail -n 1 "$(run_file)")" '*"status":"partial"*'
	trimm validate "$(run_file)"
}

tap_run
