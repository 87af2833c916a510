/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kvm_probe.h - is KVM fast enough to time with? A present /dev/kvm proves nothing: nested
 * virtualisation without hardware help runs guests thousands of times slower.
 */
#ifndef LAUNCH_KVM_PROBE_H
#define LAUNCH_KVM_PROBE_H

#include <stdbool.h>
#include <stddef.h>

/* What was found goes to @found, in words. At most 0.3 s. */
bool kvm_probe(char *found, size_t size);

#endif /* LAUNCH_KVM_PROBE_H */
