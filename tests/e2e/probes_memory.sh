#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What probes of memory see, against witnesses of their own: what a program is known to do, and what
# the kernel has counted apart from them.
. "$(dirname "$0")/../trace/setup"

records=$scratch/records

# $out and a file: what is looked for by expressions.
traced_to_file() { # WORD...
	traced "$@"
	echo "$out" >"$records"
}

# All is in histograms or sums, or was refused: nothing was lost on the way. What came by an
# interrupt within the same program, of any process, the kernel leaves out, and counts as missed.
nothing_lost() { # PROBE
	local line events delivered refused

	line=$(grep -F "\"t\":\"probe\",\"probe\":\"$1\"" "$records")
	events=$(sed -E 's/.*"events":([0-9]+).*/\1/' <<<"$line")
	delivered=$(sed -E 's/.*"delivered":([0-9]+).*/\1/' <<<"$line")
	refused=$(sed -E 's/.*"refused":([0-9]+).*/\1/' <<<"$line")
	((events > 0)) # nobody saw anything
	((delivered == events || delivered + refused == events)) ||
		echo "of $events events $delivered are told and $refused refused"
	expect "$line" "*\"status\":\"ok\"*\"lost\":0,\"missed\":*\"full\":0*"
	((delivered == events || delivered + refused == events))
}

# A program that waits for a line before what it does, and prints what it did.
begin_and_wait() { # PROGRAM...
	mkfifo "$scratch/go"
	"$@" <"$scratch/go" >"$scratch/did" &
	pid=$!
	trap 'kill -KILL $pid 2>/dev/null || :' EXIT
	exec 7>"$scratch/go"
}

# Trace that process while it does it: the probes are in before the line.
trace_it() { # WORD...
	traced_to_file "$@" --pid="$pid" -- sh -c '
		echo >&7
		until [ -s "$0" ]; do sleep 0.02; done' "$scratch/did"
	echo >&7
	wait "$pid"
	did=$(<"$scratch/did")
}

test_faults_are_the_first_touches() {
	need_probe faults
	begin_and_wait "$programs/touches" 10000
	trace_it faults
	# The kernel has counted them, and a few by what it does to get its own count out.
	expect_about "$did" 10000 "the kernel's count"
	expect_about "$(counted faults '"access":"write","page":"absent","by":"user"')" "$did" faults
	expect_about "$(counted minor_faults)" "$did" "faults that ended"
	expect_about "$(recorded latency '"access":"write"' '"fault":"minor"')" "$did" latencies
	nothing_lost faults
}

test_single_faults() {
	need_probe faults
	begin_and_wait "$programs/touches" 500
	trace_it faults --events --stacks
	expect_about "$(grep -cE '"t":"event","probe":"faults","name":"fault",.*"access":"write",.*"fault":"minor","address":"0x[0-9a-f]+","from":"0x[0-9a-f]+"\},"len_ns":[1-9]' "$records")" 500 events
	expect_about "$(grep -oE '"address":"0x[0-9a-f]+000"' "$records" | sort -u | wc -l)" 500 addresses
	# All from one instruction.
	((500 <= $(grep -F '"t":"stack"' "$records" | sed -E 's/.*"weight":([0-9]+).*/\1/' | sort -n | tail -n 1)))
	nothing_lost faults
}

# A thread's stack in the kernel is an area; what is freed is purged when so much waits, and the
# kernel lists what there is. Others free and allocate meanwhile as well.
test_vmalloc_areas_are_threads_stacks() {
	local live_before live_after kept

	need_probe vmalloc
	[[ -r /proc/vmallocinfo ]] || skip "no /proc/vmallocinfo"
	begin_and_wait "$programs/threads" 2500 16
	live_before=$(grep -vc unpurged /proc/vmallocinfo)
	trace_it vmalloc --events
	live_after=$(grep -vc unpurged /proc/vmallocinfo)
	expect_about "$(counted allocated)" "$did" areas
	expect_about "$(recorded size)" "$did" sizes
	expect_about "$(counted freed)" $((did + live_before - live_after)) "areas that came and went"
	expect_about "$(recorded waiting)" "$(counted freed)" "areas as they waited"
	(($(counted purged_areas) > 0 && $(counted purges) == $(recorded purged)))
	# The last may still have been waiting for their end.
	kept=$(grep -cF '"name":"purge"' "$records")
	((kept > 0 && kept <= $(counted purges)))
	grep -qE '"name":"purge",.*"areas":[0-9]+,"range_bytes":[1-9][0-9]*\},"len_ns":[1-9]' "$records"
	(($(recorded purge_time) > 0))
	nothing_lost vmalloc
}

# 48 bytes of head and 1237 of text: 500 rounds of 10, freed; and 7 that nobody received.
test_kmem_objects_that_are_known() {
	need_probe kmem
	trap '"$build/tests/kmem/messages" -r' EXIT
	traced_to_file kmem --own --stacks -- "$build/tests/kmem/messages" 500 7
	expect_about "$(counted kmalloc '"caller":"load_msg+0x' '"gfp":"GFP_KERNEL')" 5007 sent
	expect_about "$(counted kmalloc_bytes '"caller":"load_msg+0x')" $((5007 * 2048)) bytes
	expect_about "$(counted kfree '"caller":"free_msg+0x')" 5000 received
	expect_about "$(sed -nE '/"asked"/s/.*\[1280,([0-9]+)\].*/\1/p' "$records")" 5007 asked
	expect_about "$(sed -nE '/"given"/s/.*\[2048,([0-9]+)\].*/\1/p' "$records")" 5007 given
	grep -q '"t":"stack".*"load_msg".*"kind":"kmalloc"' "$records"
	nothing_lost kmem
}

# The kernel counts pages that it gives out, for the whole machine; 3 GiB of them are so many
# that what happens just outside the window is less than a hundredth.
test_kmem_pages_are_the_kernels_count() {
	need_probe kmem
	traced_to_file kmem --set=kmem.kinds=pages -- sh -c '
		given() { awk "/^pgalloc_/ { n += \$2 } END { printf \"%.0f\", n }" /proc/vmstat; }
		before=$(given)
		for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
			dd if=/dev/zero of=/dev/null bs=256M count=1 2>/dev/null
		done
		echo $(($(given) - before)) >"$0"' "$scratch/given"
	(($(<"$scratch/given") >= 786432))
	expect_about "$(counted pages_allocated)" "$(<"$scratch/given")" pages
	expect "$(counted kmalloc) $(counted cache_alloc)" "0 0"
	nothing_lost kmem
}

test_kmem_bad_words() {
	need_probe kmem
	try "$trace" kmem --set=kmem.kinds=pages,areas --duration=0.01
	expect_error 2 "trimm: --set=kmem.kinds=pages,areas: give some of kmalloc,cache,pages"
}

# A cgroup of 32 MiB reads a file of 256: of those pages, all are given back that it does not hold
# at the end, by its own count.
test_reclaim_within_a_cgroup() {
	local groups=/sys/fs/cgroup/memory

	need_probe reclaim
	group=$groups/trimm-test-$$
	mkdir "$group" 2>/dev/null && [[ -w $group/memory.limit_in_bytes ]] ||
		skip "no memory cgroup (version 1) can be made in $groups"
	trap 'rmdir "$group"' EXIT
	echo $((32 << 20)) >"$group/memory.limit_in_bytes"
	dd if=/dev/zero of="$scratch/file" bs=1M count=256 conv=fsync 2>/dev/null
	dd if="$scratch/file" iflag=nocache count=0 2>/dev/null # out of the page cache
	traced_to_file reclaim --events -- sh -c '
		echo $$ >"$1/cgroup.procs"
		dd if="$0" of=/dev/null bs=1M 2>/dev/null
		awk "/^cache / { print int(65536 - \$2 / 4096) }" "$1/memory.stat" >"$0.out"' \
		"$scratch/file" "$group"
	(($(<"$scratch/file.out") > 40000))
	expect_about "$(counted cgroup_pages '"process":"dd"')" "$(<"$scratch/file.out")" pages
	expect "$(recorded time '"kind":"cgroup"')" "$(counted cgroup)"
	expect "$(grep -cE '"name":"cgroup reclaim",.*"pages":[0-9]+,"order":0\},"len_ns":[1-9]' "$records")" \
		"$(counted cgroup)"
	nothing_lost reclaim
}

# Perf's events on each CPU, too, if who traces is killed.
test_nothing_stays_attached() {
	need_probe faults
	watch faults
	(($(wc -l <"$scratch/links") > 3))
	kill -KILL "$collector"
	wait "$collector" || :
	expect_detached
}

tap_run
