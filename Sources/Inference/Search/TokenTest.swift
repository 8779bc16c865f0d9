/// A property of a model's tokens, which whoever knows its texts tells.
package struct TokenTest: Sendable {
    package let isMet: @Sendable (Int32) -> Bool

    package init(_ isMet: @escaping @Sendable (Int32) -> Bool) { self.isMet = isMet }
}
