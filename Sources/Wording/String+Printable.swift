extension StringProtocol {
    /// Others' text, fit for a log or a terminal: short, on one line, without control characters.
    ///
    /// - Parameter limit: The most scalars; what is more is left out. Not characters: a single one may hold any number of
    ///   combining marks.
    package func printable(limit: Int) -> String {
        var result = ""
        for (index, scalar) in unicodeScalars.enumerated() {
            if index == limit { return result + "…" }
            if scalar.isPrintable { result.unicodeScalars.append(scalar) } else { result += scalar.escape }
        }
        return result
    }
}

extension Unicode.Scalar {
    /// Whether a terminal shows it, and stays as it is.
    package var isPrintable: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: false
        default: true
        }
    }

    /// What stands for it where it cannot be printed.
    package var escape: String { "\\u{\(String(value, radix: 16))}" }
}
