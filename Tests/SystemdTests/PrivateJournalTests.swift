import Logging
import Systemd
import Testing

@Suite("What journald makes of it", .enabled(if: PrivateJournal.isPossible))
struct PrivateJournalTests {
    @Test("journald keeps every field of every entry, and journalctl finds entries by them")
    func entries() throws {
        let journal = try PrivateJournal()
        #expect(journal.greeting.contains("READY=1"))

        let handler = JournalLogHandler(destination: .journal(journal.address, fallback: -1))
        let logger = Logger(label: "test") { _ in handler }
        let long = String(repeating: "x", count: 20_000)
        logger.warning("job refused", metadata: ["job_id": "a1", "retry after": "250"], file: "Jobs.swift", line: 17)
        logger.error("two\nlines", metadata: ["trace": "a\nPRIORITY=0\nb", "long": .string(long)])

        let entries = try journal.entries(of: "dragoman")
        try #require(entries.count == 2)
        #expect(entries[0]["MESSAGE"] == "job refused job_id=a1 retry after=250")
        #expect(entries[0]["PRIORITY"] == "4")
        #expect(entries[0]["CODE_FILE"] == "Jobs.swift")
        #expect(entries[0]["CODE_LINE"] == "17")
        #expect(entries[0]["DRAGOMAN_JOB_ID"] == "a1")
        #expect(entries[0]["DRAGOMAN_RETRY_AFTER"] == "250")
        #expect(entries[1]["PRIORITY"] == "3")
        #expect(entries[1]["DRAGOMAN_TRACE"] == "a\nPRIORITY=0\nb")
        #expect(entries[1]["DRAGOMAN_LONG"]?.hasSuffix("x… (3616 bytes more)") == true)
    }
}
