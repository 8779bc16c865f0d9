import Foundation
import Systemd
import TestKit
import Testing

@Suite("LogDestination")
struct LogDestinationTests {
    @Test("entries go to the journal only when the descriptor is the stream that systemd opened to it")
    func destination() throws {
        let folder = try TemporaryFolder()
        let stream = try FileHandle(forWritingTo: URL(filePath: folder.write("stderr", "")))
        let descriptor = stream.fileDescriptor
        var status = stat()
        fstat(descriptor, &status)
        let (device, inode) = (UInt64(status.st_dev), UInt64(status.st_ino))

        func destination(_ value: String?) -> LogDestination {
            LogDestination(environment: value.map { ["JOURNAL_STREAM": $0] } ?? [:], descriptor: descriptor)
        }
        let journal = LogDestination.journal(LogDestination.journalSocket, fallback: descriptor)
        #expect(destination("\(device):\(inode)") == journal)
        #expect(destination("\(device):\(inode + 1)") == .lines(descriptor))
        #expect(destination("\(device + 1):\(inode)") == .lines(descriptor))
        #expect(destination("") == .lines(descriptor))
        #expect(destination(nil) == .lines(descriptor))
    }

    @Test("a closed descriptor leads nowhere, and is no crash")
    func closed() {
        #expect(LogDestination(environment: ["JOURNAL_STREAM": "1:2"], descriptor: -1) == .lines(-1))
    }
}
