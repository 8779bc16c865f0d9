import Testing
import Worker

@Suite("A worker without a broker")
struct ComplaintsTests {
    private static let second: UInt64 = 1_000_000_000

    @Test("says why at once, and again after waits that double up to ten minutes")
    func growingWaits() {
        var complaints = Complaints<String>()
        var said: [UInt64] = []
        for time in 0..<3600 where complaints.quiet(after: "refused", at: UInt64(time) * Self.second) != nil {
            said.append(UInt64(time))
        }
        #expect(said == [0, 5, 15, 35, 75, 155, 315, 635, 1235, 1835, 2435, 3035])
    }

    @Test("says another reason at once, and begins again after all was well")
    func anotherReason() {
        var complaints = Complaints<String>()
        #expect(complaints.quiet(after: "refused", at: 0) == 5 * Self.second)
        #expect(complaints.quiet(after: "refused", at: Self.second) == nil)
        #expect(complaints.quiet(after: "no key", at: Self.second) == 5 * Self.second)
        complaints.reset()
        #expect(complaints.quiet(after: "no key", at: 2 * Self.second) == 5 * Self.second)
    }
}
