/// A word that a model is given in the place of a text that it cannot write.
package struct StandIn: Sendable, Equatable {
    package let name: String
    /// What it stands for.
    package let text: String

    package init(name: String, for text: String) {
        self.name = name
        self.text = text
    }

    /// Names that models copy: of places, which most languages write alike and do not inflect.
    package static let names = [
        "Boston", "Berlin", "Madrid", "Toronto", "Chicago", "Dallas", "Denver", "Oslo", "Lima", "Milan", "Nairobi",
        "Osaka", "Bristol", "Dublin", "Houston", "Oxford", "Manila", "Sydney", "Kyoto", "Quebec", "Rome", "Paris",
        "London", "Tokyo",
    ]

    /// The edits that put texts in the place of their stand-ins. A name that is there more than once was invented: what comes
    /// after the first goes, whole words only.
    package static func edits(_ standIns: [StandIn], in output: String) -> [TextEdit] {
        let bytes = Array(output.utf8)
        let places = KeptTexts.places(of: standIns.map { Array($0.name.utf8) }, in: bytes)
        var isPut = [Bool](repeating: false, count: standIns.count)
        let words = places.map { (index: $0.index, range: TextEdit.word(around: $0.range, in: output)) }
        // A word that is just the name goes before one that has it.
        let ordered = words.indices.sorted {
            let (first, second) = (words[$0].range == places[$0].range, words[$1].range == places[$1].range)
            return first != second ? first : $0 < $1
        }
        var edits: [TextEdit] = []
        for word in ordered {
            let (index, range) = words[word]
            if edits.contains(where: { $0.range.overlaps(range) }) { continue }
            if isPut[index] {
                edits.append(.removal(of: range, in: bytes))
            } else {
                isPut[index] = true
                edits.append(TextEdit(range: range, replacement: standIns[index].text))
            }
        }
        return edits.sorted { $0.range.lowerBound < $1.range.lowerBound }
    }
}
