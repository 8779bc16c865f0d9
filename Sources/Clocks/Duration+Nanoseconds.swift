extension Duration {
    /// For clocks that count them, and bounded by what they can count; rounded up, so that what is due then is due.
    package var nanoseconds: UInt64 { UInt64(clamping: (attoseconds + 999_999_999) / 1_000_000_000) }
}
