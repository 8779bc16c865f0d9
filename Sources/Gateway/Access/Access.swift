internal import Clocks
internal import Foundation
internal import Synchronization
internal import Wording

/// Who may ask for what: the keys in force, and how much each has been used.
package final class Access: Sendable {
    /// What a key that was shown lets its holder do.
    struct Pass: Sendable {
        let digest: String
        let entry: KeyRing.Entry
        var name: String { entry.name }
    }

    private struct State {
        var ring: KeyRing
        var uses: [String: KeyUse] = [:]
    }

    private let file: String
    private let state: Mutex<State>
    /// Unix time in milliseconds.
    private let now: @Sendable () -> UInt64

    /// - Throws: When the file cannot be read, or has a mistake.
    package init(file: String, now: @escaping @Sendable () -> UInt64 = { SystemClock.wall }) throws(KeyRingError) {
        self.file = file
        self.now = now
        state = Mutex(State(ring: try Self.read(file)))
    }

    /// Reads the keys again; how much they have been used stays. Where that fails, the old ones stay in force.
    package func reload() throws(KeyRingError) {
        let ring = try Self.read(file)
        state.withLock { $0.ring = ring }
    }

    private static func read(_ file: String) throws(KeyRingError) -> KeyRing {
        let text: String
        do {
            text = try String(contentsOfFile: file, encoding: .utf8)
        } catch {
            throw KeyRingError("it cannot be read: \(error.reason)", at: file)
        }
        return try KeyRing(text, file: file)
    }

    /// - Parameter role: nil: anyone may.
    /// - Returns: nil where anyone may, and no key was shown.
    func admit(_ key: String?, as role: KeyRing.Role?) throws(GatewayError) -> Pass? {
        guard let key else {
            guard role == nil else { throw GatewayError(.keyMissing, "an API key is needed") }
            return nil
        }
        let digest = KeyRing.digest(of: key)
        guard let entry = state.withLock({ $0.ring.entry(digest: digest) }) else {
            guard role == nil else { throw GatewayError(.keyUnknown, "the API key is not known") }
            return nil
        }
        if let role, !entry.roles.contains(role) {
            throw GatewayError(.forbidden, "the API key does not have the role \(role.rawValue)")
        }
        let pass = Pass(digest: digest, entry: entry)
        if role != nil {
            try use(pass) { (use, now) throws(GatewayError) in try use.takeRequest(entry.limits, at: now) }
        }
        return pass
    }

    /// Whether what a key was let in for is still its holder's to do.
    func admits(_ pass: Pass, as role: KeyRing.Role) -> Bool {
        state.withLock { $0.ring.entry(digest: pass.digest)?.roles.contains(role) == true }
    }

    func charge(_ characters: Int, _ pass: Pass) throws(GatewayError) {
        try use(pass) { (use, now) throws(GatewayError) in
            try use.take(characters: characters, pass.entry.limits, at: now)
        }
    }

    func giveBack(_ characters: Int, _ pass: Pass) {
        state.withLock { $0.uses[pass.digest]?.giveBack(characters: characters) }
    }

    /// Translated this month, by this gateway since its start.
    func characters(_ pass: Pass) -> Int {
        let now = now()
        return state.withLock { $0.uses[pass.digest]?.characters(at: now) ?? 0 }
    }

    private func use(
        _ pass: Pass, _ body: (inout KeyUse, UInt64) throws(GatewayError) -> Void
    ) throws(GatewayError) {
        let now = now()
        let outcome = state.withLock { state -> Result<Void, GatewayError> in
            var use = state.uses[pass.digest] ?? KeyUse()
            defer { state.uses[pass.digest] = use }
            do throws(GatewayError) {
                return .success(try body(&use, now))
            } catch {
                return .failure(error)
            }
        }
        try outcome.get()
    }
}
