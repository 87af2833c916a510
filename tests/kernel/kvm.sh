#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The kernel under KVM, wherever there is one: even a slow one is a processor that has an x2APIC,
# which emulation has not. A KVM that emulates lacks CMPXCHG16B, so no workload runs.
. "$(dirname "$0")/setup"
patience=120

need_kvm() {
	local found

	need_qemu
	found=$("$build/trimm-qemu" probe)
	[[ $found == *instructions* ]] || skip "${found#no }"
}

test_calls_through_the_x2apic() {
	need_kvm
	try kernel selftest ipis cpus=4 accel=kvm
	expect_code 0
	expect "$err" "trimm-kernel: 4 CPUs made * calls, of which *"
}

tap_run
