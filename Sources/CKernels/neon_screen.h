// The tile of `screen.inc` for Arm's sets. Included inside the attributes' push, after the function
//   add_nibbles(sums, below, above, x, y)   adds to each of four sums its eight products: of four nibbles with four
//                                levels, and of four others with four others. Levels are the same for all sums.

/// See `screen.inc`. Panels come one after the other: the nibbles of all would want more registers.
INLINE void screen_tile(const size_t rows, const size_t panels, const int8_t *levels, size_t stride,
                        const uint8_t *nibbles, size_t group, size_t depth8, ints sums[SCREEN_ROWS][DRAGOMAN_GROUP]) {
    enum { line = DRAGOMAN_LANES * 4 };
    int32x4_t acc[SCREEN_ROWS][DRAGOMAN_GROUP][QUADS];
    int8x16_t x[SCREEN_ROWS], y[SCREEN_ROWS];
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++)
#pragma clang loop unroll(full)
        for (size_t p = 0; p < panels; p++)
#pragma clang loop unroll(full)
            for (size_t q = 0; q < QUADS; q++) acc[r][p][q] = vdupq_n_s32(0);
    for (size_t k = 0; k < depth8; k++) {
#pragma clang loop unroll(full)
        for (size_t r = 0; r < rows; r++) {
            const int8_t *eight = levels + r * stride + 8 * k;
            x[r] = vreinterpretq_s8_s32(vdupq_n_s32(four_levels(eight)));
            y[r] = vreinterpretq_s8_s32(vdupq_n_s32(four_levels(eight + 4)));
            // Whole registers: the compiler knows that their halves are alike, and would move nibbles instead.
            __asm__("" : "+w"(x[r]), "+w"(y[r]));
        }
#pragma clang loop unroll(full)
        for (size_t p = 0; p < panels; p++)
#pragma clang loop unroll(full)
            for (size_t q = 0; q < QUADS; q++) {
                uint8x16_t pairs = vld1q_u8(nibbles + (k * group + p) * line + 16 * q);
                // In this order.
                __asm__ volatile("" : "+w"(pairs));
                const int8x16_t below = vreinterpretq_s8_u8(vandq_u8(pairs, vdupq_n_u8(15)));
                const int8x16_t above = vreinterpretq_s8_u8(vshrq_n_u8(pairs, 4));
#pragma clang loop unroll(full)
                for (size_t r = 0; r < rows; r++) {
                    acc[r][p][q] = add_nibbles(acc[r][p][q], below, above, x[r], y[r]);
                    __asm__ volatile("" : "+w"(acc[r][p][q]));
                }
            }
    }
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++)
#pragma clang loop unroll(full)
        for (size_t p = 0; p < panels; p++) memcpy(&sums[r][p], acc[r][p], sizeof acc[r][p]);
}
