#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Suites: what a file of them means and what is wrong with one, by line; cases that share a boot of
# a guest, and what becomes of those behind one that ended it. Targets are fakes.
. "$(dirname "$0")/setup"

# Cases parted by -- are measured one after the other, as by trimm-qemu (launch.h). FAKE_BOOTS gets
# the words of each boot. The workload "crash" takes the guest with it.
cat >"$fake/trimm-qemu" <<'END'
#!/usr/bin/env bash
shift
echo "$*" >>"$FAKE_BOOTS"
export FAKE_RELEASE=6.1.0-1-cloud-amd64
next() {
	local line='{"t":"next","code":'$1'}'

	if [[ ${TRIMM_RECORD_FD-} ]]; then echo "$line" >&"$TRIMM_RECORD_FD"; else echo "$line"; fi
}
words=()
for word in "$@"; do
	if [[ $word != -- ]]; then
		words+=("$word")
		continue
	fi
	code=0
	"${0%/*}/trimm-user" "${words[@]}" || code=$?
	[[ $code -lt 128 && $code -ne 2 ]] || exit $code
	next $code
	words=()
done
exec "${0%/*}/trimm-user" "${words[@]}"
END
chmod +x "$fake/trimm-qemu"
export FAKE_BOOTS=$fake/boots

# A suite of these lines: each argument is one.
suite() {
	mkdir -p "$scratch/folder"
	printf '%s\n' "$@" >"$scratch/folder/mine.suite"
	rm -f "$FAKE_BOOTS"
}

run() { # WORD...
	try trimm run --suite "$scratch/folder/mine.suite" "$@"
}

# The cases as they would run.
cases() { # WORD...
	run --dry-run "$@"
	expect_code 0
	[[ ! -e $TRIMM_RESULTS ]]
}

test_a_line_is_a_group() {
	suite '# What it is for' '' 'steady nr_pages=1,2' 'skip # and why'
	cases
	expect "$out" $'fake: steady nr_pages=1\nfake: steady nr_pages=2\nfake: skip'
	expect "$err" "trimm: 3 cases"
}

test_lines_go_on() {
	suite 'steady' '	nr_pages=3' '    # not this' '  blocks=4' 'skip \' 'nr_pages=2 blocks=3'
	cases
	expect "$out" $'fake: steady nr_pages=3 blocks=4\nfake: skip nr_pages=2 blocks=3'
}

test_words_of_all_lines() {
	suite 'steady' 'all: blocks=5 nr_pages=7' 'steady blocks=6' 'skip' 'all:' 'skip'
	cases
	expect "$out" $'fake: steady\nfake: steady blocks=6 nr_pages=7\nfake: skip blocks=5 nr_pages=7\nfake: skip'
}

test_words_beside_the_suite_come_first() {
	suite 'all: blocks=5' 'steady nr_pages=1,2 flush=eager' 'skip'
	cases nr_pages=9 blocks=3
	expect "$out" $'fake: steady flush=eager nr_pages=9 blocks=3\nfake: skip nr_pages=9 blocks=3'
	cases flush=eager,lazy
	expect "$out" '*steady*arm:flush=eager arm:flush=lazy*skip*arm:flush=eager arm:flush=lazy'
}

test_patterns_and_exceptions() {
	suite 'page-* !page-bulk !skip' 'kmalloc-pai?'
	cases
	expect "$out" $'fake: page-pair\nfake: page-outstanding\nfake: kmalloc-pair'
	suite 'nothing-*'
	run
	expect_error 2 "trimm: $scratch/folder/mine.suite:1: nothing-\*: no workload is called like that*"
	suite '!steady'
	run
	expect_error 2 "trimm: $scratch/folder/mine.suite:1: name a workload*"
	try trimm run 'page-*' --dry-run
	expect_code 0
	expect "$(wc -l <<<"$out")" 3
}

test_a_suite_includes_another() {
	suite 'all: blocks=5' 'include ./other.suite' 'steady'
	echo 'skip' >"$scratch/folder/other.suite"
	cases
	expect "$out" $'fake: skip\nfake: steady blocks=5'
	suite 'include mine.suite'
	run
	expect_error 2 "trimm: $scratch/folder/mine.suite:1: mine.suite: suites that include each other*"
	suite 'include gone.suite'
	run
	expect_error 2 "trimm: $scratch/folder/mine.suite:1: $scratch/folder/gone.suite: No such file*"
	suite 'include'
	run
	expect_error 2 "trimm: $scratch/folder/mine.suite:1: include is followed by one suite*"
}

# Nothing runs, and each line that is wrong is told of.
test_nothing_starts_unless_all_is_valid() {
	suite 'steady' 'steady nr_pagse=2' 'stedy' 'steady' '	flush=never' 'steady target=moon'
	run
	expect_code 2
	expect "$out" ""
	expect "$(wc -l <<<"$err")" 4
	expect "$err" '*mine.suite:2: nr_pagse: no such parameter of steady; did you mean "nr_pages"?*'
	expect "$err" '*mine.suite:3: stedy: no such workload; did you mean "steady"?*'
	expect "$err" '*mine.suite:4: never: no such value of flush*mine.suite:6: moon: no such target*'
	[[ ! -e $TRIMM_RESULTS ]]
}

# What only the target can judge is told with the line as well.
test_the_target_judges_each_line() {
	suite 'steady' '# of more pages' 'skip' '  nr_pages=1000'
	run
	expect_error 2 "trimm: $scratch/folder/mine.suite:3: trimm-user: nr_pages=1000: out of range*"
	suite 'steady target=module' 'skip target=module nr_pages=1000' 'steady target=module'
	run
	expect_error 2 "trimm: $scratch/folder/mine.suite:2: trimm-user: nr_pages=1000: out of range*"
}

test_lines_that_are_none() {
	suite 'steady -- skip'
	run
	expect_error 2 "trimm: *mine.suite:1: --: a line of a suite is one group*"
	suite 'steady --target qemu'
	run
	expect_error 2 "trimm: *mine.suite:1: --target: a line of a suite is one group*"
	suite 'all: steady'
	run
	expect_error 2 "trimm: *mine.suite:1: all: is followed by NAME=VALUE words, and steady is none"
	suite '# nothing'
	run
	expect_error 2 "trimm: *mine.suite: there is nothing to run in it*"
	printf 'steady\0' >"$scratch/folder/mine.suite"
	run
	expect_error 2 "trimm: *mine.suite:1: a 0 byte: this is no text"
	suite 'steady blocks=2 blocks=3'
	run
	expect_error 2 'trimm: *mine.suite:1: blocks=3: "blocks" is set twice*'
}

test_suites_that_are_not_there() {
	try trimm run --suite smokee
	expect_error 2 'trimm: smokee: no such suite; did you mean "smoke"?'
	try trimm run --suite nothing-like-it
	expect_error 2 'trimm: nothing-like-it: no such suite; `trimm list suites` names them'
	try trimm run --suite ./gone.suite
	expect_error 2 'trimm: ./gone.suite: No such file or directory'
	try trimm run --suite "$scratch/"
	expect_error 2 "trimm: $scratch/: Is a directory"
	suite 'steady'
	run skip
	expect_error 2 'trimm: --suite: words beside it are NAME=VALUE*'
}

test_a_suite_is_measured() {
	suite 'steady flush=eager,lazy' 'steady nr_pages=2' 'skip'
	run --quiet
	expect_code 0
	expect "$(lines '"t":"bench".*"status":"ok"')" 3
	expect "$(lines '"t":"bench".*"status":"skipped"')" 1
	trimm validate "$(run_file)"
}

# Targets with which a boot is shared offer the word boot=.
shared=(all: target=module boot=shared cpus=2)

test_cases_share_a_boot() {
	suite "${shared[*]}" 'steady nr_pages=1,2' 'skip' 'page-pair' 'failing' 'steady cpus=1'
	FAKE_BOOT=1 run --quiet
	expect_code 1
	# Words are checked in two boots, as cpus= differ, and so are cases measured.
	expect "$(grep -c ^check "$FAKE_BOOTS")" 2
	expect "$(grep -c '^steady' "$FAKE_BOOTS")" 2
	expect "$(grep '^steady' "$FAKE_BOOTS" | head -n 1)" \
		'steady nr_pages=1 *case=0 -- steady nr_pages=2 *case=1 -- skip *case=2 -- page-pair *case=3 -- failing *case=4'
	expect "$(lines '"t":"bench".*"status":"ok"')" 4
	expect "$(lines '"case":4,.*"status":"failed","why":"trimm-qemu failed with code 1.*no memory left')" 1
	trimm validate "$(run_file)"
	expect "$(grep '"t":"bench"' "$(run_file)" | grep -o '"bench":[0-9]*' | cut -d : -f 2 | tr '\n' ' ')" \
		"0 1 2 3 4 5 "
}

test_a_boot_for_each_case_unless_said() {
	suite 'steady target=module nr_pages=1,2'
	FAKE_BOOT=1 run --quiet
	expect_code 0
	expect "$(grep -c '^steady' "$FAKE_BOOTS")" 2
}

test_a_guest_that_dies_takes_one_case_with_it() {
	suite "${shared[*]}" 'steady' 'crash' 'page-pair' 'skip'
	FAKE_BOOT=1 run --quiet
	expect_code 1
	expect "$(grep -c -e ^steady -e ^page-pair "$FAKE_BOOTS")" 2
	expect "$(tail -n 1 "$FAKE_BOOTS")" 'page-pair *case=2 -- skip *case=3'
	expect "$(lines '"t":"bench".*"status":"failed"')" 1
	expect "$(lines '"t":"bench".*"workload":"crash".*"status":"failed"')" 1
	expect "$(lines '"t":"bench".*"status":"ok"')" 2
	trimm validate "$(run_file)"
}

test_suites_are_listed() {
	try trimm list suites
	expect_code 0
	expect "$out" '*smoke *Every workload on every target*'
}

# Those that come with trimm: each line is valid, wherever it runs.
test_suites_that_come_with_trimm() {
	local name

	unset TRIMM_TARGET_DIR
	build=$root/build/release
	command -v qemu-system-x86_64 >/dev/null || skip "no qemu-system-x86_64"
	for name in "$root"/suites/*.suite; do
		try timeout 300 "$build/trimm" run --suite "$(basename "$name" .suite)" --dry-run
		# What `make traces` has not recorded is missed by its line.
		if [[ $name == */traces.suite && ! -e build/traces/boot.trace ]]; then
			expect_error 2 "trimm: */traces.suite:[0-9]: *trace=build/traces/*.trace: No such file*"
			continue
		fi
		expect_code 0
	done
}

tap_run
