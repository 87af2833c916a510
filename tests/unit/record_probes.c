/* SPDX-License-Identifier: GPL-2.0-only */
/* record_probes.c - what probes would say of an arm, for tests (record_maker.h). */
#include "record_probes.h"

#define TRACED_NS 60000

static void put_account(const struct record_probes *arm, const char *probe, const char *rest)
{
	fprintf(arm->out,
		"{\"t\":\"probe\",\"bench\":%d,\"probe\":\"%s\",\"status\":\"ok\",\"how\":\"raw_"
		"tp\","
		"\"seconds\":1.25,\"events\":1200,\"delivered\":1190,\"lost\":7,\"missed\":3,"
		"\"refused\":0,\"full\":0,%s}\n",
		arm->bench, probe, rest);
}

/* @n values of which a tenth is 4 times as long. */
static void put_hist(const struct record_probes *arm, const char *probe, const char *metric,
		     const char *unit, const char *key, unsigned long low, unsigned long n)
{
	unsigned long few = n / 10 + 1;

	fprintf(arm->out,
		"{\"t\":\"hist\",\"bench\":%d,\"source\":\"%s\",\"metric\":\"%s\",\"unit\":\"%s\","
		"\"scheme\":\"loglin\",\"sub_bits\":4,\"n\":%lu,\"min\":%lu,\"max\":%lu,"
		"\"sum\":\"%lu\",\"buckets\":[[%lu,%lu],[%lu,%lu]],\"lost\":0,\"key\":{%s}}\n",
		arm->bench, probe, metric, unit, n + few, low, 4 * low, n * low + few * 4 * low,
		low, n, 4 * low, few, key);
}

static void put_pair(const struct record_probes *arm, const char *kind, unsigned int from,
		     unsigned int to, unsigned long n)
{
	unsigned int apart = from > to ? from - to : to - from;
	char key[96];

	snprintf(key, sizeof(key), "\"kind\":\"%s\",\"from\":%u,\"to\":%u", kind, from, to);
	fprintf(arm->out,
		"{\"t\":\"counter\",\"bench\":%d,\"phase\":\"measure\",\"source\":\"ipi\","
		"\"name\":\"ipi_sent\",\"unit\":\"interrupts\",\"better\":\"none\","
		"\"class\":\"noisy\",\"value\":%lu,\"avail\":\"ok\",\"key\":{%s}}\n",
		arm->bench, n, key);
	put_hist(arm, "ipi", "latency", "ns", key, 1024UL << (apart > 3 ? 3 : apart), n);
}

static void put_ipi(const struct record_probes *arm)
{
	unsigned long n = arm->ops / (arm->lazy ? 500 : 2);
	char key[96];

	put_account(arm, "ipi",
		    "\"bpf_ns\":120000,\"bpf_runs\":1200,\"floor_ns\":24.5,"
		    "\"cost_ns\":[135,141,149],\"share\":[0.05,0.06,0.07],\"disturbed\":true");
	for (unsigned int from = 0; from < arm->cpus; from++) {
		for (unsigned int to = 0; to < arm->cpus; to++) {
			if (from != to)
				put_pair(arm, "call_function", from, to, n / (1 + from / 2));
		}
		snprintf(key, sizeof(key), "\"kind\":\"call_function\",\"cpu\":%u", from);
		put_hist(arm, "ipi", "handler", "ns", key, 512, n);
	}
}

static void put_stalls(const struct record_probes *arm)
{
	put_account(
		arm, "stalls",
		"\"bpf_ns\":null,\"bpf_runs\":null,\"floor_ns\":null,\"cost_ns\":null,"
		"\"share\":null,\"cost_why\":\"no blocks <without> probes\",\"disturbed\":false");
	put_hist(arm, "stalls", "stall", "ns", "\"cause\":\"preempted\",\"by\":\"make\"", 262144,
		 arm->ops / 2000);
	put_hist(arm, "stalls", "stall", "ns", "\"cause\":\"vector\",\"by\":\"local_timer\"", 2048,
		 arm->ops / 400);
	put_hist(arm, "stalls", "stall", "ns", "\"cause\":\"blocked\"", 4194304, arm->ops / 50);
	put_hist(arm, "stalls", "stall", "ns", "\"cause\":\"yielded\",\"by\":\"make\"", 1048576,
		 arm->ops / 20);
}

static void put_faults(const struct record_probes *arm)
{
	static const char key[] = "\"access\":\"write\",\"page\":\"absent\",\"by\":\"user\"";
	char minor[128], major[128];

	snprintf(minor, sizeof(minor), "%s,\"fault\":\"minor\"", key);
	snprintf(major, sizeof(major), "%s,\"fault\":\"major\"", key);
	put_account(
		arm, "faults",
		"\"bpf_ns\":null,\"bpf_runs\":null,\"floor_ns\":null,\"cost_ns\":null,"
		"\"share\":null,\"cost_why\":\"no blocks <without> probes\",\"disturbed\":false");
	put_hist(arm, "faults", "latency", "ns", minor, 1024, arm->ops / (arm->lazy ? 40 : 10));
	put_hist(arm, "faults", "latency", "ns", major, 65536, arm->ops / 4000);
}

static void put_reclaim(const struct record_probes *arm)
{
	put_hist(arm, "reclaim", "time", "ns", "\"kind\":\"direct\"", 32768, arm->ops / 1000);
}

static void put_purges(const struct record_probes *arm)
{
	for (unsigned int i = 0; arm->lazy && i < 24; i++) {
		unsigned long at = 5000000UL + i * 1000000UL;

		fprintf(arm->out,
			"{\"t\":\"event\",\"bench\":%d,\"probe\":\"vmalloc\",\"name\":\"lazy\","
			"\"at_ns\":%lu,\"cpu\":%u,\"args\":{\"pages\":%u,\"max\":16384}}\n",
			arm->bench, at, i % arm->cpus, 4096 * (i % 4 + 1));
		if (i % 4 == 3)
			fprintf(arm->out,
				"{\"t\":\"event\",\"bench\":%d,\"probe\":\"vmalloc\","
				"\"name\":\"purge\",\"at_ns\":%lu,\"cpu\":%u,\"len_ns\":%d,"
				"\"args\":{\"areas\":2048,\"range_bytes\":67108864}}\n",
				arm->bench, at + 1000, i % arm->cpus, TRACED_NS + (int)i * 4000);
	}
}

static void put_stack(const struct record_probes *arm, unsigned long weight, const char *frames)
{
	if (weight)
		fprintf(arm->out,
			"{\"t\":\"stack\",\"bench\":%d,\"probe\":\"ipi\",\"weight\":%lu,"
			"\"unit\":\"events\",\"frames\":[%s]}\n",
			arm->bench, weight, frames);
}

static void put_stacks(const struct record_probes *arm)
{
	put_stack(arm, arm->lazy ? 2 : 4000,
		  "\"main\",\"vfree\",\"unmap\",\"flush_tlb_kernel_range\",\"on_each_cpu\"");
	put_stack(arm, arm->lazy ? 300 : 0,
		  "\"main\",\"vfree\",\"purge\",\"flush_tlb_kernel_range\",\"on_each_cpu\"");
	put_stack(arm, 200, "\"main\",\"wake<up>\"");
}

void record_probes(const struct record_probes *arm)
{
	put_ipi(arm);
	put_stalls(arm);
	put_faults(arm);
	put_reclaim(arm);
	put_purges(arm);
	put_stacks(arm);
}
