#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Mistakes end in one clear line and the right exit code: uses of freed addresses, too little
# memory, too many CPUs, words that are none.
. "$(dirname "$0")/setup"

test_a_use_after_the_purge_faults() {
	need_qemu
	try kernel selftest use-after-free purged
	expect_code 1
	expect "$err" "*use after flush: address 0x* is 0 bytes into the freed area \[0x*, 0x*), 3 pages*"
	expect "$err" "*read_freed*"
}

# The flush is CPU 0's; what CPU 1 had cached is gone as well.
test_a_use_after_the_purge_faults_on_another_cpu() {
	need_qemu
	try kernel selftest use-after-free purged-elsewhere cpus=2
	expect_code 1
	expect "$err" "*CPU 1: page fault*use after flush: address 0x* is 0 bytes into the freed area*"
	expect "$err" "*from read_there*"
}

# The TLB may still have it. Where it has not, the fault must say that the area waits.
test_a_use_before_the_purge_may_succeed() {
	need_qemu
	try kernel selftest use-after-free lazy
	if [[ $code -eq 0 ]]; then
		expect "$err" "*CPU 0 read 7472696d from 0x*, freed and not yet flushed*"
	else
		expect_code 1
		expect "$err" "*use after free: address 0x* of the freed area*it waits for its flush*"
	fi
}

test_too_little_memory_for_a_core() {
	need_qemu
	try kernel null impl=mmcore ram=64M memory=256M blocks=2 warmup=0
	expect_code 1
	expect "$err" "*no frames of 256 MiB:*raise ram= or lower memory=*"
}

test_too_little_memory_for_the_tables_of_a_window() {
	need_qemu
	try kernel unmap-storm memory=4M window=1T blocks=2 warmup=0 cpus=1
	expect_code 1
	expect "$err" "*memory=4M is too little for window=1T; raise memory=*"
}

# All CPUs fault at once. In short turns: the others get to theirs while the first one is reporting.
test_only_one_of_many_faults_is_told() {
	need_qemu
	try kernel selftest fault-everywhere cpus=4 mode=exact
	expect_code 1
	expect "$(grep -c 'page fault' <<<"$err")" 1
	expect "$(grep -c ' rip ' <<<"$err")" 1
	expect "$err" "* at all_fault+0x*"
}

# Records leave room for what ends the run.
test_a_full_log_still_takes_words() {
	need_qemu
	code=0
	kernel selftest log-full ram=64M >"$scratch/records" 2>"$scratch/err" || code=$?
	err=$(cat "$scratch/err")
	expect "$code" 1
	expect "$err" "*on purpose*from log_full*from kernel_main*lines found no room in its 16 MiB*"
	[[ $(wc -c <"$scratch/records") -gt $((15 << 20)) ]]
}

test_a_word_that_is_none() {
	need_qemu
	try kernel unmap-storm flavour=sweet accel=tcg
	expect_error 2 "*flavour=sweet: unmap-storm has no parameter*"
}

test_values_out_of_range() {
	need_qemu
	try kernel check null invlpg_max=513
	expect_error 2 "trimm-kernel: invlpg_max=513: not a value it takes; give 0..512"
	try kernel check null quantum=11
	expect_error 2 "trimm-kernel: quantum=11: not a value it takes; give 12..65535"
	try kernel check null dma=1M
	expect_error 2 "trimm-kernel: dma=1M: not a value it takes; give 0..16G"
}

test_the_settings_are_in_the_record() {
	need_qemu
	try kernel kmalloc-pair accel=tcg cpus=1 invlpg_max=7 dma=4M "${small[@]}"
	expect_code 0
	expect "$out" '*"memory":"32M"*"dma":"4M"*"invlpg_max":"7"*'
}

tap_run
