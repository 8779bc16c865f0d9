/// What took some time in a trace.
package struct Span: Sendable, Hashable {
    /// 16 bytes.
    package var trace: [UInt8]
    /// 8 bytes.
    package var id: [UInt8]
    /// The span that it is a part of.
    package var parent: [UInt8]
    package var name: String
    /// Unix nanoseconds.
    package var start: UInt64
    package var end: UInt64
    package var attributes: [Attribute]
    /// Why it failed; nil: it did not.
    package var problem: String?

    package struct Attribute: Sendable, Hashable {
        package var name: String
        package var value: Value

        package init(_ name: String, _ value: Value) {
            self.name = name
            self.value = value
        }
    }

    package enum Value: Sendable, Hashable {
        case text(String)
        case number(UInt64)
    }

    package init(
        _ name: String, id: [UInt8], in parent: TraceParent, from start: UInt64, to end: UInt64,
        _ attributes: [Attribute] = [], problem: String? = nil
    ) {
        trace = parent.trace
        self.id = id
        self.parent = parent.span
        self.name = name
        self.start = start
        // The clock may have been set back.
        self.end = max(start, end)
        self.attributes = attributes
        self.problem = problem
    }
}
