/// One row of a decoding step: one token of one hypothesis, and where its context lies.
package struct DecoderRow {
    package var token: Int32
    /// 0 for the token that the decoder starts with.
    package var position: Int
    /// The row of `KeyValueRows` that this token's keys and values go to; it is also the last of `history`.
    package var cache: UnsafeMutableRawPointer
    /// The hypothesis' cached rows, `position + 1` of them.
    package var history: UnsafePointer<UnsafeRawPointer?>
    /// The source's cached rows.
    package var source: UnsafePointer<UnsafeRawPointer?>
    package var sourceLength: Int
    /// Where the last layer's attention to the source goes, averaged over heads: `[sourceLength]`; or nil.
    package var alignment: UnsafeMutablePointer<Float>?
    /// Heads whose attention to the source is wanted, and where it goes: `[heads, sourceLength]`.
    package var heads = UnsafeBufferPointer<AttentionHead>(start: nil, count: 0)
    package var headWeights: UnsafeMutablePointer<Float>?

    package init(
        token: Int32, position: Int, cache: UnsafeMutableRawPointer, history: UnsafePointer<UnsafeRawPointer?>,
        source: UnsafePointer<UnsafeRawPointer?>, sourceLength: Int
    ) {
        self.token = token
        self.position = position
        self.cache = cache
        self.history = history
        self.source = source
        self.sourceLength = sourceLength
    }
}
