#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The machine below the harness, started by hand, without what trimm-qemu shares with it: every
# fault is told with its registers and callers and ends the machine; calls between CPUs arrive.
. "$(dirname "$0")/setup"

# Its words come by the debug console; QEMU exits with twice the kernel's code, and 1.
machine() { # CPUS MEMORY WORD...
	timeout -k 1 "$patience" qemu-system-x86_64 -accel "${accel-tcg}" -cpu max -smp "$1" -m "$2" \
		-M "${machine-microvm,pit=on,pic=on,rtc=off,isa-serial=off,acpi=off}" -bios qboot.rom \
		-nodefaults -no-user-config -display none -no-reboot -debugcon stdio \
		-device isa-debug-exit,iobase=0xf4 -kernel "$build/trimm-kernel" -append "${*:3}" \
		"${more[@]}"
}
more=()

need_machine() {
	command -v qemu-system-x86_64 >/dev/null || skip "no qemu-system-x86_64"
	[[ -x $build/trimm-kernel ]] || skip "no $build/trimm-kernel; make build"
}

# A fault of CPU 0 of 2: what it is, all registers, where, called by whom; the exit code is 1.
faults() { # WHAT PATTERN WHERE
	need_machine
	try machine 2 64M selftest "$1"
	expect_code 3
	expect "$out" "trimm-kernel: CPU 0: $2*"
	expect "$out" "* rax * rdi * r8 * r15 * rip * cr2 * cr3 *"
	# PAE, PGE, SMEP, SMAP (Intel SDM volume 3, 2.5).
	[[ $out =~ \ cr4\ ([0-9a-f]+) ]]
	expect $((0x${BASH_REMATCH[1]} & 0x3000a0)) $((0x3000a0))
	expect "$out" "* at $3*from start_rest+0x*"
}

test_divide() {
	faults divide "divide error (vector 0, error code 0x0)" "divide+0x"
}

test_opcode() {
	faults opcode "invalid opcode (vector 6," "opcode+0x"
}

test_null_read() {
	faults null-read "page fault (vector 14, error code 0x0)*read of address 0x0, not mapped" \
		"null_read+0x"
}

test_null_jump() {
	faults null-jump "page fault*execution of address 0x0, not mapped" "0x0*from null_jump+0x"
}

test_text_cannot_be_written() {
	faults write-text "page fault (vector 14, error code 0x3)*mapped but protected" "write_text+0x"
}

test_constants_cannot_be_written() {
	faults write-rodata "page fault (vector 14, error code 0x3)*protected" "write_rodata+0x"
}

test_data_cannot_be_executed() {
	faults execute-data "page fault (vector 14, error code 0x11)*protected" "0x*execute_data+0x"
}

test_text_has_no_second_view() {
	faults text-alias "page fault (vector 14, error code 0x2)*not mapped" "text_alias+0x"
}

test_a_stack_overflow_is_named() {
	faults stack-overflow "double fault*stack overflow of CPU 0: 0x* is in the guard page" \
		"stack+0x*from stack+0x*and * times more*from kernel_main+0x"
}

test_a_double_fault_has_a_stack() {
	faults double-fault "double fault (vector 8," "double_fault+0x"
}

test_a_panic_says_where() {
	need_machine
	try machine 2 64M selftest panic
	expect_code 3
	expect "$out" "*selftest.c:*: on purpose (CPU 0)*from panic+0x*from kernel_main+0x*"
}

# Nothing is left that could tell: the machine resets, which -no-reboot makes its end.
test_a_triple_fault_ends_the_machine() {
	need_machine
	try machine 2 64M selftest triple-fault
	expect_code 0
	expect "$out" ""
}

calls() { # CPUS
	need_machine
	try machine "$1" 256M selftest ipis
	expect_code 1
	[[ $out =~ ^"trimm-kernel: $1 CPUs made "([0-9]+)" calls, of which "([0-9]+)" arrived" ]]
	[[ ${BASH_REMATCH[1]} -eq ${BASH_REMATCH[2]} && ${BASH_REMATCH[1]} -gt $(($1 * ($1 - 1))) ]]
}

test_calls_of_2_cpus() {
	calls 2
}

# In turns, the same ones each time.
test_calls_of_4_cpus_repeat() {
	need_machine
	more=(-icount "shift=0,sleep=off")
	calls 4
	first=$out
	calls 4
	expect "$out" "$first"
	[[ ${BASH_REMATCH[1]} -gt 100000 ]]
}

test_calls_of_64_cpus() {
	more=(-icount "shift=0,sleep=off")
	calls 64
}

# Each kind of flush, on every CPU. What was cached when the entries changed was old: there was
# something to flush, so one that is left out shows.
flushes() { # CPUS
	local line lines=0

	need_machine
	try machine "$1" 64M selftest flush
	expect_code 1
	while read -r line; do
		[[ $line =~ "$1 CPUs read "([0-9]+)" pages: "([0-9]+)" old at first, "([0-9]+)" changed, "([0-9]+)" flushed; 0 CPUs not waited for"$ ]]
		expect "${BASH_REMATCH[2]} ${BASH_REMATCH[4]}" "${BASH_REMATCH[1]} 0"
		[[ ${BASH_REMATCH[3]} -gt 0 ]] || { echo "nothing to flush: $line"; return 1; }
		lines=$((lines + 1))
	done <<<"$out"
	expect "$lines" 10
}

test_no_old_translation_outlives_a_flush() {
	flushes 1
	flushes 4
}

test_no_old_translation_outlives_a_flush_of_cpus_in_turns() {
	more=(-icount "shift=0,sleep=off")
	flushes 3
}

test_no_old_translation_outlives_a_flush_of_64_cpus() {
	more=(-icount "shift=0,sleep=off")
	flushes 64
}

test_too_little_memory() {
	need_machine
	try machine 1 32M list
	expect_code 3
	expect "$out" "trimm-kernel: the machine has 32 MiB of memory: give it 64 or more"
}

test_too_many_cpus() {
	need_machine
	try machine 65 64M list
	expect_code 3
	expect "$out" "trimm-kernel: the machine has 65 CPUs: give it 64 or less"
}

test_an_old_cpu() {
	need_machine
	more=(-cpu "qemu64,-nx")
	try machine 1 64M list
	expect_code 3
	expect "$out" "trimm-kernel: this CPU cannot forbid execution of pages (NX): *"
}

need_kvm() {
	need_machine
	[[ -w /dev/kvm ]] || skip "no /dev/kvm"
	accel=kvm
}

# To a CPU with no NX the bit that turns it on is a fault; TCG overlooks it.
test_an_old_cpu_of_hardware() {
	need_kvm
	more=(-cpu "qemu64,-nx")
	try machine 1 64M list
	expect_code 3
	expect "$out" "trimm-kernel: this CPU cannot forbid execution of pages (NX): *"
}

# TCG of QEMU 7.2 has none.
test_calls_by_x2apic() {
	need_kvm
	more=(-cpu "qemu64,+x2apic")
	calls 2
}

# The hole below 4 GiB is there; RAM on both sides.
test_16_gib() {
	need_machine
	try machine 1 16G null memory=15G window=64M blocks=2 warmup=0 slice=50
	expect_code 1
}

test_q35() {
	need_machine
	machine=q35 try machine 4 64M selftest panic
	expect_code 3
	expect "$out" "*on purpose*"
}

test_the_image_is_small() {
	need_machine
	bytes=$(size -A "$build/trimm-kernel" |
		awk '/^\.(text|notes|rodata|data) / { n += $2 } END { print n }')
	[[ $bytes -lt $((300 << 10)) ]] || { echo "$bytes bytes without symbols"; return 1; }
}

tap_run
