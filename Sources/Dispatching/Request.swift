/// Which part of which request.
struct Part: Sendable, Hashable {
    var request: UInt64
    var index: Int
}

/// Requests for several jobs, answered when all of them are.
struct Requests<Answer: Sendable>: Sendable {
    struct Open: Sendable {
        let address: ReturnAddress
        var answers: [Answer?]
        var missing: Int
    }

    private var open: [UInt64: Open] = [:]
    private var last: UInt64 = 0

    var count: Int { open.count }

    mutating func begin(_ address: ReturnAddress, count: Int) -> UInt64 {
        last += 1
        open[last] = Open(address: address, answers: Array(repeating: nil, count: count), missing: count)
        return last
    }

    /// - Returns: the request when this was the last of its answers.
    mutating func answer(_ part: Part, _ answer: Answer) -> (address: ReturnAddress, answers: [Answer])? {
        guard open[part.request] != nil else { return nil }
        open[part.request]!.answers[part.index] = answer
        open[part.request]!.missing -= 1
        guard open[part.request]!.missing == 0, let done = open.removeValue(forKey: part.request) else { return nil }
        return (done.address, done.answers.compactMap(\.self))
    }

    /// - Returns: whom to tell; nil when it has been told.
    mutating func abandon(_ request: UInt64) -> ReturnAddress? { open.removeValue(forKey: request)?.address }
}
