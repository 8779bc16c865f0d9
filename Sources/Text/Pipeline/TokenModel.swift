/// Cuts a part of a text, normalised and without tokens that were added, into tokens.
protocol TokenModel: Sendable {
    /// Calls `body` with each token and where its text lies.
    func encode(_ text: [UInt8], _ body: (_ id: Int, _ range: Range<Int>) -> Void)
}
