#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Control files under fire: refusals are those of lines.h, cases still run afterwards, the module
# goes, and the kernel's log has nothing to say (launch/ fails a command where it has).
. "$(dirname "$0")/setup"

seconds=${CONTROL_FUZZ_SECONDS-10}
seed=${CONTROL_FUZZ_SEED-$RANDOM}

fuzz() { # KERNEL
	"${CC-cc}" -O2 -Wall -Wextra -Werror -static -o "$scratch/fuzz_control" \
		"$root/tests/module/fuzz_control.c"
	patience=$((seconds + 120)) try guest kernel="$1" cpus=4 "$scratch/fuzz_control" -- \
		"insmod /trimm.ko && ./fuzz_control $seconds 8 $seed && rmmod trimm"
	expect "$err" ""
	expect "$out" "fuzz_control: * operations, 8 processes, seed $seed: fine"
	expect_code 0
}
declare_kernel_tests fuzz

tap_run
