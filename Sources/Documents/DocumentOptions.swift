/// How a document is read.
package struct DocumentOptions: Sendable, Equatable {
    /// Of formats whose values stand under keys: which are translated.
    package var keys: KeyPatterns

    package init(keys: KeyPatterns = KeyPatterns()) { self.keys = keys }
}
