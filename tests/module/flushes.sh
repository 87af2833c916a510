#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Flushes of the module reach each CPU: what was cached when the entries changed was old, on every
# CPU and for every page read, so a CPU that is left out shows; after the flush no read is. A page
# that is left out shows where it is the only one: emulated, an INVLPG drops them all
# (selftest_flush.c). One guest a kernel, whose CPUs are taken away in between.
. "$(dirname "$0")/setup"

# Six kinds of flush on CPUS CPUs, as TEXT says: each had something to flush, and flushed it.
flushed() { # CPUS TEXT
	local line lines=0 pattern=': '$1' CPUs read [0-9]+ pages [0-9]+ times: ([0-9]+) old when changed, 0 never; 0 wrong when flushed; 0 CPUs not waited for$'

	while read -r line; do
		[[ $line =~ $pattern && ${BASH_REMATCH[1]} -gt 0 ]] || { echo "$line"; return 1; }
		lines=$((lines + 1))
	done < <(grep -F ": $1 CPUs" <<<"$2")
	expect "$lines" 6
}

no_old_translation_outlives_a_flush() { # KERNEL
	try guest kernel="$1" cpus=4 -- '
		insmod /trimm.ko || exit 1
		cd /sys/kernel/debug/trimm
		for gone in "" 3 2 1; do
			[ -z "$gone" ] || echo 0 >/sys/devices/system/cpu/cpu$gone/online || exit 1
			echo "selftest flush" >run
			timeout 60 cat records
		done
		rmmod trimm && echo removed'
	expect_code 0
	for cpus in 4 3 2 1; do
		flushed "$cpus" "$out"
	done
	expect "$(grep -v ^W <<<"$out")" $'X0\nX0\nX0\nX0\nremoved'
}
declare_kernel_tests no_old_translation_outlives_a_flush

# As a user would.
test_it_is_a_case_of_its_own() {
	need_guest "${kernels[0]}"
	try module selftest flush kernel="${kernels[0]}" cpus=2
	expect_code 0
	flushed 2 "$err"
	try module selftest flushes kernel="${kernels[0]}"
	expect_code 2
	expect "$err" "*trimm-module: selftest: say which: flush"
}

tap_run
