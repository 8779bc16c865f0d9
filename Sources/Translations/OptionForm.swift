/// What the value of an option must be.
struct OptionForm<Value>: Sendable {
    /// As it goes on after "must be".
    let words: String
    /// The part of a value that is not of the form, as a message shows it; nil when all of it is.
    let fault: @Sendable (Value) -> String?

    private init(_ words: String, fault: @escaping @Sendable (Value) -> String?) {
        self.words = words
        self.fault = fault
    }

    private init(_ words: String, accepts: @escaping @Sendable (Value) -> Bool) {
        self.init(words) { accepts($0) ? nil : "\($0)" }
    }

    /// Whatever has the type.
    static var any: Self { OptionForm("") { _ in nil } }
}

extension OptionForm where Value == Int {
    static func from(_ bounds: ClosedRange<Int>) -> Self {
        OptionForm("\(bounds.lowerBound) to \(bounds.upperBound)") { bounds.contains($0) }
    }

    static var oneOrMore: Self { OptionForm("1 or more") { $0 >= 1 } }

    /// - Parameter zero: What 0 means, where it does not mean none.
    static func zeroOrMore(zero: String? = nil) -> Self {
        OptionForm(zero.map { "0 (\($0)) or more" } ?? "0 or more") { $0 >= 0 }
    }
}

extension OptionForm where Value == Float {
    static func between(_ bounds: ClosedRange<Float>) -> Self {
        func text(_ bound: Float) -> String { Int(exactly: bound).map { "\($0)" } ?? "\(bound)" }
        return OptionForm("between \(text(bounds.lowerBound)) and \(text(bounds.upperBound))") {
            bounds.contains($0)
        }
    }

    static var zeroOrMore: Self { OptionForm("0 or more") { $0 >= 0 && $0.isFinite } }
    static var aboveZero: Self { OptionForm("above 0") { $0 > 0 && $0.isFinite } }
    static var share: Self { OptionForm("above 0 and at most 1") { $0 > 0 && $0 <= 1 } }
}

extension OptionForm where Value == String {
    static var token: Self { OptionForm("one token") { Tokens.split($0).count == 1 } }
}

extension OptionForm where Value == [String] {
    static var names: Self {
        OptionForm("names of elements") { names in
            names.first { $0.isEmpty || $0.contains { $0.isWhitespace || "<>/=\"',".contains($0) } }.map { "\"\($0)\"" }
        }
    }

    static var sequencesOfTokens: Self {
        OptionForm("one or more tokens") { $0.first { Tokens.split($0).isEmpty } }
    }
}
