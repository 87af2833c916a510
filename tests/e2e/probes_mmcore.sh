#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The core's own points, as probe mmcore sees them in trimm-user, against the core's own counters.
. "$(dirname "$0")/../trace/setup"

# A case of known counts: each operation frees one area and allocates one. In turns 4 blocks without
# probes and 4 with.
areas() { # FLUSH POINTS [OPTION...]
	need_probe mmcore
	# The case has what the collector says in its own records too: there it is taken from.
	traced mmcore "${@:3}" --set=mmcore.points="$2" --output=3 -- "$build/trimm-user" \
		areas-live memory=64M window=1T cpus=1 loops=10000 blocks=4 warmup=0 flush="$1" 3>/dev/null
}

passed() { # POINT
	counted passed "\"point\":\"$1\""
}

# The core's own, of all blocks.
core() { # COUNTER
	sed -nE '/"phase":"measure"/s/.*"name":"'"$1"'",.*"value":([0-9]+).*/\1/p' <<<"$out"
}

# Of a field's histogram: its number of values, and their sum.
field() { # POINT FIELD
	grep "\"key\":{\"point\":\"$1\",\"field\":\"$2\"}" <<<"$out" |
		sed -E 's/.*"n":([0-9]+),.*"sum":"([0-9]+)".*/\1 \2/'
}

# By the core an operation is exactly one flush and one area; so in 4 blocks of 10,000 there are
# 40,000 of each.
test_as_many_as_the_core_counts() {
	local ops

	areas eager flush_range,area_alloc,area_free
	ops=$(sed -nE 's/.*"phase":"measure","name":"flush_range".*"ops":([0-9]+).*/\1/p' <<<"$out")
	[[ $ops -ge 80000 ]]
	expect "$(core flush_range) $(core area_alloc)" "$ops $ops"
	expect "$(passed flush_range) $(passed area_alloc) $(passed area_free)" "40000 40000 40000"
	expect "$(account events) $(account delivered)" "120000 120000"
	expect "$(account lost) $(account full)" "0 0"
	# Each has 1 to 4 pages, and its guard is not flushed.
	read -r n pages < <(field flush_range pages)
	read -r m guarded < <(field area_alloc pages)
	expect "$n $m" "40000 40000"
	((pages >= 40000 && pages <= 160000 && guarded > pages))
	expect "$(account how)" usdt
	# How often is no matter of time; how long is, and the record says so.
	expect "$(grep -c '"t":"note","bench":0,.*"traced: .*purge_ticks_max' <<<"$out")" 1
}

# A purge is one flush; singly it has its length, and its fields but that.
test_purges_singly() {
	local purges

	areas lazy purge,flush_range --events
	purges=$(passed purge)
	[[ $purges -gt 0 && $purges -lt $(core purge) ]]
	expect "$(passed flush_range)" "$purges"
	expect "$(grep -c '"t":"event".*"name":"purge"' <<<"$out")" "$purges"
	expect "$(field purge took | cut -d' ' -f1)" "$purges"
	expect "$(grep -m 1 '"name":"purge".*"at_ns"' <<<"$out")" \
		'*"args":{"pages":[1-9]*,"areas":[1-9]*},"len_ns":[1-9]*'
	expect "$(grep -m 1 '"name":"flush_range".*"at_ns"' <<<"$out")" \
		'*"args":{"start":"0x*","pages":[1-9]*,"interrupted":0},"len_ns":*'
}

test_words_that_are_wrong() {
	need_probe mmcore
	try "$trace" mmcore --set=mmcore.points=purge,nonesuch --duration=0.1
	expect_code 2
	expect "$err" "*mmcore.points=nonesuch: no such point; *"
	try "$trace" mmcore --set=mmcore.binary=/bin/true --duration=0.1
	expect_code 1
	expect "$err" "*probe mmcore: missing: /bin/true has no probes trimm:*"
}

tap_run
