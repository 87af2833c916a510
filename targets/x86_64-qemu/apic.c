/* SPDX-License-Identifier: GPL-2.0-only */
/* apic.c - the local APIC, in both of its kinds. */
#include "apic.h"

#include "layout.h"
#include "paging.h"
#include "port.h"

#define MSR_APIC_BASE	 0x1b
#define APIC_BASE_ENABLE (1 << 11)
#define APIC_BASE_X2	 (1 << 10)
/* x2APIC: register at byte R of the page is MSR 0x800 + R / 16. */
#define MSR_X2 0x800

#define APIC_TPR      0x80
#define APIC_EOI      0xb0
#define APIC_SPURIOUS 0xf0
#define APIC_ICR      0x300
#define APIC_ICR_HIGH 0x310
#define APIC_LINT0    0x350
#define APIC_LINT1    0x360

#define SPURIOUS_ENABLE (1 << 8)
#define LVT_MASKED	(1 << 16)
#define ICR_NMI		(4 << 8)
#define ICR_INIT	(5 << 8)
#define ICR_STARTUP	(6 << 8)
#define ICR_PENDING	(1 << 12)
#define ICR_ASSERT	(1 << 14)
#define ICR_SELF	(1 << 18)
#define ICR_OTHERS	(3 << 18)

#define PIC_MASK0 0x21
#define PIC_MASK1 0xa1

static bool x2;

static volatile uint32_t *apic_register(unsigned int byte)
{
	return (volatile uint32_t *)(PAGING_APIC + byte);
}

static uint32_t apic_read(unsigned int byte)
{
	return x2 ? msr_read(MSR_X2 + byte / 16) : *apic_register(byte);
}

static void apic_write(unsigned int byte, uint32_t value)
{
	if (x2)
		msr_write(MSR_X2 + byte / 16, value);
	else
		*apic_register(byte) = value;
}

void apic_init(void)
{
	uint32_t leaf[4];

	cpuid(1, leaf);
	x2 = leaf[CPUID_C] & 1 << 21;
	port_out8(PIC_MASK0, 0xff);
	port_out8(PIC_MASK1, 0xff);
}

void apic_enable(void)
{
	uint64_t base = msr_read(MSR_APIC_BASE) | APIC_BASE_ENABLE;

	msr_write(MSR_APIC_BASE, base);
	if (x2)
		msr_write(MSR_APIC_BASE, base | APIC_BASE_X2);
	apic_write(APIC_TPR, 0);
	apic_write(APIC_LINT0, LVT_MASKED);
	apic_write(APIC_LINT1, LVT_MASKED);
	apic_write(APIC_SPURIOUS, SPURIOUS_ENABLE | LAYOUT_VECTOR_SPURIOUS);
}

void apic_eoi(void)
{
	apic_write(APIC_EOI, 0);
}

/*
 * A write to an x2APIC MSR is not ordered behind earlier stores: the fences do that, else the
 * other CPU might not see what it is interrupted for (SDM 10.12.3).
 */
static void icr_write(unsigned int cpu, uint32_t command)
{
	if (x2) {
		__asm__ volatile("mfence; lfence" : : : "memory");
		msr_write(MSR_X2 + APIC_ICR / 16, (uint64_t)cpu << 32 | command);
		return;
	}
	while (apic_read(APIC_ICR) & ICR_PENDING)
		cpu_pause();
	apic_write(APIC_ICR_HIGH, cpu << 24);
	apic_write(APIC_ICR, command);
}

void apic_send(unsigned int cpu, uint8_t vector)
{
	icr_write(cpu, ICR_ASSERT | vector);
}

void apic_send_others(uint8_t vector)
{
	icr_write(0, ICR_OTHERS | ICR_ASSERT | vector);
}

void apic_send_self(uint8_t vector)
{
	icr_write(0, ICR_SELF | ICR_ASSERT | vector);
}

void apic_nmi_others(void)
{
	icr_write(0, ICR_OTHERS | ICR_ASSERT | ICR_NMI);
}

void apic_init_others(void)
{
	icr_write(0, ICR_OTHERS | ICR_ASSERT | ICR_INIT);
}

void apic_startup_others(uint8_t page)
{
	icr_write(0, ICR_OTHERS | ICR_ASSERT | ICR_STARTUP | page);
}
