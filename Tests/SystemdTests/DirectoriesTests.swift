import Systemd
import Testing

@Suite("Directories")
struct DirectoriesTests {
    struct Case: Sendable {
        var environment: [String: String]
        var isRoot = false
        var state: String?
    }

    private static let cases = [
        // systemd's word counts before all others, and of several folders the first.
        Case(
            environment: ["STATE_DIRECTORY": "/var/lib/a:/var/lib/b", "HOME": "/home/me", "XDG_STATE_HOME": "/state"],
            state: "/var/lib/a"),
        Case(environment: ["STATE_DIRECTORY": "/s"], isRoot: true, state: "/s"),
        Case(environment: ["HOME": "/root", "XDG_STATE_HOME": "/state"], isRoot: true, state: "/var/lib/dragoman"),
        Case(environment: ["HOME": "/home/me", "XDG_STATE_HOME": "/state"], state: "/state/dragoman"),
        Case(environment: ["HOME": "/home/me"], state: "/home/me/.local/state/dragoman"),
        // Empty and relative values count as none.
        Case(
            environment: ["HOME": "/home/me", "XDG_STATE_HOME": "state", "STATE_DIRECTORY": ""],
            state: "/home/me/.local/state/dragoman"),
        Case(environment: [:], state: nil),
    ]

    @Test("the state belongs where systemd, the file system's hierarchy or XDG says", arguments: cases)
    func place(_ place: Case) {
        #expect((try? Directories.state(environment: place.environment, isRoot: place.isRoot)) == place.state)
    }

    @Test("models are where DRAGOMAN_MODELS says, else with the user and where all users find them")
    func models() {
        func places(_ environment: [String: String], isRoot: Bool = false) -> [String] {
            Directories.models(environment: environment, isRoot: isRoot)
        }
        let shared = "/var/lib/dragoman-models"
        #expect(places(["DRAGOMAN_MODELS": "/m", "HOME": "/home/me"]) == ["/m"])
        #expect(places(["DRAGOMAN_MODELS": "/m"], isRoot: true) == ["/m"])
        #expect(places(["HOME": "/root", "XDG_DATA_HOME": "/data"], isRoot: true) == [shared])
        #expect(places(["HOME": "/home/me", "XDG_DATA_HOME": "/data"]) == ["/data/dragoman/models", shared])
        #expect(
            places(["HOME": "/home/me", "XDG_DATA_HOME": "data"]) == ["/home/me/.local/share/dragoman/models", shared])
        // As a service has it.
        #expect(places([:]) == [shared])
    }

    @Test("who has no home is told what to set")
    func noHome() throws {
        let error = #expect(throws: SystemdError.self) { try Directories.state(environment: [:], isRoot: false) }
        #expect(try #require(error).description.contains("XDG_STATE_HOME"))
    }
}
