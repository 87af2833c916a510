#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Every kind of page in a browser, on a desktop and a phone, light and dark: nothing on the console,
# every image there, no request to anywhere, all reached by the keyboard, words that can be read.
# What they look like stays in build/pages/.
. "$(dirname "$0")/setup"

pages=$root/build/pages
data=$(mktemp -d)
trap 'rm -rf "$scratch" "$fake" "$data"' EXIT
make_data=$root/build/release/tests/unit/bench_report
day=20261122T000000

# Started once for each look; its own network is shut off, so that what is asked for shows.
browser() { # WIDTHxHEIGHT light|dark OPTION... PAGE
	local size=${1/x/,} colours=1

	[[ $2 == light ]] || colours=0
	shift 2
	timeout 60 chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --no-first-run \
		--disable-background-networking --disable-component-update --disable-extensions \
		--proxy-server=127.0.0.1:9 --blink-settings=preferredColorScheme=$colours \
		--allow-file-access-from-files --enable-logging=stderr --v=0 \
		--user-data-dir="$scratch/profile" --window-size="$size" "$@"
}

need_browser() {
	command -v chromium >/dev/null || skip "no chromium here (Debian: chromium)"
	[[ -x $make_data ]] || skip "no release build of tests; make check makes one first"
}

# The page and its copy that looks at itself; then two pictures.
look() { # NAME PAGE
	local directory=${2%/*} copy size colours said

	copy=$directory/check-${2##*/}
	{ cat "$2" && echo "<script>" && cat "$root/tests/pages/check.js" && echo "</script>"; } >"$copy"
	for size in 1280x1600/light 420x1600/dark; do
		colours=${size#*/}
		browser "${size%/*}" "$colours" --virtual-time-budget=30000 --dump-dom "file://$copy" \
			>"$scratch/dom" 2>"$scratch/console"
		said=$(grep -E "^(WRONG|CHECKED)" "$scratch/dom" || true)
		expect "$1 ${size}: $said" "*CHECKED images=* texts=*"
		[[ $said != *WRONG* ]] || { echo "$1, $size: $said" && return 1; }
		! grep -E "CONSOLE|net::ERR" "$scratch/console"
		browser "${size%/*}" "$colours" --screenshot="$pages/$1-${size%%x*}-$colours.png" \
			"file://$2" 2>"$scratch/console"
		! grep -E "CONSOLE|net::ERR" "$scratch/console"
	done
	rm "$copy"
}

# The index and the first workload's page of a report.
look_at_report() { # NAME DIRECTORY
	mkdir -p "$pages"
	look "$1" "$2/index.html"
	set -- "$1" "$2"/workload-*.html
	[[ ! -e $2 ]] || look "$1-workload" "$2"
}

make_runs() {
	[[ -e $data/runs ]] || "$make_data" 0 20 "$data" >/dev/null
	export TRIMM_RESULTS=$data
}

test_a_run() {
	need_browser
	make_runs
	trimm report $day-0001 --output "$scratch/page" --figures 30
	look_at_report run "$scratch/page"
}

test_exact_counts() {
	need_browser
	make_runs
	trimm report $day-0002 --output "$scratch/page" --figures 30
	look_at_report exact "$scratch/page"
}

test_two_runs() {
	need_browser
	make_runs
	trimm report $day-0002 $day-0003 --output "$scratch/page"
	grep -q "instructions</td>" "$scratch/page/index.html"
	look_at_report pair "$scratch/page"
}

test_a_night() {
	need_browser
	make_runs
	trimm report --night "$root/tests/pages/night.json" --output "$scratch/page"
	look_at_report night "$scratch/page"
}

# Twelve nights; from the ninth on a count is another.
test_a_history() {
	need_browser
	export TRIMM_RESULTS=$scratch/results
	local night
	mkdir -p "$TRIMM_RESULTS/nights"
	for night in 01 02 03 04 05 06 07 08 09 10 11 12; do
		sed "s/20261122T020000-ab12/202611${night}T020000-00$night/
			s/2026-11-22T/2026-11-${night}T/g
			s/\"commit\": \"0123/\"commit\": \"$night$night/" "$root/tests/pages/night.json" \
			>"$TRIMM_RESULTS/nights/202611${night}T020000-00$night.json"
	done
	sed -i 's/"head": 4096/"head": 8192/' "$TRIMM_RESULTS"/nights/202611{09,10,11,12}*
	trimm report --history --output "$scratch/page"
	grep -q "12 nights" "$scratch/page/index.html"
	grep -q "frames_zeroed" "$scratch/page/workload-vrealloc-grow.html"
	look_at_report history "$scratch/page"
}

# Each era that a user can name has its sentence.
test_eras() {
	need_browser
	make_runs
	trimm report --eras $day-0004 --output "$scratch/page"
	for era in $(sed -n 's/^ERA("\([0-9.]*\)".*/\1/p' "$root/mmcore/eras.def"); do
		grep -q "<h3>Linux $era " "$scratch/page/index.html"
	done
	look_at_report eras "$scratch/page"
}

tap_run
