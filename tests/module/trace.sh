#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Probes inside a guest's kernel, of a case in the module there: each arm has its records in the run
# file, and counts are those that the harness and mmcore have by ways of their own.
. "$(dirname "$0")/setup"

export TRIMM_RESULTS=$scratch/results
case=(unmap-storm flush=eager,lazy nr_pages=8 cpus=2 exact_ops=64 "${small[@]}")

traced() { # KERNEL PROBE,... OPTION...
	need_guest "$1"
	[[ -x $build/trimm-trace ]] || skip "no $build/trimm-trace; make build"
	try timeout -k 1 "$patience" "$build/trimm" trace --guest "${@:2}" -- \
		"$build/trimm" run "${case[@]}" --target module kernel="$1" -q
	expect_code 0
	file=$(echo "$TRIMM_RESULTS"/runs/*.ndjson)
}

# Sum of FIELD over records that have all PATTERNs.
sum() { # FIELD PATTERN...
	local records field=$1

	records=$(cat "$file")
	for pattern in "${@:2}"; do
		records=$(grep -F "$pattern" <<<"$records" || true)
	done
	grep -o "\"$field\":[0-9]*" <<<"$records" | awk -F: '{ n += $2 } END { print n + 0 }'
}

# Of the same blocks: what is counted there is what is counted here.
same() { # BENCH SOURCE NAME SOURCE NAME
	[[ $(sum value '"t":"counter"' "\"bench\":$1," '"phase":"measure"' "\"source\":\"$2\"" "\"name\":\"$3\"") -eq \
		$(sum value '"t":"counter"' "\"bench\":$1," '"phase":"measure"' "\"source\":\"$4\"" "\"name\":\"$5\"") ]]
}

# mmcore's own point is passed as often as mmcore counts, to the last one.
counts_are_the_cores() { # KERNEL
	traced "$1" tracepoint,tlbflush,funclat --set tracepoint.name=trimm:shootdown \
		-f on_each_cpu_cond_mask
	expect "$out" '*in a guest, Linux '"$1"'*times are an emulator*'
	(($(sum value '"bench":0,' '"name":"shootdowns"' '"phase":"measure"') > 100))
	same 0 tracepoint passed mmcore shootdowns
	same 1 tracepoint passed mmcore shootdowns
	for bench in 0 1; do
		for probe in tracepoint tlbflush funclat; do
			expect "$(grep -c "\"t\":\"probe\",\"probe\":\"$probe\",\"status\":\"ok\".*\"bench\":$bench}" "$file")" 1
		done
	done
	(($(sum n '"t":"hist"' '"bench":0,' '"source":"funclat"') >= $(sum value '"bench":0,' '"name":"host_flush_calls"')))
}
declare_kernel_tests counts_are_the_cores

# The interrupt's entries, and what the kernel counts of them for /proc/interrupts. With two CPUs a
# call is for a single one each time.
interrupts_are_the_kernels() { # KERNEL
	local entries counted sent

	traced "$1" ipi,tracepoint --set tracepoint.name=call_function_single_entry
	entries=$(sum value '"t":"counter"' '"bench":0,' '"source":"tracepoint"')
	counted=$(sum value '"t":"counter"' '"bench":0,' '"name":"host_tlb_shootdowns"')
	sent=$(sum value '"bench":0,' '"name":"ipi_sent"' '"kind":"call_function_single"')
	echo "sent $sent, entries $entries, counted $counted"
	((counted > 100 && 100 * (entries - counted) <= counted && 100 * (counted - entries) <= counted))
	((100 * (sent - counted) <= counted && 100 * (counted - sent) <= counted))
}
declare_kernel_tests interrupts_are_the_kernels

# Linux's own areas, by tracepoints or before them (6.1) by its functions: as many as the harness has
# operations, each of 7 pages and one that is never mapped. What else the guest allocates meanwhile
# is of other sizes; what it frees is freed.
native_areas_are_the_operations() { # KERNEL
	local how=raw_tp ops freed

	[[ $1 != 6.1 ]] || how=raw_tp,fentry
	case=(fix_size_alloc_test impl=native nr_pages=7 cpus=2 "${small[@]}")
	traced "$1" vmalloc
	expect "$(grep '"t":"probe"' "$file")" '*"status":"ok","how":"'$how'"*"lost":0,"missed":0,"refused":0,"full":0*'
	ops=$(grep -m 1 '"name":"failed_allocs"' "$file" | grep -o '"ops":[0-9]*' | cut -d: -f2)
	((ops > 0))
	expect "$(grep '"metric":"size"' "$file" | grep -F '"align":1}')" "*[[]32768,$ops[]]*"
	freed=$(sum value '"source":"vmalloc"' '"name":"freed"')
	echo "operations $ops, freed $freed"
	((freed >= ops && freed <= ops + 16))
	expect "$(sum n '"source":"vmalloc"' '"metric":"waiting"')" "$freed"
	(($(sum value '"source":"vmalloc"' '"name":"purged_areas"') > 0))
}
declare_kernel_tests native_areas_are_the_operations

# The rest of the probes, of a native arm and one of mmcore: each works in each kernel. Here are what
# no test elsewhere has seen in a guest: mmcore's points, as often as it counts; the objects that an
# area takes; and the threads of the module, which the timer interrupts.
other_probes_work() { # KERNEL
	local passed area

	case=(fix_size_alloc_test impl=native,mmcore nr_pages=7 cpus=2 "${small[@]}")
	traced "$1" mmcore,kmem,reclaim,faults,stalls --set mmcore.points=all
	for probe in mmcore kmem reclaim faults stalls; do
		expect "$(grep -c "\"probe\":\"$probe\",\"status\":\"ok\".*\"lost\":0,\"missed\":0,\"refused\":0,\"full\":0" "$file")" 2
	done
	passed=$(sum value '"bench":1,' '"source":"mmcore"' '"name":"passed"' '"point":"area_alloc"')
	area=$(sum value '"bench":1,' '"phase":"measure"' '"source":"mmcore"' '"name":"area_alloc"')
	echo "area_alloc: passed $passed times, counted $area"
	((passed > 0 && passed == area))
	(($(sum value '"source":"kmem"' '"bench":0,') > 0))
	(($(sum n '"source":"stalls"' '"cause":"vector"') > 0))
}
declare_kernel_tests other_probes_work

# As there is nothing to see, the case is as it would be; and the run file is sound.
test_a_function_that_is_not_there() {
	need_guest "${kernels[0]}"
	try timeout -k 1 "$patience" "$build/trimm" trace --guest funclat -f no_such_function -- \
		"$build/trimm" run "${case[@]}" --target module kernel="${kernels[0]}" -q
	expect_code 1
	expect "$err" '*probe funclat: missing: *no_such_function*'
	[[ $err != *'there is no bench'* ]]
	file=$(echo "$TRIMM_RESULTS"/runs/*.ndjson)
	expect "$(grep -c '"t":"probe".*"status":"missing"' "$file")" 2
	"$build/trimm" report "$file" >/dev/null
}

test_exact_is_not_traced() {
	need_guest "${kernels[0]}"
	try timeout -k 1 "$patience" "$build/trimm" trace --guest tlbflush -- \
		"$build/trimm" run unmap-storm exact_ops=64 "${small[@]}" --mode exact \
		--target module kernel="${kernels[0]}" -q
	expect_code 1
	expect "$err" '*not traced: *--guest: no case was traced*'
	! grep -q '"t":"probe"' "$TRIMM_RESULTS"/runs/*.ndjson
}

tap_run
