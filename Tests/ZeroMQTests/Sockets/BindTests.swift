import Foundation
import Glibc
import TestKit
import Testing
import ZeroMQ

@Suite struct BindTests {
    let context: Context
    let folder: TemporaryFolder

    init() throws {
        context = try Context()
        folder = try TemporaryFolder()
    }

    @Test func `a busy port is told with what to do`() throws {
        let first = try Socket(.router, in: context)
        let endpoint = try first.bind("tcp://127.0.0.1:*")
        let second = try Socket(.router, in: context)
        let error = #expect(throws: ZeroMQError.self) { try second.bind(endpoint) }
        #expect(
            error?.description
                == "\(endpoint): zmq_bind: Address already in use; "
                + "is another broker running? Stop it, or choose another endpoint")
    }

    @Test func `a socket file with a listener is busy, and keeps working`() throws {
        let endpoint = "ipc://\(folder.file("jobs").path)"
        let first = try Socket(.router, in: context)
        try first.bind(endpoint)
        let second = try Socket(.router, in: context)
        #expect(throws: ZeroMQError.self) { try second.bind(endpoint) }
        let dealer = try Socket(.dealer, in: context)
        try dealer.connect(endpoint)
        try dealer.sendWhenConnected("still here")
        #expect(try first.awaitMessageFromPeer().body.text == "still here")
    }

    @Test func `a socket file that a dead process left is replaced`() throws {
        let path = folder.file("jobs").path
        try leaveSocketFile(at: path)
        let router = try Socket(.router, in: context)
        #expect(try router.bind("ipc://\(path)") == "ipc://\(path)")
    }

    @Test func `a listener that only a process in the making still has is waited for`() throws {
        let path = folder.file("jobs").path
        let listener = try listen(at: path)
        Thread.detachNewThread {
            close(accept(listener, nil, nil))  // the first knock
            close(listener)
        }
        let router = try Socket(.router, in: context)
        #expect(try router.bind("ipc://\(path)") == "ipc://\(path)")
    }

    @Test func `a file that is no socket is left alone`() throws {
        let path = try folder.write("notes", "precious")
        let router = try Socket(.router, in: context)
        let error = #expect(throws: ZeroMQError.self) { try router.bind("ipc://\(path)") }
        #expect(error?.description.contains("not a socket; move it away, or choose another path") == true)
        #expect(try folder.read("notes") == Array("precious".utf8))
    }

    @Test func `a path of 107 bytes is bound, and one of 108 is told with the limit`() throws {
        let longest = folder.url.path + "/" + String(repeating: "x", count: 106 - folder.url.path.utf8.count)
        let router = try Socket(.router, in: context)
        #expect(try router.bind("ipc://\(longest)") == "ipc://\(longest)")
        let dealer = try Socket(.dealer, in: context)
        try dealer.connect("ipc://\(longest)")
        try dealer.sendWhenConnected("far")
        #expect(try router.awaitMessageFromPeer().body.text == "far")
        for error in [
            #expect(throws: ZeroMQError.self) { try router.bind("ipc://\(longest)x") },
            #expect(throws: ZeroMQError.self) { try dealer.connect("ipc://\(longest)x") },
        ] {
            #expect(error?.errorNumber == ENAMETOOLONG)
            #expect(error?.remedy == "the path has 108 bytes, and at most 107 are possible; use a shorter one")
        }
    }

    @Test func `a socket file has the mode that was asked for`() throws {
        let path = folder.file("jobs").path
        let router = try Socket(.router, in: context)
        try router.bind("ipc://\(path)", mode: 0o600)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test(arguments: [
        ("ipc:///no/such/folder/jobs", "there is no such folder; make it first"),
        ("tcp://192.0.2.1:7411", "this host has no such address or interface"),
        ("127.0.0.1:7411", "an endpoint is written tcp://HOST:PORT or ipc:///PATH"),
        ("http://127.0.0.1:7411", "use tcp:// or ipc://"),
    ])
    func `an impossible endpoint is told with what to do`(_ endpoint: String, _ remedy: String) throws {
        let router = try Socket(.router, in: context)
        let error = #expect(throws: ZeroMQError.self) { try router.bind(endpoint) }
        #expect(error?.endpoint == endpoint)
        #expect(error?.remedy == remedy)
    }

    /// What bind(2) makes, and closing does not remove.
    private func leaveSocketFile(at path: String) throws { close(try boundSocket(at: path)) }

    /// A socket that lets in whoever knocks, and answers nobody.
    private func listen(at path: String) throws -> CInt {
        let descriptor = try boundSocket(at: path)
        try #require(Glibc.listen(descriptor, 16) == 0)
        return descriptor
    }

    private func boundSocket(at path: String) throws -> CInt {
        let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
        try #require(descriptor >= 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let result = withUnsafeBytes(of: &address) {
            bind(descriptor, $0.assumingMemoryBound(to: sockaddr.self).baseAddress, socklen_t($0.count))
        }
        try #require(result == 0)
        return descriptor
    }
}
