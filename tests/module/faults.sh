#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Whatever becomes of a guest is told in one line, with the kernel's log kept and nothing left
# running: the kernel's faults, and the ends of its agent, its launcher and of the guest itself.
#
# MODULE_FAULTS says in which kernels the faults are tried; one, unless it is said.
. "$(dirname "$0")/setup"

# The first kernel will do where the kernel is not what is tried.
any=${kernels[0]}
none=(kernel="$any" module=none)

declare_fault_tests() { # COMMAND
	local kernels

	read -ra kernels <<<"${MODULE_FAULTS-6.12}"
	declare_kernel_tests "$1"
}

# A module that does what must not happen.
fault_module() { # KERNEL
	need_guest "$1"
	build_for "$1" fault
	fault=$built
}

# What COMMAND does in the guest ends the run with exit code 1 and one line like PATTERN, behind
# what the shell has to say; what was said before it has come, and the log is kept.
faults() { # KERNEL COMMAND PATTERN
	export TRIMM_KERNEL_LOG=$scratch/log
	fault_module "$1"
	try guest kernel="$1" module=none cpus=2 "$fault" -- "echo before; $2; echo after"
	expect_code 1
	expect "$out" "before*"
	expect "$(echo "$err" | tail -n 1)" "trimm-qemu: the guest's kernel ($1.*)$3"
	expect "$(echo "$err" | grep -c ^trimm-qemu)" 1
	expect "$(cat "$scratch/log")" "== Linux $1.*[[:print:]]*"
}

a_warning() { # KERNEL
	faults "$1" "insmod fault.ko what=warn" " warns: WARNING: *fault_init*"
	expect "$out" $'before\nafter'
	expect "$(cat "$scratch/log")" "*on purpose*fault_init*Call Trace:*end trace*"
}
declare_fault_tests a_warning

a_bug() { # KERNEL
	faults "$1" "insmod fault.ko what=bug" ": kernel BUG at *fault.c:*RIP: 0010:*fault*"
}
declare_fault_tests a_bug

an_oops() { # KERNEL
	faults "$1" "insmod fault.ko what=oops" \
		": BUG: kernel NULL pointer dereference*RIP: 0010:*fault*"
}
declare_fault_tests an_oops

a_panic() { # KERNEL
	faults "$1" "insmod fault.ko what=panic" ": Kernel panic - not syncing: on purpose*"
}
declare_fault_tests a_panic

a_lockup() { # KERNEL
	faults "$1" "echo 2 >/proc/sys/kernel/watchdog_thresh; insmod fault.ko what=lockup" \
		": watchdog: BUG: soft lockup - CPU*"
}
declare_fault_tests a_lockup

test_a_taint_that_nothing_tells_of() {
	faults "$any" "insmod fault.ko what=taint" " is tainted (0x40): *"
}

# All CPUs, without interrupts: no heartbeat, and no kernel that could tell.
test_a_hung_guest() {
	fault_module "$any"
	try guest "${none[@]}" cpus=2 watchdog=5 "$fault" -- \
		"echo before; sleep 1; insmod fault.ko what=hang"
	expect_code 1
	expect "$out" "before"
	expect "$err" "trimm-qemu: no sign of life from the guest for 5 s (watchdog=); killed; *"
}

# The first program's end is the kernel's.
test_the_agent_dies() {
	need_guest "$any"
	faults "$any" 'at=$(awk "/r-xp/ { split(\$1, part, \"-\"); print part[1]; exit }" /proc/1/maps)
		dd if=/dev/zero of=/proc/1/mem bs=4096 seek=$((0x$at / 4096)) count=64 conv=notrunc
		sleep 5' ": Kernel panic - not syncing: Attempted to kill init! *"
}

# The agent is stopped, not the kernel.
test_a_silent_agent() {
	need_guest "$any"
	try guest "${none[@]}" watchdog=5 -- 'mkdir /tmp/groups
		mount -t cgroup2 none /tmp/groups && mkdir /tmp/groups/one
		echo 1 >/tmp/groups/one/cgroup.procs; echo before; sleep 1
		echo 1 >/tmp/groups/one/cgroup.freeze; sleep 100'
	expect_code 1
	expect "$out" "before"
	expect "$err" "trimm-qemu: no sign of life from the guest for 5 s (watchdog=); killed; *"
}

test_no_memory_is_left() {
	need_guest "$any"
	faults "$any" 'tail /dev/zero' ": *invoked oom-killer*"
}

test_the_guest_ends_early() {
	need_guest "$any"
	try guest "${none[@]}" -- 'echo b >/proc/sysrq-trigger; sleep 100'
	expect_error 1 "trimm-qemu: the guest reset before it had ended; last heard: *"
}

# Sent to the launcher, which has children of its own.
start_guest() { # COMMAND
	"$build/trimm-qemu" module sh "${none[@]}" -- "$1" >"$scratch/out" 2>"$scratch/err" </dev/null &
	launcher=$!
}

qemu_of() { # LAUNCHER
	local i

	for ((i = 0; i < 600; i++)); do
		qemu=$(pgrep -P "$1" -x qemu-system-x86) && return 0
		sleep 0.1
	done
	echo "no QEMU started"
	return 1
}

gone() { # PID
	local i

	for ((i = 0; i < 100; i++)); do
		kill -0 "$1" 2>/dev/null || return 0
		sleep 0.1
	done
	echo "process $1 is left behind"
	return 1
}

test_a_dead_launcher_leaves_nothing() {
	need_guest "$any"
	start_guest 'sleep 100'
	qemu_of "$launcher"
	kill -KILL "$launcher"
	wait "$launcher" || true
	gone "$qemu"
}

test_an_interrupt_stops_a_command() {
	need_guest "$any"
	start_guest 'echo ready; trap "echo stopped; exit 9" TERM; while :; do sleep 0.1; done'
	qemu_of "$launcher"
	for ((i = 0; i < 600; i++)); do
		grep -q ready "$scratch/out" && break
		sleep 0.1
	done
	kill -INT "$launcher"
	code=0
	wait "$launcher" || code=$?
	expect "$code" 9
	expect "$(cat "$scratch/out")" $'ready\nstopped'
	gone "$qemu"
}

tap_run
