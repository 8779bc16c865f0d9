import DragomanEngine
import JobModel
import TestKit

/// Short texts, and what they must come to.
struct Phrases: Sendable {
    /// What a hypothesis must be.
    struct Translation: Sendable, Hashable {
        var text: String
        var score: Float?
    }

    let expected: [String: Translation]
    private let texts: [String]

    static var options: SearchOptions {
        var options = SearchOptions()
        options.beamSize = 1
        return options
    }

    /// Translates them all, in this process.
    init() async throws {
        let adjectives = ["good", "old", "red", "new", "cold", "big", "long", "free"]
        let nouns = ["house", "dog", "tree", "day", "road", "friend", "book", "water", "morning", "train"]
        let phrases = ["Hello.", "Thank you.", "Yes.", "No!", "Where?", "I know.", "Good night.", "Come here."]
        let texts = phrases + nouns + adjectives.flatMap { adjective in nouns.map { "\(adjective) \($0)" } }
        let translator = try Translator()
        let options = {
            var options = SearchOptions()
            options.beamSize = 1
            return options
        }()
        self.texts = texts
        expected = try await withThrowingTaskGroup(of: (String, Translation).self) { group in
            for text in texts + Self.blanks {
                group.addTask {
                    let result = try await translator.translate(TranslationRequest(.text(text), options: options))
                    let best = result.hypotheses[0]
                    return (text, Translation(text: best.text, score: best.score))
                }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
    }

    private static let blanks = ["", " ", "\n"]

    /// Mostly one text; sometimes several, or blank ones.
    func sources(_ random: inout SeededRandom) -> [Source] {
        let count = random.oneIn(20) ? random.integer(2...5) : 1
        return (0..<count).map { _ in
            .text(random.oneIn(3) ? random.choice(Self.blanks) : random.choice(texts))
        }
    }

    /// What is wrong with a job's record; nil: nothing.
    func problem(with record: Record, of sources: [Source]) -> String? {
        guard record.state == .done else {
            return "job \(record.job) ended \(record.state): \(record.failure?.message ?? "no reason given")"
        }
        let outputs = record.outputs.map { output in
            output.hypotheses.map { Translation(text: $0.text, score: $0.score) }
        }
        let wanted = sources.map { source -> [Translation] in
            guard case .text(let text) = source, let translation = expected[text] else { return [] }
            return [translation]
        }
        return outputs == wanted ? nil : "job \(record.job) came to \(outputs), and should have come to \(wanted)"
    }
}
