#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# trimm trend over nights that are files: what changed and where, what is accepted, what is refused.
. "$(dirname "$0")/setup"

commit() { printf '%08xcccccccccccccccccccccccccccccccc' "$1"; }

# A night of one case: its ratio, and flushes counted.
night() { # NUMBER RATIO FLUSHES [MACHINE]
	local day
	day=$(date -u -d "2026-01-01 + $1 days" +%F)
	mkdir -p "$TRIMM_RESULTS/nights"
	cat >"$TRIMM_RESULTS/nights/night-$1-${4:-a}.json" <<-END
		{"schema":"trimm-night/1","night":"${day//-/}T020000-0000","started":"${day}T02:00:00Z",
		"finished":"${day}T02:10:00Z","status":"ok","why":null,"repo":"/src","head":{"commit":
		"$(commit "$1")","subject":"a change","author_date":"$day","dirty":false},"reference":
		{"commit":"$(commit 0)","subject":"first","author_date":"2026-01-01","dirty":false},
		"suite":"nightly","machine":"${4:-aaaaaaaaaaaaaaaa}","version":"0.1.0","threshold":0.02,
		"gate":"both","runs":{"exact":[],"time":[],"again":[]},"cases":[{"series":
		"0123456789abcdef","workload":"unmap-storm","label":"nr_pages=1 cpus=2","target":"user",
		"exact":{"verdict":"unchanged","why":null,"counters":[{"name":"flush_all","unit":
		"flushes","better":"lower","reference":32,"head":$3,"verdict":"unchanged"}]},"time":
		{"verdict":"unchanged","metric":"total","unit":"ns","reference":800,"head":800,
		"ratio":$2,"low":$2,"high":$2,"floor":0.01,"n":6,"effect":null,"again":null,"why":null},
		"verdict":"no difference","accepted":null}],"exit":0,"summary":"trimm:"}
	END
}

ends() { # CODE COMMAND...
	local code=$1
	shift
	try "$@"
	expect_code "$code"
}

# 30 nights about 1, then four that are 5 % slower and flush once more.
nights() {
	local i
	for i in {0..29}; do night "$i" "1.00$((i * 7 % 5))" 32; done
	for i in {30..33}; do night "$i" "1.05$((i * 3 % 4))" 33; done
}

test_a_change_is_found_with_its_range() {
	nights
	ends 3 trimm trend unmap-storm
	expect "$out" "*2026-01-31 0000001e +4.9 % total: 1.002 to 1.0515, worse, p *"
	expect "$out" "*range to bisect: 0000001d..0000001e*"
	expect "$out" "*trimm bisect --good 0000001dcccc --bad 0000001ecccc --repo /src unmap-storm nr_pages=1 cpus=2 --metric total*"
	expect "$out" "*2026-01-31 0000001e +3.1 % flush_all: 32 to 33, worse, counted*"
	expect "$out" "*trimm: regressed 2, improved or undone 0, accepted 0, unchanged 0"
	while read -r line; do
		[[ $line == *"trimm bisect"* ]] || ((${#line} <= 80))
	done <<<"$out"
	ends 3 trimm trend
	expect "$out" "*worse*2026-01-31 0000001e unmap-storm:nr_pages=1,cpus=2 total*"
	ends 3 trimm trend --changes --metric flush_all
	expect "$out" "unmap-storm nr_pages=1 cpus=2*32 to 33*"
	ends 0 trimm trend --since 2026-02-01 --metric total
	expect "$out" "*unchanged 1"
}

test_accepted_changes_are_told_with_their_reason() {
	nights
	printf 'trimm-accepted/1\n%s unmap-storm * one more flush is right\n' "$(commit 30)" \
		>"$TRIMM_RESULTS/accepted"
	ends 0 trimm trend unmap-storm
	expect "$out" "*accepted: one more flush is right*accepted 2, unchanged 0"
	echo "abcdef0 unmap-storm" >>"$TRIMM_RESULTS/accepted"
	ends 1 trimm trend
	expect "$err" "trimm: *accepted:3: write COMMIT SERIES METRIC REASON"
}

test_csv_and_json() {
	nights
	ends 3 trimm trend --format csv --metric total
	expect "$(wc -l <<<"$out")" 35
	expect "$out" "series,workload,*,change,p,accepted*2026-01-31T02:00:00Z*,0.0*"
	ends 3 trimm trend --format json --metric total
	command -v python3 >/dev/null || skip "no python3"
	expect "$(python3 -c 'import json,sys; a=json.load(sys.stdin); print(len(a), len(a[0]["nights"]), a[0]["changes"][0]["stands"])' <<<"$out")" "1 34 True"
}

test_machines_are_not_mixed() {
	nights
	night 40 1.3 32 bbbbbbbbbbbbbbbb
	sed -i s/0123456789abcdef/fedcba9876543210/ "$TRIMM_RESULTS/nights/night-40-bbbbbbbbbbbbbbbb.json"
	ends 0 trimm trend
	expect "$out" "*Nights of 1 more machines are left out*"
	ends 3 trimm trend --machine aaaa
	ends 3 trimm trend --across
	expect "$out" "*on aaaaaaaa*on bbbbbbbb*"
	ends 1 trimm trend --machine cc
	expect "$err" "trimm: cc: no night of such a machine"
	ends 2 trimm trend --machine aa --across
}

test_bad_words_are_one_line() {
	mkdir -p "$TRIMM_RESULTS"
	ends 1 trimm trend
	expect "$err" "trimm: no finished nights*"
	nights
	ends 2 trimm trend no-such
	expect "$err" "trimm: no-such: no such series; \`trimm trend\` lists them"
	ends 2 trimm trend --metric no-such
	ends 2 trimm trend --since yesterday
	expect "$err" "trimm: --since yesterday: give a date*"
	ends 2 trimm trend --format xml
	echo '{"schema":"trimm-night/2"}' >"$TRIMM_RESULTS/nights/newer.json"
	ends 3 trimm trend
	expect "$err" "trimm: *newer.json: format trimm-night/2; this program reads trimm-night/1: take a newer one"
}

tap_run
