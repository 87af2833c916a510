#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# More events than can be had: each is either delivered or counted as lost, and memory stays what it
# was. A million a second is what one thread makes that does nothing else on an idle machine.
. "$(dirname "$0")/../trace/setup"

# 5 s of them; `make soak` has 60.
calls=${PROBES_CALLS:-5000000}

test_each_event_is_delivered_or_lost() {
	local generated seconds kib events delivered lost missed seen

	need_probe tracepoint --set=tracepoint.name=sys_enter
	# What comes out is counted, not kept.
	set -o pipefail
	seen=$(timeout "${TEST_TIMEOUT:-290}" "$trace" tracepoint --set=tracepoint.name=sys_enter --own --events \
		-- "$programs/syscalls" "$calls" 1 2>"$scratch/said" |
		awk -v to="$scratch/account" '
			/^\{"t":"event"/ && /"bench":0/ { n++ }
			/^\{"t":"probe"/ { print >to }
			END { print n + 0 }')
	out=$(<"$scratch/account")
	read -r generated seconds kib <"$scratch/said"
	events=$(account events) delivered=$(account delivered)
	lost=$(account lost) missed=$(account missed)
	echo "$generated in $seconds s: $delivered delivered, $lost lost, $missed missed," \
		"$seen seen; $kib KiB"
	[[ $generated -eq $calls ]]
	[[ $((events + missed)) -eq $generated ]]
	[[ $((delivered + lost)) -eq $events ]]
	[[ $seen -eq $delivered ]]
	[[ $kib -lt 65536 ]]
}

tap_run
