package import JobModel

/// An offer's languages in two columns of text: `en` and `fr`. Several begin with a semicolon: sets are divided by
/// semicolons and their languages by spaces, which no language has in it, and nothing is any language: `;en;de` and
/// `;de fr;en`.
extension ModelOffer {
    /// The text of a side.
    package func column(_ side: KeyPath<LanguageSet, [String]>, _ only: KeyPath<ModelOffer, String>) -> String {
        languages.isEmpty
            ? self[keyPath: only] : languages.map { ";" + $0[keyPath: side].joined(separator: " ") }.joined()
    }

    package init(name: String, sourceColumn: String, targetColumn: String) {
        if let sources = Self.sides(sourceColumn), let targets = Self.sides(targetColumn),
            sources.count == targets.count
        {
            self.init(name: name, sets: zip(sources, targets).map { LanguageSet(source: $0, target: $1) })
        } else {
            self.init(name: name, sourceLanguage: sourceColumn, targetLanguage: targetColumn)
        }
    }

    private static func sides(_ column: String) -> [[String]]? {
        guard column.hasPrefix(";") else { return nil }
        return column.dropFirst().split(separator: ";", omittingEmptySubsequences: false).map { side in
            side.split(separator: " ").map(String.init)
        }
    }
}
