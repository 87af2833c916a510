#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What a guest's kernel is asked for, recorded inside it: what is known to be asked is in the trace
# that comes out, exactly, and the trace is sound. On this machine: tests/e2e/record_kernel.sh.
. "$(dirname "$0")/setup"

trace=$scratch/trace

count() { # [kmalloc|pages WHAT]
	"$build/tests/kmem/trace_count" "$trace" "$@"
}

recorded() { # KERNEL WORD...
	need_guest "$1"
	[[ -x $build/tests/kmem/messages ]] || skip "no $build/tests/kmem/messages; make tests"
	try timeout -k 1 "$patience" "$build/trimm-record-kernel" --target module -o "$trace" \
		kernel="$@"
}

# Messages as in record_kernel.sh, and three huge pages; the words of both come to stderr.
what_is_known() { # KERNEL
	recorded "$1" cpus=2 "$build/tests/kmem/messages" -e kmalloc,cache,pages -- \
		'./messages 500 7 && cd /proc/sys/vm && echo 3 >nr_hugepages && cat nr_hugepages &&
			echo 0 >nr_hugepages'
	expect_code 0
	expect "$out" ""
	expect "$err" $'3\nrecorded *'
	expect "$(count kmalloc 1285)" "5007 5000 7"
	expect "$(count pages 9)" "3 3 0"
}
declare_kernel_tests what_is_known

# From before the port's driver is loaded, where that is no part of the kernel.
a_boot() { # KERNEL
	recorded "$1" cpus=2 --boot
	expect_code 0
	expect "$err" 'recorded *'
	(($(count) > 1000))
}
declare_kernel_tests a_boot

test_a_boot_and_a_command() {
	recorded "${kernels[0]}" cpus=1 "$build/tests/kmem/messages" --boot -- ./messages 10 0
	expect_code 0
	expect "$(count kmalloc 1285)" "100 100 0"
	(($(count) > 1000))
}

# Words of a command are its own; one alone is the shell's.
test_words_of_a_command() {
	recorded "${kernels[0]}" -q -- echo "a  b" "it's" '$HOME'
	expect_code 0
	expect "$err" "a  b it's \$HOME"
	recorded "${kernels[0]}" -q -- 'exit 3'
	expect_error 3 ""
	count >/dev/null
}

test_stopped() {
	need_guest "${kernels[0]}"
	[[ -x $build/tests/kmem/trace_count ]] || skip "no $build/tests/kmem/trace_count; make tests"
	"$build/trimm-record-kernel" -q --target module kernel="${kernels[0]}" -o "$trace" -- \
		'echo begun; sleep 1000' 2>"$scratch/err" &
	pid=$!
	trap 'kill -KILL "$pid" 2>/dev/null || :' EXIT
	until grep -q begun "$scratch/err"; do sleep 0.1; done
	kill -TERM "$pid"
	code=0
	wait "$pid" || code=$?
	expect "$code" 143
	count >/dev/null
}

tap_run
