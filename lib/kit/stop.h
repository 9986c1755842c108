/*
 * The signals that ask a program to stop: INT, TERM and HUP. A program that
 * must end its output notes them; one that came is never lost.
 */
#ifndef MIPO_KIT_STOP_H
#define MIPO_KIT_STOP_H

#include <stdbool.h>

/*
 * From now on they are noted and do not kill, except a second INT. Those
 * that were ignored when the program began stay so (nohup). USR1 asks how
 * far it is; USR2 and PIPE do nothing: a reader that has gone is seen by
 * what is written to it (EPIPE).
 */
void mipo_stop_catch(void);

/* Whether USR1 came since the last call. */
bool mipo_stop_asked(void);

/* The one that came, or 0. */
int mipo_stop_signal(void);

/*
 * At the very end, when all is written: from now on they kill again. Where
 * one came after all, or status is over 128, does not return but dies of
 * it, so that the parent sees the real thing; a confined program that may
 * not gets 128 + n. A status of failure (2) stands. Else returns status.
 */
int mipo_stop_end(int status);

#endif
