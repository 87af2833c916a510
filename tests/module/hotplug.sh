#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# CPUs go and come while a case is on them: it ends, and the machine is as before. Its threads must
# not go on elsewhere: there they would be another CPU's to mmcore, or one it has never heard of.
. "$(dirname "$0")/setup"

# More CPUs than the case has, so that there is such a one.
a_worker_loses_its_cpu() { # KERNEL
	try guest kernel="$1" cpus=4 -- '
		insmod /trimm.ko memory=32M window=1G || exit 1
		cd /sys/kernel/debug/trimm
		for cpu in 1 2; do
			online=/sys/devices/system/cpu/cpu$cpu/online
			echo "page-pair cpus=3 blocks=1000 slice=4000 warmup=0 exact_ops=8" >run
			sleep 1
			echo 0 >$online || echo "CPU $cpu stayed"
			timeout 60 tail -n 1 records
			echo 1 >$online
			echo "page-pair cpus=4 blocks=2 slice=50 warmup=0 exact_ops=8" >run
			timeout 60 tail -n 1 records
		done
		rmmod trimm && echo removed'
	expect_code 0
	expect "$out" $'X1\nX0\nX1\nX0\nremoved'
}
declare_kernel_tests a_worker_loses_its_cpu

# One that nothing of the case is on goes, and is no part of the next case.
a_cpu_without_worker_goes() { # KERNEL
	try guest kernel="$1" cpus=3 -- '
		insmod /trimm.ko memory=32M window=1G || exit 1
		cd /sys/kernel/debug/trimm
		echo 0 >/sys/devices/system/cpu/cpu1/online
		echo "unmap-storm cpus=2 blocks=2 slice=50 warmup=0 exact_ops=8 flush=eager" >run
		timeout 60 tail -n 1 records
		echo "null cpus=3" >run
		timeout 60 tail -n 2 records
		rmmod trimm && echo removed'
	expect_code 0
	expect "$out" $'X0\n*more workers than CPUs*\nX1\nremoved'
}
declare_kernel_tests a_cpu_without_worker_goes

tap_run
