import ArgumentParser
package import DragomanEngine

/// `DecodingOptions.EarlyStopping` by the names that users write.
package enum EarlyStoppingRule: String, Sendable, CaseIterable, Codable, ExpressibleByArgument {
    case full, heuristic, never

    package var decoding: DecodingOptions.EarlyStopping {
        switch self {
        case .full: .whenFull
        case .heuristic: .heuristic
        case .never: .never
        }
    }

    package init(_ decoding: DecodingOptions.EarlyStopping) {
        switch decoding {
        case .whenFull: self = .full
        case .heuristic: self = .heuristic
        case .never: self = .never
        }
    }
}
