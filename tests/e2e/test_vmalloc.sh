#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# trimm test_vmalloc: the words of the kernel's script, and the lines of its module, on the real
# target with few loops.
TRIMM_BUILD=$(cd "$(dirname "$0")/../.." && pwd)/build/release
. "$(dirname "$0")/setup"
unset TRIMM_TARGET_DIR

small=(memory=64M window=256M exact_ops=20)

refused() { # MESSAGE WORD...
	try trimm test_vmalloc "${@:2}"
	expect_error 2 "$1"
}

need_build() {
	[[ -x $build/trimm-user ]] || skip "no release build; make check makes one first"
}

# Tests of the run in the order they were measured.
order_of() {
	grep -o '"t":"bench".*"workload":"[^"]*"' "$(run_file)" | sed 's/.*"workload":"//; s/"//' |
		grep -v '^null$' | uniq
}

test_the_kernels_lines() {
	need_build
	try trimm test_vmalloc run_test_mask=9 test_loop_count=300 test_repeat_count=3 \
		sequential_test_order=1 "${small[@]}" --quiet
	expect_code 0
	expect "$out" "# user
Summary: fix_size_alloc_test passed: 3 failed: 0 xfailed: 0 repeat: 3 loops: 300 avg: * usec
Summary: random_size_alloc_test passed: 3 failed: 0 xfailed: 0 repeat: 3 loops: 300 avg: * usec
$(run_file)"
	trimm validate "$(run_file)"
	expect "$(order_of | tr '\n' ' ')" "fix_size_alloc_test random_size_alloc_test "
	# avg is what the file says, two halves of every repeat.
	expect "$(grep -o 'fix_size.*avg: [0-9]*' <<<"$out" | grep -o '[0-9]*$')" \
		"$(grep '"metric":"total.\(even\|odd\)"' "$(run_file)" | grep "\"bench\":$(
			grep -o '"bench":[0-9]*,"case":[0-9]*,"arm":"","arms":1,"workload":"fix' "$(run_file)" |
				grep -o '^"bench":[0-9]*' | cut -d: -f2)," |
			grep -o '"values":\[[^]]*' | tr -cs '0-9.\n' ' ' |
			awk '{for (i = 1; i <= NF; i++) s += $i} END {printf "%.0f", s / 3 / 1000}')"
}

test_once_is_enough() {
	need_build
	try trimm test_vmalloc run_test_mask=0x1 test_loop_count=7 nr_pages=2,3 nr_threads=2 \
		"${small[@]}" --quiet
	expect_code 0
	expect "$out" "*passed: 1 failed: 0 xfailed: 0 repeat: 1 loops: 7 avg: * usec  # nr_pages=2
*repeat: 1 loops: 7 avg: * usec  # nr_pages=3
*"
	expect "$(lines '"cpus":2,.*"use_huge":0.*"blocks":1')" 2
	try trimm compare latest --by nr_pages
	[[ $code -eq 4 || $code -eq 2 || $code -eq 1 ]]
}

test_every_test_once() {
	need_build
	try trimm test_vmalloc smoke test_loop_count=50 test_repeat_count=2 sequential_test_order=1 \
		nr_pcpu_objects=20 memory=512M window=2G exact_ops=20 --quiet
	expect_code 0
	expect "$(order_of | tr '\n' ' ')" "fix_size_alloc_test full_fit_alloc_test \
long_busy_list_alloc_test random_size_alloc_test fix_align_alloc_test \
random_size_align_alloc_test align_shift_alloc_test pcpu_alloc_test \
kvfree_rcu_1_arg_vmalloc_test kvfree_rcu_2_arg_vmalloc_test vm_map_ram_test \
no_block_alloc_test vrealloc_test "
	expect "$(grep -c '^Summary: .* passed: 2 failed: 0 xfailed: 0 repeat: 2 loops: 50 ' <<<"$out")" 9
	expect "$out" "*align_shift_alloc_test passed: 0 failed: 0 xfailed: 2 repeat: 2 loops: 64 *"
	expect "$out" "*Not applicable: pcpu_alloc_test: mmcore has no per-CPU allocator*"
	expect "$(grep -c '^Not applicable: kvfree_rcu' <<<"$out")" 2
	expect "$(tail -n 1 "$(run_file)")" '*"failed":0,"not_applicable":3}'
	trimm validate "$(run_file)"
}

test_arms_have_lines_of_their_own() {
	need_build
	try trimm test_vmalloc run_test_mask=1 test_loop_count=50 test_repeat_count=2 \
		flush=lazy,eager "${small[@]}" --quiet
	expect "$out" "# user flush=lazy
Summary: fix_size_alloc_test *
# user flush=eager
Summary: fix_size_alloc_test *"
}

test_the_order_follows_from_the_seed() {
	need_build
	local first second

	for seed in 5 5 6; do
		rm -rf "$TRIMM_RESULTS"
		trimm test_vmalloc run_test_mask=0x1c01 test_loop_count=5 seed=$seed "${small[@]}" \
			--quiet >"$scratch/log"
		second=$(order_of)
		expect "$(sort <<<"$second" | tr '\n' ' ')" \
			"fix_size_alloc_test no_block_alloc_test vm_map_ram_test vrealloc_test "
		[[ $seed -eq 6 || -z ${first-} || $first == "$second" ]]
		[[ $seed -eq 5 || $first != "$second" ]]
		first=$second
	done
}

test_without_words_it_tells_them() {
	try trimm test_vmalloc
	expect_code 0
	expect "$out" "Usage: trimm test_vmalloc *4096 vrealloc_test*"
	[[ ! -e $TRIMM_RESULTS ]]
}

test_words_that_are_none() {
	need_build
	refused 'trimm: perfomance: no such preset; did you mean "performance"?' perfomance
	refused 'trimm: nr_pags: no such parameter of *; did you mean "nr_pages"?' run_test_mask=1 nr_pags=4
	refused 'trimm: run_test_mask=x: give a number, 1 to 2147483647' run_test_mask=x
	refused 'trimm: run_test_mask=0: give a number, *' run_test_mask=0
	refused 'trimm: run_test_mask=8192: no test has such a bit; the last one*s is 4096' run_test_mask=8192
	refused 'trimm: test_loop_count=-1: give a number, *' test_loop_count=-1
	refused 'trimm: loops=5: test_vmalloc says it as test_loop_count=' loops=5
	refused 'trimm: cpus=2: test_vmalloc says it as nr_threads=' cpus=2
	refused 'trimm-user: use_huge=2: out of range*' run_test_mask=1 use_huge=2
	[[ ! -e $TRIMM_RESULTS ]]
}

tap_run
