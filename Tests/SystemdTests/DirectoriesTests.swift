import Systemd
import Testing

@Suite("Directories")
struct DirectoriesTests {
    struct Case: Sendable {
        var environment: [String: String]
        var isRoot = false
        var state: String?
        var runtime: String?
    }

    private static let cases = [
        // systemd's word counts before all others, and of several folders the first.
        Case(
            environment: [
                "STATE_DIRECTORY": "/var/lib/a:/var/lib/b", "RUNTIME_DIRECTORY": "/run/a:/run/b", "HOME": "/home/me",
                "XDG_STATE_HOME": "/state", "XDG_RUNTIME_DIR": "/run/user/1",
            ], state: "/var/lib/a", runtime: "/run/a"),
        Case(environment: ["STATE_DIRECTORY": "/s"], isRoot: true, state: "/s", runtime: "/run/dragoman"),
        Case(
            environment: ["HOME": "/root", "XDG_STATE_HOME": "/state", "XDG_RUNTIME_DIR": "/run/user/0"], isRoot: true,
            state: "/var/lib/dragoman", runtime: "/run/dragoman"),
        Case(
            environment: ["HOME": "/home/me", "XDG_STATE_HOME": "/state", "XDG_RUNTIME_DIR": "/run/user/1"],
            state: "/state/dragoman", runtime: "/run/user/1/dragoman"),
        Case(
            environment: ["HOME": "/home/me"], state: "/home/me/.local/state/dragoman",
            runtime: "/home/me/.local/state/dragoman/run"),
        // Empty and relative values count as none.
        Case(
            environment: [
                "HOME": "/home/me", "XDG_STATE_HOME": "state", "XDG_RUNTIME_DIR": "", "STATE_DIRECTORY": "",
                "RUNTIME_DIRECTORY": ":",
            ], state: "/home/me/.local/state/dragoman", runtime: "/home/me/.local/state/dragoman/run"),
        Case(environment: ["XDG_RUNTIME_DIR": "/run/user/1"], state: nil, runtime: "/run/user/1/dragoman"),
        Case(environment: [:], state: nil, runtime: nil),
    ]

    @Test("state and sockets belong where systemd, the file system's hierarchy or XDG says", arguments: cases)
    func place(_ place: Case) {
        #expect((try? Directories.state(environment: place.environment, isRoot: place.isRoot)) == place.state)
        #expect((try? Directories.runtime(environment: place.environment, isRoot: place.isRoot)) == place.runtime)
    }

    @Test("who has no home is told what to set")
    func noHome() throws {
        let error = #expect(throws: SystemdError.self) { try Directories.state(environment: [:], isRoot: false) }
        #expect(try #require(error).description.contains("XDG_STATE_HOME"))
    }
}
