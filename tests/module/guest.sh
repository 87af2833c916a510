#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The guest below the module: it boots, runs commands, and takes nothing that it can't make sense of.
# What may become of it: faults.sh, kills.sh.
. "$(dirname "$0")/setup"

# The first kernel will do where the kernel is not what is tried.
any=${kernels[0]}
none=(kernel="$any" module=none)

a_command() { # KERNEL
	echo "some text" >"$scratch/a file"
	try guest kernel="$1" module=none cpus=2 ram=256M "$scratch/a file" -- \
		'uname -r; nproc; cat "a file"; printf "no end"; echo "to stderr" >&2; exit 7'
	expect_code 7
	expect "$out" "$1."*$'\n2\nsome text\nno end'
	expect "$err" "to stderr"
}
declare_kernel_tests a_command

# What it is made with needs no time that is not its own.
boots_in_time() { # KERNEL
	local uptime

	try guest kernel="$1" module=none -- 'cat /proc/uptime'
	expect_code 0
	uptime=${out%%.*}
	[[ $uptime -lt ${MODULE_BOOT-30} ]] || { echo "booted for $uptime s"; return 1; }
}
declare_kernel_tests boots_in_time

test_much_output_comes_whole() {
	need_guest "$any"
	try guest "${none[@]}" -- 'seq 1 300000'
	expect_code 0
	expect "$(echo "$out" | cksum)" "$(seq 1 300000 | cksum)"
}

test_a_log_is_appended_to() {
	need_guest "$any"
	export TRIMM_KERNEL_LOG=$scratch/log
	try guest "${none[@]}" -- 'echo "<3>first words" >/dev/kmsg'
	expect_code 0
	try guest "${none[@]}" -- 'echo "<3>other words" >/dev/kmsg'
	expect_code 0
	expect "$(cat "$scratch/log")" \
		"== Linux $any.* first words*== Linux $any.* other words*"
}

test_bad_words() {
	command -v qemu-system-x86_64 >/dev/null || skip "no qemu-system-x86_64"
	try module sh -- 
	expect_error 2 "trimm-qemu: say what the guest is to do: *"
	try module sh kernel=5.4 -- true
	expect_error 2 "trimm-qemu: kernel=5.4: give 6.1, 6.12, *"
	try module null kernel=5.4
	expect_error 2 "trimm-qemu: kernel=5.4: give 6.1, 6.12, *"
	try module sh ram=64M -- true
	expect_error 2 "trimm-qemu: ram=64M: a Linux guest needs 128 MiB"
	try module sh accel=xen -- true
	expect_error 2 "trimm-qemu: accel=xen: give auto, tcg, mttcg or kvm"
	try module sh watchdog=never -- true
	expect_error 2 "trimm-qemu: watchdog=never: *"
}

test_a_kernel_that_is_not_there() {
	try module sh kernel=/nowhere/linux module=none -- true
	expect_error 1 "guest/prepare: kernel=/nowhere/linux: *"
	try module sh kernel=/nowhere/bzImage:/nowhere/headers module=none -- true
	expect_error 1 "guest/prepare: kernel=/nowhere/bzImage:/nowhere/headers: no /nowhere/bzImage; *"
}

test_a_file_that_is_not_there() {
	need_guest "$any"
	try guest "${none[@]}" /nowhere/file -- true
	expect_error 1 "trimm-qemu: /nowhere/file: cannot be given to the guest: No such file*"
	try guest "${none[@]}" "$scratch" -- true
	expect_error 1 "trimm-qemu: $scratch: cannot be given to the guest: Is a directory"
}

# A kernel by its path: the same that Debian's packages have.
test_a_kernel_by_its_path() {
	need_guest "$any"
	image=$(realpath "$root/build/guest/$any/vmlinuz")
	headers=$(realpath "$root/build/guest/$any/headers")
	try guest kernel="$image:$headers" module=none -- 'uname -r'
	expect_code 0
	expect "$out" "$(cat "$root/build/guest/$any/release")"
}

tap_run
