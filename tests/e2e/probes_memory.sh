#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What probes of memory see, against witnesses of their own: what a program is known to do, and what
# the kernel has counted apart from them.
. "$(dirname "$0")/../tap"

# Static programs have no sanitizers.
build=$root/build/release
trace=$build/trimm-trace
records=$scratch/records

# Probes are root's, and not every machine lets root.
need_probe() { # NAME
	[[ -x $trace && -x $build/tests/trace/touches ]] || skip "no $trace; make build tests"
	try timeout 20 "$trace" "$1" --duration=0.01
	[[ $err != *"kernel refuses BPF"* && $err != *": denied: "* &&
		$err != *"no /sys/kernel/btf"* ]] || skip "$err"
	expect_code 0
	expect "$err" ""
}

traced() { # WORD...
	timeout 60 "$trace" "$@" >"$records"
}

# The sum of the counters of that name, whose line holds each of the texts.
counted() { # NAME [TEXT...]
	local name=$1 text lines

	lines=$(grep -F "\"t\":\"counter\"" "$records" | grep -F "\"name\":\"$name\"" || :)
	shift
	for text; do
		lines=$(grep -F "$text" <<<"$lines" || :)
	done
	sed -E 's/.*"value":([0-9]+).*/\1/' <<<"$lines" | awk '{ sum += $1 } END { print sum + 0 }'
}

# How many values are in the histograms of that name.
recorded() { # METRIC [TEXT...]
	local metric=$1 text lines

	lines=$(grep -F "\"t\":\"hist\"" "$records" | grep -F "\"metric\":\"$metric\"" || :)
	shift
	for text; do
		lines=$(grep -F "$text" <<<"$lines" || :)
	done
	sed -E 's/.*"n":([0-9]+).*/\1/' <<<"$lines" | awk '{ sum += $1 } END { print sum + 0 }'
}

# Within a hundredth.
near() { # WHAT SEEN WITNESS
	(($2 * 100 >= $3 * 99 && $2 * 100 <= $3 * 101)) || {
		echo "$1: $2, and the witness says $3"
		return 1
	}
}

# All is in histograms or sums: nothing was lost on the way. What came by an interrupt within the
# same program, of any process, the kernel leaves out, and counts as missed.
nothing_lost() { # PROBE
	local line events

	line=$(grep -F "\"t\":\"probe\",\"probe\":\"$1\"" "$records")
	events=$(sed -E 's/.*"events":([0-9]+).*/\1/' <<<"$line")
	((events > 0)) # nobody saw anything
	expect "$line" "*\"status\":\"ok\"*\"delivered\":$events,\"lost\":0,\"missed\":*\"full\":0*"
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
	traced "$@" --pid="$pid" -- sh -c '
		echo >&7
		until [ -s "$0" ]; do sleep 0.02; done' "$scratch/did"
	echo >&7
	wait "$pid"
	did=$(<"$scratch/did")
}

test_faults_are_the_first_touches() {
	need_probe faults
	begin_and_wait "$build/tests/trace/touches" 10000
	trace_it faults
	# The kernel has counted them, and a few by what it does to get its own count out.
	near "the kernel's count" "$did" 10000
	near faults "$(counted faults '"access":"write","page":"absent","by":"user"')" "$did"
	near "faults that ended" "$(counted minor_faults)" "$did"
	near latencies "$(recorded latency '"access":"write"' '"fault":"minor"')" "$did"
	nothing_lost faults
}

test_single_faults() {
	need_probe faults
	begin_and_wait "$build/tests/trace/touches" 500
	trace_it faults --events --stacks
	near events "$(grep -cE '"t":"event","probe":"faults","name":"fault",.*"access":"write",.*"fault":"minor","address":"0x[0-9a-f]+","from":"0x[0-9a-f]+"\},"len_ns":[1-9]' "$records")" 500
	near addresses "$(grep -oE '"address":"0x[0-9a-f]+000"' "$records" | sort -u | wc -l)" 500
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
	begin_and_wait "$build/tests/trace/threads" 2500 4
	live_before=$(grep -vc unpurged /proc/vmallocinfo)
	trace_it vmalloc --events
	live_after=$(grep -vc unpurged /proc/vmallocinfo)
	near areas "$(counted allocated)" "$did"
	near sizes "$(recorded size)" "$did"
	near "areas that came and went" "$(counted freed)" $((did + live_before - live_after))
	near "areas as they waited" "$(recorded waiting)" "$(counted freed)"
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
	traced kmem --own --stacks -- "$build/tests/kmem/messages" 500 7
	near sent "$(counted kmalloc '"caller":"load_msg+0x' '"gfp":"GFP_KERNEL')" 5007
	near bytes "$(counted kmalloc_bytes '"caller":"load_msg+0x')" $((5007 * 2048))
	near received "$(counted kfree '"caller":"free_msg+0x')" 5000
	near asked "$(sed -nE '/"asked"/s/.*\[1280,([0-9]+)\].*/\1/p' "$records")" 5007
	near given "$(sed -nE '/"given"/s/.*\[2048,([0-9]+)\].*/\1/p' "$records")" 5007
	grep -q '"t":"stack".*"load_msg".*"kind":"kmalloc"' "$records"
	nothing_lost kmem
}

# The kernel counts pages that it gives out, for the whole machine; 3 GiB of them are so many
# that what happens just outside the window is less than a hundredth.
test_kmem_pages_are_the_kernels_count() {
	need_probe kmem
	traced kmem --set=kmem.kinds=pages -- sh -c '
		given() { awk "/^pgalloc_/ { n += \$2 } END { printf \"%.0f\", n }" /proc/vmstat; }
		before=$(given)
		for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
			dd if=/dev/zero of=/dev/null bs=256M count=1 2>/dev/null
		done
		echo $(($(given) - before)) >"$0"' "$scratch/given"
	(($(<"$scratch/given") >= 786432))
	near pages "$(counted pages_allocated)" "$(<"$scratch/given")"
	expect "$(counted kmalloc) $(counted cache_alloc)" "0 0"
	nothing_lost kmem
}

test_kmem_bad_words() {
	need_probe kmem
	try "$trace" kmem --set=kmem.kinds=pages,areas --duration=0.01
	expect "$err" "trimm: --set=kmem.kinds=pages,areas: give some of kmalloc,cache,pages"
	((code != 0))
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
	traced reclaim --events -- sh -c '
		echo $$ >"$1/cgroup.procs"
		dd if="$0" of=/dev/null bs=1M 2>/dev/null
		awk "/^cache / { print int(65536 - \$2 / 4096) }" "$1/memory.stat" >"$0.out"' \
		"$scratch/file" "$group"
	(($(<"$scratch/file.out") > 40000))
	near pages "$(counted cgroup_pages '"process":"dd"')" "$(<"$scratch/file.out")"
	expect "$(recorded time '"kind":"cgroup"')" "$(counted cgroup)"
	expect "$(grep -cE '"name":"cgroup reclaim",.*"pages":[0-9]+,"order":0\},"len_ns":[1-9]' "$records")" \
		"$(counted cgroup)"
	nothing_lost reclaim
}

# Who traces is killed: the kernel itself takes the programs out.
test_nothing_stays_attached() {
	local bpftool programs links id

	need_probe faults
	bpftool=$(command -v bpftool || echo /usr/sbin/bpftool)
	[[ -x $bpftool ]] || skip "no bpftool"
	"$trace" faults --duration=20 >"$records" &
	pid=$!
	trap 'kill -KILL $pid 2>/dev/null || :' EXIT
	# Tracepoints and, for each CPU, perf's events.
	until links=$(ids link_id) && (($(wc -w <<<"$links") > 3)); do sleep 0.05; done
	programs=$(ids prog_id)
	for id in $links; do "$bpftool" link show id "$id" >/dev/null; done
	kill -KILL "$pid"
	wait "$pid" || :
	sleep 0.5 # the kernel frees them after a grace period
	for id in $links; do ! "$bpftool" link show id "$id" >/dev/null 2>&1; done
	for id in $programs; do ! "$bpftool" prog show id "$id" >/dev/null 2>&1; done
}

ids() { # link_id|prog_id
	sed -n "s/^$1:[[:space:]]*//p" "/proc/$pid/fdinfo/"* 2>/dev/null | sort -u
}

tap_run
