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

# A policy or tunable makes no arms of a subject that knows nothing of it.
test_subjects_and_settings_of_one_of_them() {
	[[ -x $build/trimm-user ]] || skip "no release build; make check makes one first"
	try trimm run page-pair impl=native,mmcore pcp_batch=31,63 blocks=2 warmup=0 cpus=1 --quiet
	trimm validate "$(run_file)"
	expect "$(lines '"workload":"page-pair".*"status":"ok"')" 3
	expect "$(lines '"arm":"impl=native","arms":3.*"impl_version":"glibc')" 1
	expect "$(lines '"arm":"impl=mmcore,pcp_batch=63"')" 1
	expect "$out" "*total time beside native: mmcore,pcp_batch=31 *, mmcore,pcp_batch=63 *"
	try trimm compare latest --by impl --format csv
	[[ $code -eq 0 || $code -eq 3 || $code -eq 4 ]]
	rm -rf "$TRIMM_RESULTS"
	try trimm run page-pair arm:impl=native arm:impl=mmcore,pcp_batch=31 blocks=2 warmup=0 --quiet
	expect "$(lines '"arms":2.*"status":"ok"')" 2
}

# Of four arms: a headline that names each, colours of their own, and why times differ.
test_four_arms_beside_each_other() {
	[[ -x $build/trimm-user ]] || skip "no release build; make check makes one first"
	local page
	try trimm run areas-live live=32,512 areas=augmented,nodes,rbtree,list timing=none \
		lazy_max_pages=64 cpus=1 blocks=2 warmup=0 --quiet
	expect "$out" "*total time beside augmented: nodes *, rbtree *, list *"
	try trimm report
	page=${out%/*}
	expect "$(grep -o 'colour\[.\] = .*' "$page/areas-live-cost-live.gp" | cut -d= -f2 |
		sort -u | wc -l)" 4
	expect "$(grep "^cause" "$page/areas-live-crossover-live.gp")" "cause = 'steps of a search*"
	# They hold back the same addresses: no figure says what that buys.
	[[ ! -e $page/areas-live-tradeoff-live.gp ]]
	# A table a pair, both cases in it, with the columns that they have numbers for.
	expect "$(grep -o '<table class=main>' "$page/workload-areas-live.html" | wc -l)" 3
	expect "$(grep -o '<th scope=col>steps of a search' "$page/workload-areas-live.html" | wc -l)" 3
	[[ $(<"$page/workload-areas-live.html") != *"<th scope=col>median free"* ]]
}

# What can't be run is skipped by arm; the others run.
test_a_library_that_is_missing() {
	[[ -x $build/trimm-user ]] || skip "no release build; make check makes one first"
	mkdir "$scratch/empty"
	: >"$scratch/empty/libmimalloc.so.2"
	export LD_LIBRARY_PATH=$scratch/empty
	try trimm run kmalloc-pair impl=mimalloc blocks=2 warmup=0 --quiet
	expect_code 77
	expect "$err" "*skipped: install package libmimalloc2.0 (*"
	trimm validate "$(run_file)"
	rm -rf "$TRIMM_RESULTS"
	try trimm run kmalloc-pair impl=native,mimalloc cpus=1 blocks=2 warmup=0 --quiet
	expect_code 0
	expect "$(lines '"impl":"native".*"status":"ok"')" 1
	expect "$(lines '"impl":"mimalloc".*"status":"skipped","why":"install package libmimalloc2.0')" 1
	trimm validate "$(run_file)"
}

# Its frames must hold the window's tables: no core, and nothing is undone that was not done.
test_memory_that_no_core_fits_in() {
	[[ -x $build/trimm-user ]] || skip "no release build; make check makes one first"
	try "$build/trimm-user" unmap-storm memory=4M window=1T cpus=1
	expect_code 1
	expect "$err" "*memory=4M is too little for window=1T; raise memory=*"
	expect "$err" "*unmap-storm: no memory or address space for the core*"
}

test_families_a_subject_lacks() {
	[[ -x $build/trimm-user ]] || skip "no release build; make check makes one first"
	try trimm run slab-bulk impl=native blocks=2 --quiet
	expect_code 77
	expect "$err" "*not applicable: this impl= offers no kmem_cache*"
}

test_interrupt() {
	[[ -x $build/trimm-user ]] || skip "no release build; make check makes one first"
	local command target

	"$build/trimm" run null blocks=1000 --quiet >"$scratch/out" 2>"$scratch/err" &
	command=$!
	# Until it answers, which it does between two slices.
	until target=$(pgrep -P "$command" trimm-user) && trimm show vmstat --pid "$target" 2>&1 |
		grep -q "keeps its memory"; do
		kill -0 "$command"
		sleep 0.05
	done
	kill -INT "$command"
	code=0
	wait "$command" || code=$?
	out=$(cat "$scratch/out") err=$(cat "$scratch/err")
	expect_code 1
	expect "$(tail -n 1 "$(run_file)")" '*"status":"partial"*'
	trimm validate "$(run_file)"
}

tap_run
