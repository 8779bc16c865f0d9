import Foundation
import Systemd
import TestKit
import Testing

@Suite("Credentials")
struct CredentialsTests {
    @Test("a credential is read as it is, to the byte")
    func read() throws {
        let folder = try TemporaryFolder()
        let secret = (0...9_999).map { UInt8(truncatingIfNeeded: $0) }
        try folder.write("broker.key", secret)
        let credentials = try Credentials(environment: ["CREDENTIALS_DIRECTORY": folder.url.path])
        #expect(try credentials.read("broker.key") == secret)
        #expect(try credentials.read("worker.key") == nil)
    }

    @Test("there are no credentials where systemd gives none")
    func none() throws {
        #expect(try Credentials(environment: [:]).read("broker.key") == nil)
    }

    @Test("a name that leads elsewhere is refused", arguments: ["", ".", "..", "../shadow", "/etc/shadow", "a\u{0}b"])
    func name(name: String) throws {
        let folder = try TemporaryFolder()
        let credentials = try Credentials(environment: ["CREDENTIALS_DIRECTORY": folder.url.path])
        #expect(throws: SystemdError.credentialName(name)) { try credentials.read(name) }
    }

    @Test("more than a credential can hold is refused")
    func tooLarge() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("huge", [UInt8](repeating: 0, count: (1 << 20) + 1))
        let credentials = try Credentials(environment: ["CREDENTIALS_DIRECTORY": folder.url.path])
        #expect(throws: SystemdError.call("read", subject: path, code: EFBIG)) { try credentials.read("huge") }
    }

    @Test("what is there and cannot be read is an error, not a missing key")
    func unreadable() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(at: folder.file("folder"), withIntermediateDirectories: false)
        let credentials = try Credentials(environment: ["CREDENTIALS_DIRECTORY": folder.url.path])
        #expect(throws: SystemdError.call("read", subject: folder.file("folder").path, code: EISDIR)) {
            try credentials.read("folder")
        }
    }

    @Test("a relative folder is an error")
    func relative() {
        #expect(throws: SystemdError.self) { try Credentials(environment: ["CREDENTIALS_DIRECTORY": "credentials"]) }
    }
}
