import JobModel
import TestKit
import Testing
import Wire

/// Damage of the kinds that networks, bugs and enemies do. A crash is the failure that these look for.
@Suite("Damaged frames are refused or understood, within the budget")
struct MutationTests {
    @Test("flipped, cut, repeated and spliced frames", arguments: 0..<8)
    func damage(seed: Int) throws {
        let limit = 1 << 16
        var decoder = try EnvelopeDecoder(frameSizeLimit: limit)
        var messages = RandomEnvelopes(seed: UInt64(seed))
        var random = SeededRandom(seed: UInt64(seed))
        var understood = 0
        var other = GoldenVectors.bytes["submit"] ?? []
        for turn in 0..<RandomEnvelopes.kinds * 20 {
            let original = messages.envelope(kind: turn % RandomEnvelopes.kinds).encoded()
            for _ in 0..<4 {
                let frame = random.damaged(original, with: other)
                do throws(WireError) {
                    let envelope = try decoder.decode(frame)
                    understood += 1
                    // What was understood can be said again, and means the same. (Not-a-numbers equal nothing, so bytes
                    // are compared.)
                    let again = envelope.encoded()
                    if again.count <= limit {
                        let said = try decoder.decode(again).encoded()
                        #expect(said == again)
                    }
                } catch {
                    #expect(!error.fault.message.isEmpty && error.correlation.count <= 64)
                }
                #expect(decoder.memoryUsed <= max(32 * limit, 1 << 20))
            }
            other = original
        }
        #expect(understood > 100)
    }
}

extension SeededRandom {
    fileprivate mutating func damaged(_ original: [UInt8], with other: [UInt8]) -> [UInt8] {
        var frame = original
        for _ in 0..<integer(1...3) {
            guard !frame.isEmpty else { return other }
            let place = integer(0...frame.count - 1)
            switch integer(0...6) {
            case 0: frame[place] ^= 1 << UInt8(integer(0...7))
            case 1: frame[place] = choice([0, 1, 0x7f, 0x80, 0xff, 0x0a, 0x12])
            case 2: frame.removeLast(frame.count - place)
            case 3: frame.remove(at: place)
            case 4: frame.insert(UInt8.random(in: 0...255, using: &self), at: place)
            case 5: frame.insert(contentsOf: frame[place..<min(frame.count, place + integer(1...64))], at: place)
            default:
                let begin = other.isEmpty ? 0 : integer(0...other.count - 1)
                frame.replaceSubrange(place..., with: other[begin...])
            }
        }
        return frame
    }
}
