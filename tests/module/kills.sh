#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# A guest's QEMU killed at random moments of a `trimm run`, from its first moment to its last: the
# run's file is readable and says so, the index of runs agrees with the files, and the next run is as
# if nothing had been.
#
# MODULE_KILLS (2) is how many; `make soak` has it 20. MODULE_KILLS_SEED repeats the moments.
. "$(dirname "$0")/setup"

kills=${MODULE_KILLS-2}
seed=${MODULE_KILLS_SEED-$RANDOM}
kernel=${kernels[0]}

trimm() { # VERB WORD...
	"$build/trimm" "$@"
}

# Becomes the command: its process is the one to look below.
measure() {
	exec "$build/trimm" run --quiet --target module kernel="$kernel" fix_size_alloc_test flush=lazy,eager \
		cpus=2 memory=32M window=64M
}

# The QEMU below process PARENT, which need not be its own child; none between two guests.
qemu_below() { # PARENT
	local child

	for child in $(pgrep -P "$1"); do
		pgrep -P "$child" -x qemu-system-x86 && return
	done
	return 1
}

now_ms() {
	date +%s%3N
}

# Begin to measure; when the first guest has begun, $qemu is its QEMU and $pid the command's.
begin() {
	local i

	measure >"$scratch/out" 2>"$scratch/err" &
	pid=$!
	for ((i = 0; i < 600; i++)); do
		qemu=$(qemu_below "$pid") && return
		sleep 0.05
	done
	echo "no QEMU started"
	return 1
}

# What a run takes from its first guest's start to its end, ms: one guest says whether the words are
# fine, the next measures.
undisturbed() {
	local start

	begin
	start=$(now_ms)
	wait "$pid"
	took=$(($(now_ms) - start))
}

# Kill the QEMU there is after so many ms, or the next one; $code is the command's exit code then.
# With a second word the time begins with the run's file, when the words have been found fine.
kill_after() { # MS [file]
	begin
	while [[ ${2-} ]] && kill -0 "$pid" 2>/dev/null && runs | cmp -s - "$scratch/before"; do
		sleep 0.05
	done
	sleep "$(printf '%d.%03d' $(($1 / 1000)) $(($1 % 1000)))"
	while kill -0 "$pid" 2>/dev/null; do
		if qemu=$(qemu_below "$pid") && kill -KILL "$qemu" 2>/dev/null; then
			break
		fi
		sleep 0.01
	done
	code=0
	wait "$pid" || code=$?
}

runs() {
	ls "$TRIMM_RESULTS/runs" | grep '\.ndjson$'
}

# A run that was cut off is told from one that ended, and can be looked at; one that was cut off
# before it measured is none.
judge() {
	local file

	runs >"$scratch/after"
	file=$(comm -13 "$scratch/before" "$scratch/after")
	if [[ $code -eq 0 ]]; then
		late=$((late + 1))
		expect "$(tail -n 1 "$TRIMM_RESULTS/runs/$file")" '*"status":"ok"*'
		return
	fi
	expect "$code" 1 &&
		expect "$(grep -c 'QEMU was killed by signal 9' "$scratch/err")" "[1-9]*" || return
	[[ $file ]] || {
		expect "$(cat "$scratch/err")" "*trimm-qemu check *: failed, code 1*"
		return
	}
	file=$TRIMM_RESULTS/runs/$file
	measured=$((measured + 1))
	trimm validate "$file" && expect "$(tail -n 1 "$file")" '{"t":"end",*"status":"failed"*' &&
		expect "$(grep '"t":"bench".*"status":"ok"' "$file")" "" &&
		trimm report "$file" >"$scratch/reported" && trimm list runs >"$scratch/listed"
}

test_kills() {
	local late=0 measured=0 moment n files

	need_guest "$kernel"
	export TRIMM_RESULTS=$scratch/results
	RANDOM=$seed
	undisturbed
	for ((n = 0; n < kills; n++)); do
		# One in each part of the run, so that few are spread as well as many.
		moment=$(((n * 32768 + RANDOM) * took / 32768 / kills))
		runs >"$scratch/before"
		# The first surely falls into the measuring guest's time, whatever the machine does.
		if [[ $n -eq 0 ]]; then
			moment=$((RANDOM * took / 32768 / 3))
			kill_after "$moment" file
		else
			kill_after "$moment"
		fi
		judge || {
			echo "killed after $moment of $took ms, seed $seed; code $code"
			cat "$scratch/err"
			return 1
		}
	done
	# On a machine that has become faster others may be over before.
	[[ $measured -gt 0 ]] || {
		echo "$measured of $kills killed as they measured, $late too late; seed $seed"
		return 1
	}
	(measure)
	files=$(runs | wc -l)
	expect "$(tail -n 1 "$TRIMM_RESULTS/runs/$(runs | tail -n 1)")" '*"status":"ok"*'
	# The files are the truth; the index agrees, as it is and made anew.
	expect "$(trimm import)" "imported 0 new, 0 changed; $files were there already, 0 unreadable"
	rm "$TRIMM_RESULTS"/trimm.db*
	expect "$(trimm import)" "imported $files new, 0 changed; 0 were there already, 0 unreadable"
}

tap_run
