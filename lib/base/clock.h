/*
 * The clocks. Wall time is for people and records, monotonic time for
 * intervals; a test may put its own wall clock in front.
 */
#ifndef MIPO_BASE_CLOCK_H
#define MIPO_BASE_CLOCK_H

#include <stdint.h>

/* Unix time in milliseconds (the set time, where one was set). */
int64_t mipo_clock_wall_ms(void);

/* Monotonic nanoseconds, counted from the boot (CLOCK_BOOTTIME). */
uint64_t mipo_clock_mono_ns(void);

/* Fixes wall time to ms (--now, tests); a negative value undoes it. */
void mipo_clock_set_wall(int64_t ms);

/* The kernel's boot id as 32 hex digits and a NUL; zeros where unknown. */
void mipo_clock_boot_id(char ret_id[33]);

#endif
