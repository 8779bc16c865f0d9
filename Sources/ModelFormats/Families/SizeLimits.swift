/// Limits on sizes: beyond every published model, and small enough that what is derived from them cannot overflow or
/// exhaust memory. All but the positions are confirmed by the tensors' extents.
enum SizeLimits {
    static let vocabulary = 1 << 24
    static let width = 1 << 16
    static let layers = 1 << 10
    static let feedForwardWidth = 1 << 17
    static let positions = 1 << 14
    /// The decoder's start token, a token, and the end of the sentence.
    static let positionsMin = 3
}
