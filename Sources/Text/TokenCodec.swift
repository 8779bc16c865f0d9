/// One side of a tokenizer: body text to ids and back, without the tokens that a family's models want around it.
protocol TokenCodec: Sendable {
    /// Calls `body` with the id of each token of the text, and a closure that reads the token's text when needed.
    func encode(_ text: Substring, _ body: (_ id: Int, _ piece: () -> String) -> Void) throws(TextError)

    /// The text of ids. Special ones are left out, as are those that no token has.
    func decode(_ ids: [Int]) throws(TextError) -> String
}
