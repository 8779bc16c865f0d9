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

    private mutating func options() -> TranslationOptions {
        var options = TranslationOptions()
        var decoding = DecodingOptions()
        if random.oneIn(6) {
            let seed = random.choice([0, .max, random.next()])
            decoding.sampling = .init(
                topK: integer(0...20) ?? 0, topP: float(0.1...1) ?? 1, temperature: float(0.2...5) ?? 1, seed: seed)
            if random.oneIn(2) { decoding.nBest = integer(1...6) }
        } else {
            decoding.beamSize = random.oneIn(24) ? 256 : integer(1...6)
            decoding.nBest = integer(1...3)
        }
        decoding.lengthPenalty = float(-10...10)
        decoding.earlyStopping = random.choice([nil, .whenFull, .heuristic, .never])
        decoding.patience = float(0.3...4)
        decoding.maximumLength = random.oneIn(6) ? integer(0...lengthMaximum) : random.integer(1...lengthMaximum)
        decoding.minimumLength = integer(0...lengthMaximum + 2)
        decoding.maximumLengthRatio = float(0.1...5)
        decoding.minimumLengthRatio = float(0...5)
        decoding.repetitionPenalty = float(0.001...3)
        decoding.noRepeatNgramSize = integer(0...4)
        decoding.renormalizesScores = random.choice([nil, true, false])
        decoding.returnsAlignments = random.oneIn(4)
        decoding.returnsScores = !random.oneIn(4)
        decoding.forcedFirstToken = random.oneIn(3) ? integer(0...model.target.count) : nil
        if random.oneIn(4) { decoding.suppressed = lists().map { $0.map { random.oneIn(99) ? Int.min : $0 } } }
        if random.oneIn(6) { decoding.prefix = ids(0...4) }
        // Everything but `</s>`: where a minimum length forbids that too, nothing is left.
        if random.oneIn(40) {
            decoding.suppressed += model.target.indices.filter { model.target[$0] != "</s>" }.map { [$0] }
        }
        options.decoding = decoding
        if random.oneIn(5) { options.suppressed = lists().map { $0.map { model.target[$0] }.joined(separator: " ") } }
        if random.oneIn(40) { options.suppressed.append(random.choice(["", " ", "nonsense", "\u{0}", "</s>"])) }
        options.disallowsUnknown = !random.oneIn(4)
        if random.oneIn(8) { options.forcedFirstToken = random.choice(model.target + ["nonsense", ""]) }
        if random.oneIn(6) { options.prefix = input(source: false, lengths: 0...4) }
        return options
    }

    private mutating func input(source: Bool, lengths: ClosedRange<Int>) -> TranslationRequest.Input {
        if random.oneIn(takesText ? 3 : 30) {
            let texts = [
                "", " \n", "Good morning.", "I am tired. Are you?\n\nNo.", "▁the", "\u{0}", "👩‍👩‍👧", "Où ?", ">>fra<< Hi.",
            ]
            return .text(random.choice(texts))
        }
        let vocabulary = source ? model.source : model.target
        var tokens = (0..<random.integer(lengths)).map { _ in random.choice(vocabulary) }
        if random.oneIn(50) { tokens.append(random.choice(["nonsense", "", "</s>", "\u{0}"])) }
        return .tokens(tokens)
    }

    private mutating func lists() -> [[Int]] { (0..<random.integer(0...12)).map { _ in ids(0...3) } }

    private mutating func ids(_ lengths: ClosedRange<Int>) -> [Int] {
        (0..<random.integer(lengths)).map { _ in random.integer(0...model.target.count - 1) }
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
