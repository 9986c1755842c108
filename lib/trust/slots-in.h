/* A slot's bytes, for slots.c and slots-seen.c alone. */
#ifndef MIPO_TRUST_SLOTS_IN_H
#define MIPO_TRUST_SLOTS_IN_H

#include <stdint.h>

struct mipo_err;

#define SLOT_MAGIC "mipo-ratchet/v1\n"
#define SLOT_PAGE  4096 /* never shares a sector with the other */
#define AT_N	   16
#define AT_SEED	   24
#define AT_SUM	   56
#define SLOT_USED  88

/* What a slot holds. */
enum mipo_slot {
	SLOT_EMPTY,
	SLOT_KEY,
	SLOT_RUBBISH /* a write that was cut */
};

/* What these bytes are. */
enum mipo_slot mipo_slot_look(const uint8_t page[SLOT_PAGE]);

/* The key's number, where it holds one. */
uint64_t mipo_slot_n(const uint8_t page[SLOT_PAGE]);

/* Reads a slot of the open file; path is for the error. */
int mipo_slot_read(int fd, const char *path, int which,
    uint8_t ret_page[SLOT_PAGE], struct mipo_err *err);

#endif
