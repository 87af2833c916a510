#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Each point of mmcore/events.def is one USDT probe of the user target, as tracers find them: with a
# semaphore, as many arguments as fields, and a NOP of 5 bytes to be put a breakpoint at.
. "$(dirname "$0")/tap"
build=$root/build/release

# NAME FIELDS, sorted.
points() {
	sed -n 's/^POINT\([1-4]\)(\([a-z_]*\),.*/\2 \1/p' "$root/mmcore/events.def" | sort
}

# NAME LOCATION SEMAPHORE ARGUMENTS of each probe of provider trimm.
probes() { # PROGRAM
	readelf -n "$1" | awk '
		$1 == "Provider:" { ours = $2 == "trimm" }
		ours && $1 == "Name:" { name = $2 }
		ours && $1 == "Location:" { location = $2; semaphore = $6 }
		ours && $1 == "Arguments:" { print name, location, semaphore, NF - 1 }' | tr -d ,
}

each_point_is_a_probe() { # PROGRAM
	local program=$build/$1 found name location semaphore start end code

	command -v readelf >/dev/null || skip "no readelf"
	found=$(probes "$program" | sort)
	expect "$(awk '{ print $1, $4 }' <<<"$found")" "$(points)"
	read -r start end < <(readelf -SW "$program" |
		sed -n 's/.* \.probes  *PROGBITS  *\([0-9a-f]*\) [0-9a-f]* \([0-9a-f]*\).*/0x\1 0x\2/p')
	while read -r name location semaphore _; do
		((semaphore >= start && semaphore < start + end)) || {
			echo "$name: semaphore $semaphore is not in .probes"
			return 1
		}
		code=$(objdump -d --start-address="$location" --stop-address=$((location + 5)) "$program")
		expect "$code" "*0f 1f 44 00 00*" || return 1
	done <<<"$found"
	# One each.
	expect "$(cut -d' ' -f3 <<<"$found" | sort -u | wc -l)" "$(points | wc -l)"
}

test_each_point_is_a_probe() {
	each_point_is_a_probe trimm-user
}

test_of_the_static_program_too() {
	each_point_is_a_probe trimm-user-static
}

tap_run
