import Foundation
import Logging
import Systemd
import TestKit
import Testing

@Suite("JournalLogHandler")
struct JournalLogHandlerTests {
    /// A logger whose entries go to a journal of the test's own.
    private struct Journal {
        static let time = timespec(tv_sec: 1_800_000_000, tv_nsec: 0)

        let receiver: DatagramReceiver
        let lines: TemporaryFolder
        let stream: FileHandle
        var logger: Logger

        init(isJournal: Bool = true, provider: Logger.MetadataProvider? = nil) throws {
            let receiver = try DatagramReceiver()
            let lines = try TemporaryFolder()
            let stream = try FileHandle(forWritingTo: URL(filePath: lines.write("stderr", "")))
            let descriptor = stream.fileDescriptor
            let address = try #require(DatagramAddress(receiver.address))
            let destination = isJournal ? LogDestination.journal(address, fallback: descriptor) : .lines(descriptor)
            logger = Logger(label: "test") { _ in
                JournalLogHandler(destination: destination, metadataProvider: provider, now: { Self.time })
            }
            (self.receiver, self.lines, self.stream) = (receiver, lines, stream)
        }

        func record() throws -> JournalRecord { try JournalRecord(try #require(try receiver.next())) }
        func written() throws -> String { String(decoding: try lines.read("stderr"), as: UTF8.self) }
    }

    @Test("an entry has the journal's fields, and one for each piece of metadata")
    func fields() throws {
        let journal = try Journal()
        journal.logger.warning(
            "job refused", metadata: ["job_id": "a1", "retry-after ms": "\(250)", "Überlänge": "no"],
            file: "Broker/Jobs.swift", function: "submit(_:)", line: 17)
        let record = try journal.record()
        let expected = [
            "PRIORITY=4", "SYSLOG_IDENTIFIER=dragoman",
            "MESSAGE=job refused job_id=a1 retry-after ms=250 Überlänge=no",
            "CODE_FILE=Broker/Jobs.swift", "CODE_LINE=17", "CODE_FUNC=submit(_:)",
            "DRAGOMAN_JOB_ID=a1", "DRAGOMAN_RETRY_AFTER_MS=250", "DRAGOMAN__BERL_NGE=no",
        ]
        #expect(record.fields.map { "\($0.name)=\($0.value)" } == expected)
        #expect(try journal.written().isEmpty)
    }

    @Test(
        "levels have syslog's numbers",
        arguments: [
            (Logger.Level.trace, "7"), (.debug, "7"), (.info, "6"), (.notice, "5"), (.warning, "4"), (.error, "3"),
            (.critical, "2"),
        ])
    func priorities(level: Logger.Level, priority: String) throws {
        var journal = try Journal()
        journal.logger.logLevel = .trace
        journal.logger.log(level: level, "message")
        #expect(try journal.record()["PRIORITY"] == [priority])
    }

    @Test("a value of several lines keeps them, and cannot add a field")
    func newlines() throws {
        let journal = try Journal()
        journal.logger.error("two\nlines", metadata: ["trace": "a\nPRIORITY=0\nb", "end": "x\n"])
        let record = try journal.record()
        #expect(record["PRIORITY"] == ["3"])
        #expect(record["MESSAGE"] == [#"two\nlines end="x\n" trace="a\nPRIORITY=0\nb""#])
        #expect(record["DRAGOMAN_TRACE"] == ["a\nPRIORITY=0\nb"])
        #expect(record["DRAGOMAN_END"] == ["x\n"])
    }

    @Test("a value that is too long is cut with a note, and metadata that is too much is left out and counted")
    func bounds() throws {
        let journal = try Journal()
        let long = String(repeating: "x", count: 20_000)
        journal.logger.info("short", metadata: ["long": .string(long)])
        #expect(try journal.record()["DRAGOMAN_LONG"] == [String(long.prefix(16_384)) + "… (3616 bytes more)"])

        let much = (0..<100).map { ("key\($0)", Logger.MetadataValue.string(long)) }
        journal.logger.info("short", metadata: Logger.Metadata(uniqueKeysWithValues: much))
        let record = try journal.record()
        let kept = record.fields.count { $0.name.hasPrefix("DRAGOMAN_KEY") }
        #expect(kept > 0)
        #expect(record["DRAGOMAN_OMITTED"] == ["\(100 - kept)"])
    }

    @Test("of the same key, the entry's metadata counts before the provider's, and that before the logger's")
    func precedence() throws {
        var journal = try Journal(
            provider: Logger.MetadataProvider { ["who": "provider", "job": "provider", "worker": "provider"] })
        for key in ["who", "job", "tenant"] { journal.logger[metadataKey: key] = "logger" }
        journal.logger.info("hello", metadata: ["who": "entry"])
        let record = try journal.record()
        #expect(record["DRAGOMAN_WHO"] == ["entry"])
        #expect(record["DRAGOMAN_JOB"] == ["provider"])
        #expect(record["DRAGOMAN_WORKER"] == ["provider"])
        #expect(record["DRAGOMAN_TENANT"] == ["logger"])
    }

    @Test("without a journal, an entry is a time and a line of logfmt")
    func lines() throws {
        let journal = try Journal(isJournal: false)
        journal.logger.notice(
            "ready",
            metadata: [
                "plain": "a-b/c:1", "space": "a b", "quote": #"a"b\c"#, "equals": "a=b", "empty": "",
                "lines": "a\nb\tc",
                "escape": "\u{1B}[2J", "accent": "où",
            ])
        journal.logger.info("second\nline")
        let time = LogTime.text(Journal.time)
        #expect(
            try journal.written() == #"""
                \#(time) notice ready accent=où empty="" equals="a=b" escape="\u{1b}[2J" lines="a\nb\tc" plain=a-b/c:1 \#
                quote="a\"b\\c" space="a b"
                \#(time) info second\nline

                """#)
        #expect(try journal.receiver.next() == nil)
    }

    @Test("while the journal takes nothing, an entry is a line with its priority")
    func fallback() throws {
        let folder = try TemporaryFolder()
        let stream = try FileHandle(forWritingTo: URL(filePath: folder.write("stderr", "")))
        let gone = try #require(DatagramAddress(folder.file("gone").path))
        let handler = JournalLogHandler(destination: .journal(gone, fallback: stream.fileDescriptor))
        Logger(label: "test") { _ in handler }.error("cannot bind", metadata: ["port": "7411"])
        #expect(try String(decoding: folder.read("stderr"), as: UTF8.self) == "<3>cannot bind port=7411\n")
    }

    @Test("the error of an entry is a piece of its metadata")
    func error() throws {
        let journal = try Journal()
        journal.logger.error("stopping", error: SystemdError.noStateDirectory)
        #expect(try journal.record()["DRAGOMAN_ERROR"].first?.hasPrefix("there is no folder for the state") == true)
    }
}
