#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The points of mmcore/events.def inside Linux are tracepoints of system trimm, and what a tracer
# reads of a case adds up: what was mapped was unmapped, what waited was purged.
. "$(dirname "$0")/setup"

points() {
	sed -n 's/^POINT[1-4](\([a-z_]*\),.*/\1/p' "$root/mmcore/events.def"
}

# Sum of FIELD over events NAME; without FIELD, how many. An event: "task-pid [cpu] flags time: NAME: FIELD=..."
sum() { # TEXT NAME [FIELD]
	awk -v name="$2:" -v field="${3-}=" '
		$5 == name && field == "=" { n++ }
		$5 == name { for (i = 6; i <= NF; i++) if (index($i, field) == 1) n += substr($i, length(field) + 1) }
		END { print n + 0 }' <<<"$1"
}

points_are_tracepoints() { # KERNEL
	local events pages

	try guest kernel="$1" cpus=2 ram=512M -- '
		insmod /trimm.ko || exit 1
		mount -t tracefs none /sys/kernel/tracing 2>/dev/null
		cd /sys/kernel/tracing/events/trimm && ls -d */ && echo 1 >enable
		echo 16384 >../../buffer_size_kb
		cd /sys/kernel/debug/trimm && timeout 60 cat records >/tmp/records &
		cd /sys/kernel/debug/trimm
		echo "unmap-storm nr_pages=8 flush=lazy lazy_max_pages=512 cpus=2 exact_ops=64 memory=32M window=64M blocks=2 warmup=0 slice=50" >run
		wait
		tail -n 1 /tmp/records
		echo 0 >/sys/kernel/tracing/events/trimm/enable
		cat /sys/kernel/tracing/trace
		rmmod trimm && echo removed'
	expect_code 0
	expect "$(sed -n 's|/$||p' <<<"$out" | sort)" "$( (echo arm; points) | sort)"
	expect "$out" $'*\nX0\n*removed'
	events=$(grep -v '^#' <<<"$out")
	# None was overwritten.
	expect "$(grep -c 'entries-in-buffer/entries-written: \([0-9]*\)/\1 ' <<<"$out")" 1
	pages=$(sum "$events" table_map pages)
	[[ $pages -gt 1000 ]]
	expect "$(sum "$events" table_unmap pages)" "$pages"
	expect "$(sum "$events" area_free)" "$(sum "$events" area_alloc)"
	expect "$(sum "$events" purge areas)" "$(sum "$events" area_free)"
	expect "$(sum "$events" shootdown)" "$(sum "$events" flush_range)"
	expect "$events" '* arm: bench=0*purge: pages=* areas=* took=*arm: bench=-1*'
	expect "$events" '*area_alloc: start=0x* pages=9 align=1*'
	expect "$events" '*pcp_refill: zone=NORMAL type=unmovable pages=*'
}
declare_kernel_tests points_are_tracepoints

tap_run
