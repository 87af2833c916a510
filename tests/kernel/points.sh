#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# events=: what the kernel's rings of points held comes out as records that add up, none without
# being asked for, and what did not fit is said.
. "$(dirname "$0")/setup"

# As small as measures; frees that wait and are purged.
words=(unmap-storm nr_pages=8 flush=lazy lazy_max_pages=64 cpus=2 "${small[@]}")

# How many events NAME there are; with FIELD, the sum of that.
sum() { # NAME [FIELD]
	grep -F "\"t\":\"event\",\"probe\":\"mmcore\",\"name\":\"$1\"" "$scratch/out" |
		awk -v field="\"${2-}\":" '
			field == "\"\":" { n++; next }
			{ at = index($0, field); n += substr($0, at + length(field)) + 0 }
			END { print n + 0 }'
}

test_events_add_up() {
	need_qemu
	try kernel "${words[@]}" events=8M
	expect_code 0
	expect "$(grep -c 'were overwritten' "$scratch/out")" 0
	[[ $(sum table_map pages) -gt 1000 ]]
	expect "$(sum table_unmap pages)" "$(sum table_map pages)"
	expect "$(sum area_free)" "$(sum area_alloc)"
	expect "$(sum purge areas)" "$(sum area_free)"
	expect "$(sum shootdown interrupted)" "$(sum flush_range interrupted)"
	# By the time of their end, but for what is rounded; and some while a bench was at work.
	sed -nE 's/.*"at_ns":([0-9]+).*/\1 &/p' "$scratch/out" |
		sed -E 's/^([0-9]+) .*"len_ns":([0-9]+).*/\1 \2/; s/ \{.*//' |
		awk '{ end = $1 + $2; if (end + 2 < last) exit 1; last = end }'
	expect "$(grep '"t":"event".*"name":"purge"' "$scratch/out" | head -n 1)" '*"len_ns":*'
	grep -q '"t":"event".*"bench":0' "$scratch/out"
}

test_a_small_ring_keeps_the_last() {
	need_qemu
	try kernel "${words[@]}" events=4K
	expect_code 0
	expect "$out" '*events=: * of the * events of CPU 1, the oldest, were overwritten; raise events=*'
	# 4 KiB are 84 entries of 48 bytes, and a head.
	expect "$(grep -c '"t":"event"' "$scratch/out")" 168
}

test_none_unless_asked_for() {
	need_qemu
	try kernel "${words[@]}"
	expect_code 0
	expect "$(grep -c '"t":"event"' "$scratch/out")" 0
}

test_a_run_with_events_is_valid() {
	need_qemu
	command -v "$build/trimm" >/dev/null || skip "no trimm"
	try "$build/trimm" run -R "$scratch/results" target=qemu "${words[@]}" events=64K
	expect_code 0
	grep -q '"t":"event"' "$scratch"/results/runs/*.ndjson
	try "$build/trimm" validate "$scratch"/results/runs/*.ndjson
	expect_code 0
}

test_bad_sizes() {
	need_qemu
	try kernel "${words[@]}" events=100
	expect_code 2
	expect "$err" '*events=100: not a value it takes; give 0..64M'
}

tap_run
