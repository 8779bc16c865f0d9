import Foundation
import Systemd
import TestKit
import Testing

@Suite("The time of log lines")
struct LogTimeTests {
    @Test("a time is RFC 3339, with milliseconds and the distance from UTC")
    func form() throws {
        let time = timespec(tv_sec: 1_796_000_000, tv_nsec: 7_999_999)
        let text = LogTime.text(time)
        #expect(text.wholeMatch(of: #/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.007[+-]\d\d:\d\d/#) != nil, "\(text)")
        let read = try Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        #expect(abs(read.timeIntervalSince1970 - 1_796_000_000.007) < 0.0005)
    }
}
