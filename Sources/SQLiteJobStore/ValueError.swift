/// Why a value in a row is not what a store writes.
package struct ValueError: Error, Hashable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
