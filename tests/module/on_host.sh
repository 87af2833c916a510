#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# trimm-module loads the module into the kernel it runs on, and leaves that as it was: tried in a
# guest, which is a host too.
. "$(dirname "$0")/setup"

any=${kernels[0]}

host() { # [NAME=VALUE...] [FILE...] -- COMMAND...
	need_guest "$any"
	guest kernel="$any" module=none cpus=2 "$build/trimm-module" "$@"
}

# With the module beside the program.
with_module() { # [FILE...] -- COMMAND...
	need_guest "$any"
	[[ -e $root/build/guest/$any/trimm.ko ]] || "$root/guest/prepare" "$any" "$root/build/guest/$any"
	host "$root/build/guest/$any/trimm.ko" "$@"
}

loaded='ls -d /sys/module/trimm 2>/dev/null'

test_a_case_and_nothing_left_of_it() {
	try with_module -- "./trimm-module null ${small[*]} && $loaded; cat /proc/sys/kernel/tainted"
	expect_code 0
	expect "$out" '{"t":*"status":"ok"*"t":"samples"*'
	# An unsigned module from outside the kernel's tree, and nothing else.
	expect "$(tail -n 1 <<<"$out")" $((1 << 12 | 1 << 13))
	[[ $out != */sys/module/trimm* ]]
	expect "$err" ""
}

test_what_it_refuses() {
	try with_module -- "./trimm-module; echo \$?
		./trimm-module nonsense; echo \$?
		./trimm-module null ko=/nowhere/trimm.ko; echo \$?
		echo text >text.ko; ./trimm-module ko=text.ko null; echo \$?
		mkdir -p /etc; echo 'some:x:9:9::/:/bin/sh' >/etc/passwd
		su some -c 'cd /files && ./trimm-module null'; echo \$?; $loaded"
	expect "$out" $'2\n2\n1\n1\n1'
	expect "$err" "trimm-module: say what to run: *
trimm-module: nonsense: no such workload; *
trimm-module: /nowhere/trimm.ko: cannot be loaded: No such file or directory
trimm-module: text.ko: cannot be loaded: *
trimm-module: only root may load a module; *"
}

# It is theirs to remove.
test_a_module_that_is_loaded_already() {
	try with_module -- "insmod trimm.ko; ./trimm-module null; echo \$?; $loaded"
	expect "$out" $'1\n/sys/module/trimm'
	expect "$err" "trimm-module: trimm is loaded already: another run uses it, or \`rmmod trimm\`"
}

test_an_interrupt() {
	try with_module -- "./trimm-module unmap-storm memory=32M window=64M blocks=1000 >out &
		until grep -q progress out; do sleep 0.1; done
		kill -INT \$!; wait \$!; echo \$?; grep -vc '\"t\"' out; $loaded"
	expect "$out" $'1\n0'
}

test_no_module_is_installed() {
	try host -- "./trimm-module null; echo \$?"
	expect "$out" 1
	expect "$err" "trimm-module: modprobe trimm: no module for the running kernel, $any.*; install packages trimm-dkms and linux-headers-$any.*, or give ko=PATH"
}

# As DKMS installs it; 6.12 of Debian has its modules compressed.
test_an_installed_module() {
	local library kmod
	local -a files

	need_guest "$any"
	kmod=$(command -v kmod) || skip "no kmod"
	while read -r library; do
		files+=("$library")
	done < <(ldd "$kmod" | grep -o '/[^ ]*')
	cp "$root/build/guest/$any/trimm.ko" "$scratch/installed.ko"
	xz --check=crc32 "$scratch/installed.ko"
	# The loader and its libraries, where programs look for them.
	try host "$kmod" "${files[@]}" "$scratch/installed.ko.xz" -- \
		'mkdir -p /lib64 /lib/x86_64-linux-gnu /lib/modules/$(uname -r)/updates/dkms
		cp ld-linux-x86-64.so.2 /lib64; mv *.so.* /lib/x86_64-linux-gnu
		mv installed.ko.xz /lib/modules/$(uname -r)/updates/dkms/trimm.ko.xz
		ln -sf /files/kmod /bin/modprobe; ln -sf /files/kmod /bin/depmod; /bin/depmod -a
		./trimm-module null '"${small[*]}; echo \$?; $loaded"
	expect "$(tail -n 1 <<<"$out")" 0
	expect "$out" '*"status":"ok"*'
}

tap_run
