#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The control files, one by one, as lines.h has them: what each takes, gives and refuses; what
# happens to a case when its reader, its CPU or its module goes.
. "$(dirname "$0")/setup"

# What every script begins with. A case that would last minutes, and the ends of others.
preamble='
insmod /trimm.ko memory=32M window=1G || exit 1
cd /sys/kernel/debug/trimm || exit 1
long="page-pair blocks=1000 slice=1000 warmup=0 exact_ops=8"
short="null blocks=2 warmup=0 slice=50"
end() { timeout 60 cat records | tail -n "${1-1}"; }
'

control() { # KERNEL SCRIPT
	echo "$preamble$2" >"$scratch/script"
	try guest kernel="$1" cpus=2 "$scratch/script" -- 'sh script 2>&1'
	expect_code 0
}

idle_files() { # KERNEL
	control "$1" '
		cat status records
		echo > stop
		echo "buddyinfo 0" > ask
		cat ask
		cat check
		echo > run
		printf "null\001" | dd of=run 2>&1 | grep error
		tr "\0" a < /dev/zero | dd of=run bs=8192 count=1 iflag=fullblock 2>&1 | grep error
		seq 1 300 | dd of=run bs=8000 iflag=fullblock 2>&1 | grep error
		cat run
		echo > status
		cat status'
	expect "$out" "state idle
cases 0
*write error: No such file or directory
*write error: No such file or directory
cat: read error: Invalid argument
cat: can't open 'check': No such file or directory
*write error: Invalid argument
dd: error writing 'run': Invalid argument
dd: error writing 'run': Argument list too long
dd: error writing 'run': Argument list too long
cat: read error: Invalid argument
*write error: Invalid argument
state idle
cases 0"
}
declare_kernel_tests idle_files

cases_one_by_one() { # KERNEL
	control "$1" '
		echo $short > run; end
		printf "null\nblocks=2\nwarmup=0\nslice=50" > run; end
		echo bogus > run; end 2
		echo "null cpus=3" > run; end | cut -c 1-2
		cat status'
	expect "$out" 'X0
X0
Wtrimm-module: bogus: no such workload; `trimm list` names them
X2
X1
state idle
cases 4
code 1'
}
declare_kernel_tests cases_one_by_one

a_case_meanwhile() { # KERNEL
	control "$1" '
		echo $long arm:flush=lazy arm:flush=eager > run
		echo $short > run
		cat records > /reader & reader=$!
		sleep 2
		cat records
		kill -9 $reader; wait $reader
		timeout 2 cat records | head -n 1 | cut -c 1-2
		(echo "check 0" >&3; cat <&3) 3<>ask
		(echo "slabinfo 2" >&3; cat <&3) 3<>ask
		cat check
		cat buddyinfo vmallocinfo meminfo > /dev/null && echo shown
		exec 4<status; rmmod trimm; exec 4<&-
		head -n 2 status
		echo > stop
		end; cat status'
	expect "$out" "*write error: Device or resource busy
cat: can't open 'records': Device or resource busy
*R{
ok flush=lazy
0 faults
no the case has no such arm
arm 0: flush=lazy
0 faults
arm 1: flush=eager
0 faults
shown
rmmod: can't unload module 'trimm': Resource temporarily unavailable
state running
cases 1
X1
state idle
cases 1
code 1"
}
declare_kernel_tests a_case_meanwhile

what_a_case_stands_on_goes() { # KERNEL
	control "$1" '
		cpu=/sys/devices/system/cpu/cpu1/online
		echo $long > run; echo 0 > $cpu; head -n 1 status; end
		echo $short > run; end
		echo 1 > $cpu
		echo "$short cpus=2" > run; end
		echo $long > run; cat buddyinfo > /dev/null & kill -9 $!
		cd /; rmmod trimm; ls /sys/kernel/debug/trimm; ps | grep "[t]rimm/"
		insmod /trimm.ko; rmmod trimm; echo gone'
	expect "$out" "state idle
X1
X0
X0
ls: /sys/kernel/debug/trimm: No such file or directory
gone"
}
declare_kernel_tests what_a_case_stands_on_goes

settings() { # KERNEL
	control "$1" '
		cd /sys/module/trimm/parameters
		echo 48M > memory; echo 1T > memory; echo 5M > window; cat memory window
		cd -; echo "$short impl=mmcore" > run; timeout 60 cat records | grep -o "\"memory\":[^,}]*" |
			head -n 1
		rmmod trimm; insmod /trimm.ko invlpg_max=513; true'
	expect "$out" "*write error: Numerical result out of range
*write error: Invalid argument
48M
1G
/sys/kernel/debug/trimm
\"memory\":\"48M\"
insmod: can't insert '/trimm.ko': Numerical result out of range"
}
declare_kernel_tests settings

tap_run
