extension BinaryInteger {
    /// A number with what it counts: `1 job`, `2 jobs`.
    package func counted(_ noun: String) -> String { "\(self) \(noun.agreeing(with: self))" }
}

extension String {
    /// A noun beside a number.
    package func agreeing(with count: some BinaryInteger) -> String {
        if count == 1 { return self }
        let isIes = hasSuffix("y") && !["ay", "ey", "oy", "uy"].contains { hasSuffix($0) }
        return isIes ? dropLast() + "ies" : self + "s"
    }
}
