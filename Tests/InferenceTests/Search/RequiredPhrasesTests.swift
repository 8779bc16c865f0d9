import Inference
import TestKit
import Testing

@Suite struct RequiredPhrasesTests {
    private func progress(_ phrases: RequiredPhrases, after tokens: [Int32]) -> RequiredPhrases.Progress {
        var progress = RequiredPhrases.Progress()
        for token in tokens { phrases.advance(&progress, by: token) }
        return progress
    }

    @Test func `a phrase that breaks off begins again with the longest end of what there is`() {
        let phrases = RequiredPhrases([[[1, 1, 2]]])
        #expect(phrases.isComplete(progress(phrases, after: [1, 1, 1, 2])))
        #expect(phrases.next(progress(phrases, after: [1, 1])) == [2])
        #expect(phrases.next(progress(phrases, after: [1, 3])) == [1])
        #expect(!phrases.isComplete(progress(phrases, after: [1, 2])))
    }

    @Test func `a phrase that is listed twice is met twice`() {
        let phrases = RequiredPhrases([[[1, 2]], [[1, 2]]])
        #expect(phrases.weight == 4)
        let once = progress(phrases, after: [1, 2])
        #expect(!phrases.isComplete(once) && phrases.bank(once) == 2)
        #expect(phrases.bank(progress(phrases, after: [1, 2, 1])) == 3)
        #expect(phrases.isComplete(progress(phrases, after: [1, 2, 5, 1, 2])))
    }

    @Test func `one form of a phrase is enough, and counts as the longest`() {
        let phrases = RequiredPhrases([[[1, 2, 3], [4]], [[1, 5]]])
        #expect(phrases.bank(progress(phrases, after: [4])) == 3)
        #expect(Set(phrases.next(progress(phrases, after: []))) == [1, 4])
        // What two phrases begin with may go on as either.
        #expect(Set(phrases.next(progress(phrases, after: [1]))) == [2, 5])
        #expect(phrases.isComplete(progress(phrases, after: [1, 5, 4])))
        #expect(phrases.isComplete(progress(phrases, after: [1, 2, 3, 1, 5])))
    }

    @Test func `what is complete has every phrase, one beside the other`() {
        var random = SeededRandom(seed: 12)
        var completeCount = 0
        for _ in 0..<4000 {
            let phrases = (0..<random.integer(1...3)).map { _ in
                (0..<random.integer(1...2)).map { _ in
                    (0..<random.integer(1...3)).map { _ in Int32(random.integer(0...3)) }
                }
            }
            let required = RequiredPhrases(phrases)
            let tokens = (0..<random.integer(0...12)).map { _ in Int32(random.integer(0...3)) }
            let found = progress(required, after: tokens)
            #expect((0...required.weight).contains(required.bank(found)))
            #expect(required.isComplete(found) == (required.bank(found) == required.weight))
            #expect(required.isComplete(found) == required.next(found).isEmpty)
            if required.isComplete(found) {
                completeCount += 1
                #expect(fit(phrases[...], into: tokens), "\(phrases) into \(tokens)")
            }
            // Each of what may come next brings it further.
            for token in required.next(found) {
                var further = found
                required.advance(&further, by: token)
                #expect(required.bank(further) > required.bank(found), "\(phrases), \(tokens), \(token)")
            }
        }
        #expect(completeCount > 400)
    }

    @Test func `phrases of different tokens are complete just when all are there`() {
        var random = SeededRandom(seed: 3)
        for _ in 0..<2000 {
            let phrases: [[[Int32]]] = [[[0, 1]], [[2, 2, 3]], [[4]]]
            let required = RequiredPhrases(phrases)
            let tokens = (0..<random.integer(0...14)).map { _ in Int32(random.integer(0...4)) }
            let isComplete = required.isComplete(progress(required, after: tokens))
            #expect(isComplete == fit(phrases[...], into: tokens), "\(tokens)")
        }
    }

    /// Whether the phrases have places in the tokens that do not overlap, by trying all.
    private func fit(_ phrases: ArraySlice<[[Int32]]>, into tokens: [Int32]) -> Bool {
        guard let forms = phrases.first else { return true }
        for form in forms where form.count <= tokens.count {
            for start in 0...tokens.count - form.count where tokens[start...].starts(with: form) {
                var rest = tokens
                for index in form.indices { rest[start + index] = -1 }
                if fit(phrases.dropFirst(), into: rest) { return true }
            }
        }
        return false
    }
}

@Suite struct BeamPlacesTests {
    @Test(arguments: [
        (4, [9], [4]), (4, [9, 9], [2, 2]), (5, [9, 9], [2, 3]), (4, [9, 0, 9, 9], [1, 0, 1, 2]),
        (4, [9, 1, 9], [1, 1, 2]), (2, [9, 9, 9, 9], [0, 0, 1, 1]), (4, [1, 1], [1, 1]), (4, [], []),
    ])
    func `banks share alike, and the furthest get what is left`(places: Int, candidates: [Int], shares: [Int]) {
        #expect(BeamPlaces.shared(places, by: candidates) == shares)
    }

    @Test func `no place is lost, and the furthest bank always has one`() {
        var random = SeededRandom(seed: 5)
        for _ in 0..<2000 {
            let places = random.integer(1...16)
            let candidates = (0..<random.integer(1...12)).map { _ in random.oneIn(3) ? 0 : random.integer(1...20) }
            let shares = BeamPlaces.shared(places, by: candidates)
            #expect(zip(shares, candidates).allSatisfy { (0...$1).contains($0) })
            #expect(shares.reduce(0, +) == min(places, candidates.reduce(0, +)))
            if let furthest = candidates.lastIndex(where: { $0 > 0 }) { #expect(shares[furthest] > 0) }
        }
    }
}
