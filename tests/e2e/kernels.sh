#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# --target module: a guest for each kernel=, its log kept with the run, kernels compared; and the
# running kernel only by the word that says so. No guest is needed: trimm-qemu is a fake.
. "$(dirname "$0")/setup"

# Says what it was asked for, and measures as trimm-user here does. Kernels offer and cost what the
# test says: FAKE_WORSE_IN=KERNEL counts more there; FAKE_PANIC_IN=KERNEL panics there.
cat >"$fake/trimm-qemu" <<'EOF'
#!/usr/bin/env bash
echo "$*" >>"$FAKE_WORDS"
kernel=
for word in "$@"; do
	[[ $word != kernel=* ]] || kernel=${word#kernel=}
done
[[ $1 == module ]] || exit 9
if [[ $kernel == 5.* ]]; then
	echo "trimm-qemu: kernel=$kernel: give 6.1, 6.12 or the path of a built kernel" >&2
	exit 2
fi
export FAKE_RELEASE=${kernel##*/}.0-1-cloud-amd64
[[ $kernel != "${FAKE_WORSE_IN-}" ]] || export FAKE_WORSE=1
if [[ ${TRIMM_KERNEL_LOG-} ]]; then
	: >>"$TRIMM_KERNEL_LOG"
	[[ ${FAKE_MUTE-} ]] || echo "== Linux $FAKE_RELEASE: $2 $3" >>"$TRIMM_KERNEL_LOG"
fi
if [[ $kernel == "${FAKE_PANIC_IN-}" && ${TRIMM_RECORD_FD-} ]]; then
	echo 'Kernel panic - not syncing: fake' >>"$TRIMM_KERNEL_LOG"
	echo "trimm-qemu: the guest's kernel: Kernel panic - not syncing: fake" >&2
	exit 1
fi
shift
exec "${0%/*}/trimm-user" "$@"
EOF
chmod +x "$fake/trimm-qemu"
export FAKE_WORDS=$fake/words

module() { # WORD...
	rm -f "$FAKE_WORDS"
	try trimm "$@" --target module
}

kernel_log() {
	echo "$TRIMM_RESULTS"/runs/*.kernel.log*
}

test_one_kernel_unless_named() {
	module run steady nr_pages=2 --quiet
	expect_code 0
	expect "$(head -n 1 "$FAKE_WORDS")" "module describe kernel=6.1"
	expect "$(tail -n 1 "$FAKE_WORDS")" "module steady nr_pages=2 kernel=6.1 first_bench=0 case=0"
	expect "$(lines '"nr_pages":2,"kernel":"6.1"[}].*"kernel_release":"6.1.0-1-cloud-amd64"')" 1
	trimm validate "$(run_file)"
}

test_kernels_are_cases() {
	module run steady flush=lazy,eager kernel=6.1,6.12 --quiet
	expect_code 0
	expect "$(grep -c describe "$FAKE_WORDS")" 2
	expect "$(grep -o '"case":[0-9]*\|"kernel":"[0-9.]*"' "$(run_file)" | tr '\n' ' ')" \
		'"case":0 "kernel":"6.1" "case":0 "kernel":"6.1" "case":1 "kernel":"6.12" "case":1 "kernel":"6.12" '
	expect "$(grep -o '"series":"[0-9a-f]*"' "$(run_file)" | sort -u | wc -l)" 4
	trimm validate "$(run_file)"
	try trimm compare latest --by kernel
	expect_code 0
	expect "$out" "*6.12 against 6.1*"
	try trimm compare latest --by flush
	expect "$out" "*eager against lazy*"
}

test_kernels_are_compared_after_the_run() {
	module run steady kernel=6.1,6.12 --quiet
	expect "$out" "*6.12 against 6.1*unchanged 1,*"
	FAKE_WORSE_IN=6.12 module run steady kernel=6.1,6.12 --quiet
	expect "$out" "*regressed 1,*"
}

# Half the run on the kernel, half in a process; and a path, though it has dots in it.
test_a_group_of_its_own() {
	try trimm run steady -- steady target=module kernel=../other --quiet
	expect_code 0
	expect "$(lines '"kernel":"../other"')" 1
	expect "$(lines '"t":"bench"')" 2
	try trimm run steady kernel=6.1 --quiet
	expect_error 2 'trimm: kernel: no such parameter of steady; *'
}

test_a_kernel_that_is_none() {
	module run steady kernel=6.1,5.10 --quiet
	expect_error 2 'trimm-qemu: kernel=5.10: give 6.1, 6.12 or *'
	module run steady kernel=6.1,6.1
	expect_error 2 'trimm: kernel=6.1,6.1: "6.1" is there twice'
	[[ ! -e $TRIMM_RESULTS ]]
}

test_the_kernels_log_is_kept() {
	module run steady nr_pages=1,2 --quiet
	expect "$(cat "$(kernel_log)")" "== Linux 6.1.0-1-cloud-amd64: steady nr_pages=1
== Linux 6.1.0-1-cloud-amd64: steady nr_pages=2"
	expect "$(kernel_log)" "${TRIMM_RESULTS}/runs/$(basename "$(run_file)" .ndjson).kernel.log"
	# Nobody takes it for a run.
	try trimm list runs
	expect_code 0
	expect "$err" ""
	expect "$(wc -l <<<"$out")" 1
	try trimm import
	expect_code 0
	expect "$err" ""
	try trimm export latest
	expect_code 0
	trimm validate "$TRIMM_RESULTS"/runs/*.ndjson
}

test_a_log_of_nothing_is_none() {
	FAKE_MUTE=1 module run steady --quiet
	expect_code 0
	expect "$(ls "$TRIMM_RESULTS/runs")" "$(basename "$(run_file)")"
}

test_a_panic_fails_the_case() {
	FAKE_PANIC_IN=6.12 module run steady kernel=6.12,6.1 --quiet
	expect_code 1
	expect "$(lines '"status":"failed","why":"trimm-qemu failed with code 1; it said: .*Kernel panic - not syncing: fake"')" 1
	expect "$(lines '"status":"ok"')" 1
	expect "$err" "*trimm: $(kernel_log): what the guests' kernels said"
	expect "$(cat "$(kernel_log)")" "== *not syncing: fake
== *"
	trimm validate "$(run_file)"
}

test_list() {
	module list params
	expect "$out" "*kernel=6.1  (6.1|6.12|PATH)*"
	: >"$FAKE_WORDS"
	module list workloads kernel=6.12
	# And of all targets, what each can run; no guest is booted for that.
	expect "$(head -n 1 "$FAKE_WORDS")" "module describe kernel=6.12"
	expect "$(tail -n +2 "$FAKE_WORDS")" $'kernel describe\nmodule described kernel=6.1\nmodule described kernel=6.12'
	expect "$out" "*steady*"
	try trimm list kernel=6.12
	expect_error 2 'trimm: kernel=6.12: goes with --target module'
}

# The program is asked only where all is as it must be.
test_on_the_host_only_as_root_and_timed() {
	rm -f "$FAKE_WORDS"
	cp "$fake/trimm-user" "$fake/trimm-module"
	try trimm run steady --on-host
	expect_error 2 'trimm: --on-host goes with --target module'
	try trimm run steady --on-host --target module --mode exact
	expect_error 2 'trimm: --on-host: nothing counts instructions there; *'
	try trimm run steady --on-host --target module kernel=6.1
	expect_error 2 'trimm: kernel=: --on-host is the running kernel; *'
	if [[ $(id -u) -ne 0 ]]; then
		try trimm run steady --on-host --target module
		expect_error 2 'trimm: --on-host loads a module *: only root may; *'
		return
	fi
	chmod 755 "$scratch" "$fake"
	install "$build/trimm" "$fake/trimm"
	try setpriv --reuid 65534 --regid 65534 --clear-groups "$fake/trimm" run steady --on-host \
		--target module
	expect_error 2 'trimm: --on-host loads a module *: only root may; *'
	try trimm run steady --on-host --target module --quiet
	expect_code 0
	[[ ! -e $FAKE_WORDS ]]
	expect "$(lines '"t":"bench".*"kernel":')" 0
}

test_on_the_host_without_its_program() {
	[[ $(id -u) -eq 0 ]] || skip "only root gets so far"
	rm -f "$fake/trimm-module"
	try trimm run steady --on-host --target module
	expect_error 1 'trimm: */trimm-module: not there; *'
}

runs() {
	grep -l "$1" "$TRIMM_RESULTS"/runs/*.ndjson | wc -l
}

test_compare_measures_two_kernels() {
	module compare kernel=6.1,6.12
	expect_code 0
	expect "$out" "*unchanged 4,*kernel 6.1, 6.1.0-1-cloud-amd64: run 2*kernel 6.12, 6.12.0-1*: run 2*"
	expect "$(runs '"kernel":"6.1"')" 1
	expect "$(runs '"kernel":"6.12"')" 1
	expect "$(grep -c 'module check page-pair impl=native cpus=1 mode=exact kernel=6.12' "$FAKE_WORDS")" 1
	# The runs are runs: they can be compared again, and with others.
	try trimm compare "$(ls "$TRIMM_RESULTS"/runs/*.ndjson | head -n 1)" latest --by kernel
	expect_code 0
}

test_compare_gates_a_kernel() {
	FAKE_WORSE_IN=6.12 module compare kernel=6.1,6.12 steady nr_pages=1,2
	expect_code 3
	expect "$out" "*regressed 2,*"
	FAKE_WORSE_IN=6.12 module compare kernel=6.12,6.1 steady --no-fail
	expect_code 0
	expect "$out" "*improved 1,*"
	FAKE_PANIC_IN=6.12 module compare kernel=6.1,6.12 steady
	expect_code 1
	expect "$err" "*trimm: compare: kernel 6.12: not measured whole, so not judged; see *.ndjson"
	expect "$out" ""
}

test_compare_like_with_like() {
	module compare kernel=6.1,6.1 steady
	expect_code 0
	expect "$out" "*regressed 0, improved 0, unchanged 1,*"
}

test_compare_only_data_on_stdout() {
	module compare kernel=6.1,6.12 steady --format json
	expect "$out" '{*}'
}

test_compare_words() {
	module compare kernel=6.1
	expect_error 2 'trimm: kernel=6.1: give two, kernel=A,B: *'
	module compare kernel=6.1,6.12,6.13
	expect_error 2 'trimm: kernel=6.1,6.12,6.13: give two, *'
	module compare steady nr_pages=2
	expect_error 2 'trimm: compare: *needs kernel=A,B; *'
	module compare kernel=6.1,6.12 steady --by kernel
	expect_error 2 'trimm: compare: --by and --base are for runs; *'
	module compare kernel=6.1,6.12 kernel=6.1,6.12
	expect_error 2 'trimm: kernel=6.1,6.12: "kernel" is set twice'
	module compare kernel=6.1,6.12 steady nr_pages=600
	expect_error 2 'trimm-user: nr_pages=600: out of range; *'
	try trimm compare kernel=6.1,6.12 steady
	expect_error 2 'trimm: compare: kernel=A,B goes with --target module'
	[[ ! -e $TRIMM_RESULTS ]]
}

tap_run
