#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What probes of flushes and of interrupts between CPUs see, against witnesses of their own: what a
# program is known to do, what /proc/interrupts counts, and perf on the same tracepoints.
. "$(dirname "$0")/../trace/setup"

need_two_cpus() {
	[[ $(nproc) -ge 2 ]] || skip "an interrupt from CPU to CPU needs two"
}

# Of the program's own last line: "TLB 9990 CAL 10012 RES 44".
interrupts() { # NAME
	sed -nE "s/.*\b$1 ([0-9]+).*/\1/p" <<<"$err"
}

# Each page given back is a flush here, whatever the other CPU is at.
test_known_shootdowns_are_counted() {
	need_two_cpus
	need_probe tlbflush
	traced tlbflush --own -- "$programs/shootdowns" 10000
	expect_about "$(counted range_flushes '"local mm shootdown"')" 10000 "flushes of the caller"
	[[ $(account events) == "$(account delivered)" ]]
}

# Where the other CPU has gone on to another process the kernel tells another reason, from 6.15 on;
# the TLB line counts both. It also counts a CPU that is asked in vain, since it had flushed already or
# had gone idle, of which the tracepoint says nothing: other programs' threads make those, so one of
# three windows has to have few.
test_remote_shootdowns_are_the_TLB_line() {
	local window

	need_two_cpus
	need_probe tlbflush
	for window in 1 2 3; do
		traced tlbflush -- "$programs/shootdowns" 200000
		expect_about "$(($(counted range_flushes '"remote shootdown"') +
			$(counted full_flushes '"remote shootdown"') +
			$(counted range_flushes '"remote, wrong cpu"') +
			$(counted full_flushes '"remote, wrong cpu"')))" "$(interrupts TLB)" \
			"window $window: remote shootdowns" && return
	done
	return 1
}

test_handled_interrupts_are_the_CAL_and_RES_lines() {
	local sent merged handled unknown

	need_two_cpus
	need_probe ipi
	traced ipi -- "$programs/shootdowns" 200000
	handled=$(counted ipi_handled '"kind":"call_function')
	expect_about "$handled" "$(interrupts CAL)" "calls"
	# Some tens of them a second, where nothing is to be woken: no percentage of few.
	[[ $(interrupts RES) -lt 1000 ]] ||
		expect_about "$(counted ipi_handled '"kind":"reschedule"')" "$(interrupts RES)" "reschedules"
	# Each that was handled has its sender, or is told to have none; each that was sent was
	# handled or merged, but for what was under way at either end of the window.
	sent=$(counted ipi_sent '"kind":"call_function')
	merged=$(counted ipi_merged '"kind":"call_function')
	unknown=$(counted ipi_sender_unknown '"kind":"call_function')
	((sent - merged - handled + unknown >= -2 && sent - merged - handled + unknown <= 2)) || {
		echo "sent $sent, merged $merged, handled $handled, without a sender $unknown"
		return 1
	}
}

# perf counts the same tracepoints in the same window.
test_perf_counts_the_same() {
	local events=irq_vectors:call_function_single_entry,irq_vectors:call_function_entry

	need_two_cpus
	need_probe ipi
	command -v perf >/dev/null || skip "no perf: apt-get install linux-perf"
	unshare -m mount -t tracefs tracefs /sys/kernel/tracing 2>/dev/null ||
		skip "no tracefs can be mounted here"
	mkfifo "$scratch/control" "$scratch/ack"
	try timeout 250 unshare -m bash -c '
		mount -t tracefs tracefs /sys/kernel/tracing
		exec "$@"' - "$trace" ipi,tlbflush --output=3 -- \
		perf stat -a -x, -o "$scratch/perf" -D -1 -e "tlb:tlb_flush,$events" \
		--control "fifo:$scratch/control,$scratch/ack" -- \
		"$programs/shootdowns" 200000 "$scratch/control" "$scratch/ack" 3>"$scratch/records"
	expect_code 0
	out=$(<"$scratch/records")
	expect_about "$(counted ipi_handled '"kind":"call_function')" \
		"$(awk -F, '/call_function/ { sum += $1 } END { print sum }' "$scratch/perf")" "calls"
	expect_about "$(($(counted range_flushes) + $(counted full_flushes)))" \
		"$(awk -F, '/tlb_flush/ { print $1 }' "$scratch/perf")" "flushes"
}

tap_run
