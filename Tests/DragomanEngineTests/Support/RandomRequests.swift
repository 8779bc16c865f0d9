import DragomanEngine
import TestKit

/// Requests with any options that the public interface can express: each is mostly absent, often plausible, and now and
/// then anything.
struct RandomRequests {
    let model: EngineModel
    let takesText: Bool
    /// Wide beams of long outputs are only slow.
    let lengthMaximum: Int
    var random: SeededRandom

    private static let integers = [Int.min, -1, 0, 1, .max, 1 << 31, 1 << 32, -1 << 40]
    private static let floats: [Float] = [
        .nan, .infinity, -.infinity, .greatestFiniteMagnitude, -.greatestFiniteMagnitude, .leastNonzeroMagnitude, 0,
        -0.0,
        -1, .signalingNaN, 1e30,
    ]

    mutating func next() -> TranslationRequest {
        var request = TranslationRequest(input(source: true, lengths: 0...8))
        request.options = options()
        request.priority = integer(-3...3) ?? 0
        if random.oneIn(10) { request.target = input(source: false, lengths: 0...8) }
        return request
    }

    private mutating func options() -> SearchOptions {
        var options = SearchOptions()
        if random.oneIn(6) {
            options.seed = random.choice([0, .max, random.next()])
            options.samplingTopK = integer(0...20)
            options.samplingTopP = float(0.1...1)
            options.temperature = float(0.2...5)
            if random.oneIn(2) { options.nBest = integer(1...6) }
        } else {
            options.beamSize = random.oneIn(24) ? 256 : integer(1...6)
            options.nBest = integer(1...3)
        }
        options.lengthPenalty = float(-10...10)
        options.earlyStopping = random.choice([nil, .full, .heuristic, .never])
        options.patience = float(0.3...4)
        options.maximumLength = random.oneIn(6) ? integer(0...lengthMaximum) : random.integer(1...lengthMaximum)
        options.minimumLength = integer(0...lengthMaximum + 2)
        options.maximumLengthRatio = float(0.1...5)
        options.minimumLengthRatio = float(0...5)
        options.repetitionPenalty = float(0.001...3)
        options.noRepeatNgramSize = integer(0...4)
        options.renormalizeScores = random.choice([nil, true, false])
        options.alignments = random.choice([nil, nil, false, true])
        options.returnScores = random.choice([nil, nil, true, false])
        options.disallowUnknown = random.choice([nil, nil, true, false])
        options.split = random.oneIn(3) ? random.choice(SplitRule.allCases) : nil
        options.maximumSegmentLength = integer(1...6)
        options.paragraphs = random.choice([nil, nil, false, true])
        if options.paragraphs == true || random.oneIn(60) { options.wrap = integer(1...20) }
        options.translateNumbers = random.choice([nil, nil, true, false])
        options.secondPass = random.choice([nil, nil, true, false])
        if random.oneIn(4) { options.suppress = sequences() }
        // Everything but `</s>`: where a minimum length forbids that too, nothing is left.
        if random.oneIn(20) {
            options.suppress = model.target.filter { $0 != "</s>" }
            if !random.oneIn(3) { options.minimumLength = 1 }
        }
        if random.oneIn(40) {
            options.suppress = sequences() + [random.choice(["", " ", "nonsense", "\u{0}", "</s>"])]
        }
        if random.oneIn(6) { options.forceFirstToken = random.choice(model.target + ["nonsense", ""]) }
        if random.oneIn(6) { options.prefix = input(source: false, lengths: 0...4) }
        return options
    }

    private mutating func input(source: Bool, lengths: ClosedRange<Int>) -> Source {
        if random.oneIn(takesText ? 3 : 30) {
            let texts = [
                "", " \n", "Good morning.", "I am tired. Are you?\n\nNo.", "▁the", "\u{0}", "👩‍👩‍👧", "Où ?", ">>fra<< Hi.",
                "---", "12:26\n😀 Good\nmorning. ▾",
            ]
            return .text(random.choice(texts))
        }
        let vocabulary = source ? model.source : model.target
        var tokens = (0..<random.integer(lengths)).map { _ in random.choice(vocabulary) }
        if random.oneIn(50) { tokens.append(random.choice(["nonsense", "", "</s>", "\u{0}"])) }
        return .tokens(tokens)
    }

    private mutating func sequences() -> [String] {
        (0..<random.integer(1...12)).map { _ in
            (0..<random.integer(1...3)).map { _ in random.choice(model.target) }.joined(separator: " ")
        }
    }

    private mutating func integer(_ plausible: ClosedRange<Int>) -> Int? {
        if random.oneIn(60) { return random.choice(Self.integers) }
        return random.oneIn(3) ? random.integer(plausible) : nil
    }

    private mutating func float(_ plausible: ClosedRange<Float>) -> Float? {
        if random.oneIn(60) { return random.choice(Self.floats) }
        return random.oneIn(4) ? random.floats(1, in: plausible)[0] : nil
    }
}
