/*
 * CSV as RFC 4180 has it (CRLF, quotes doubled), UTF-8, safe to open in a
 * spreadsheet: a cell that would start a formula there (= + - @ and their
 * full-width forms, also behind blanks or quotes) gets an apostrophe in
 * front, and control and bidi characters are written as \xNN or \uNNNN.
 */
#ifndef MIPO_OUT_CSV_H
#define MIPO_OUT_CSV_H

#include <stddef.h>
#include <stdint.h>

struct mipo_buf;

/* Appends one cell's text; NULL is an empty cell. No comma. */
void mipo_csv_cell(struct mipo_buf *buf, const char *s);

/* Appends a row of n cells and CRLF. */
void mipo_csv_row(
    struct mipo_buf *buf, const char *const *cells, size_t n);

#endif
