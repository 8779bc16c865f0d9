internal import JobModel

/// Which of a broker's addresses is tried, and when: a pure state machine, events in, directives out.
///
///     idle ──▶ trying ──admitted──▶ connected
///              │    ▲                   │ the connection ends, or the session hears nothing
///              │    └──── the next ◀────┤
///              ▼                        ▼
///           resting: all were tried, and none answers; waits grow until one does
///
/// Between idle and trying, names are looked up.
///
/// Standbys do not listen, so most attempts are refused at once. An address that says nothing at all has a second.
///
/// A broker with one address is connected to once, and everything after that is libzmq's and the session's, until its
/// name turns out to have several addresses.
package struct AddressRing: Sendable {
    package enum Event: Sendable, Hashable {
        /// There is something to send.
        case begin
        /// The connection is there.
        case admitted
        /// A message has come.
        case heard
        /// There is no connection, or no longer; `isDenied`: the broker does not let this client in.
        case failed(isDenied: Bool)
        /// The session hears nothing, although it should.
        case silent
        /// The addresses of names, by how they are written in the list; empty: not known.
        case found([String: [String]])
        case tick
    }

    package enum Directive: Sendable, Hashable {
        /// Connect, in place of the connection that there may be.
        case connect(String)
        /// Give up the connection.
        case disconnect
        /// Of several addresses: the connection is there. What was sent before has to be sent again.
        case connected
        case moved(AddressMove)
        /// Find out which addresses these have.
        case lookUp([String])
        /// All were tried.
        case unanswered
        /// The broker does not let this client in, and none of the others is active.
        case denied
    }

    private enum State: Sendable {
        case idle
        case lookingUp(until: Duration)
        /// nil: for as long as it takes.
        case trying(String, until: Duration?)
        case connected(String, isHeard: Bool)
        case resting(until: Duration)
    }

    /// As it was configured.
    package let broker: BrokerAddresses
    /// With the addresses of names in their places.
    package private(set) var addresses: [String]
    /// Whether there are several addresses, or were.
    package private(set) var isSeveral: Bool
    /// Those of `broker` that the name service knows.
    private let names: [String]
    private var found: [String: [String]] = [:]
    private var isLookingUp = false
    private var lookedUpAt: Duration?
    private let givesUpWhenDenied: Bool
    private var state = State.idle
    /// The last one that was tried.
    private var current: String?
    /// Since one has answered last, or all had been tried.
    private var failed: Set<String> = []
    private var isDenied = false
    /// Rounds in which none has answered, since one did.
    private var rounds = 0
    private var roundBegan = Duration.zero
    private var backoff = Backoff(base: roundMinimum, maximum: roundMaximum, seed: 0)
    private var now = Duration.zero
    private var directives: [Directive] = []

    /// Of a round in which all are refused: less than a second after a standby listens, it is found.
    private static let roundMinimum = Duration.milliseconds(100)
    private static let roundMaximum = Duration.seconds(1)
    /// Of a round in which the key is refused: that mends itself seldom.
    private static let deniedRound = Duration.seconds(10)
    /// How long an address has for a connection, at first and later: a host that is gone does not even refuse.
    private static let firstPatience = Duration.seconds(1)
    private static let patience = Duration.seconds(2)
    private static let lookUpPause = Duration.seconds(1)

    /// - Parameters:
    ///   - seed: Of the jitter of its waits.
    ///   - givesUpWhenDenied: Whether it tries no more when the key is refused, until the next `begin`.
    package init(_ broker: BrokerAddresses, seed: UInt64, givesUpWhenDenied: Bool) {
        self.broker = broker
        self.givesUpWhenDenied = givesUpWhenDenied
        addresses = broker.addresses
        isSeveral = broker.addresses.count > 1
        names = broker.addresses.filter { Endpoint($0)?.hostName != nil }
        backoff = Backoff(base: Self.roundMinimum, maximum: Self.roundMaximum, seed: seed)
    }

    package var hasNames: Bool { !names.isEmpty }

    /// Whether what is sent gets somewhere.
    package var isConnected: Bool { if case .connected = state { true } else { false } }

    /// The one that is connected to, or was tried last.
    package var address: String { current ?? addresses[0] }

    /// For messages: what was configured, and which addresses its names have.
    package var description: String {
        broker.addresses.map { entry in
            guard let hosts = found[entry], hosts.count > 1 else { return entry }
            return "\(entry) (\(hosts.joined(separator: ", ")))"
        }.joined(separator: ", ")
    }

    /// When the next `.tick` is due; nil: it waits for something else.
    package var nextDeadline: Duration? {
        switch state {
        case .trying(_, let until): until
        case .lookingUp(let until), .resting(let until): until
        case .idle, .connected: nil
        }
    }

    /// - Parameter now: On a clock that never jumps, from whatever beginning.
    package mutating func on(_ event: Event, at now: Duration) -> [Directive] {
        self.now = now
        defer { directives.removeAll() }
        switch event {
        case .begin: begin()
        case .admitted: admit()
        case .heard: hear()
        case .failed(let isDenied): fail(isDenied: isDenied)
        case .silent: fallSilent()
        case .found(let answers): take(answers)
        case .tick: tick()
        }
        return directives
    }

    private mutating func begin() {
        guard case .idle = state else { return }
        roundBegan = now
        lookUp()
        // libzmq would look the name up in its only thread, where all connections wait for that.
        if hasNames, lookedUpAt == nil { state = .lookingUp(until: now + Self.firstPatience) } else { connect(address) }
    }

    private mutating func connect(_ address: String) {
        let patience = rounds == 0 ? Self.firstPatience : Self.patience
        state = .trying(address, until: isSeveral ? now + patience : nil)
        current = address
        directives.append(.connect(address))
    }

    private mutating func admit() {
        guard case .trying(let address, _) = state else { return }
        state = .connected(address, isHeard: false)
        if isSeveral { directives.append(.connected) }
    }

    private mutating func hear() {
        guard case .connected(let address, false) = state else { return }
        state = .connected(address, isHeard: true)
        failed = []
        isDenied = false
        rounds = 0
    }

    private mutating func fail(isDenied: Bool) {
        guard isSeveral else {
            // It is tried again without being told, and its name may have other addresses by now.
            if isDenied { directives.append(.denied) }
            return lookUp()
        }
        if isDenied { self.isDenied = true }
        leave(isSilent: false)
    }

    private mutating func fallSilent() {
        if isSeveral, isConnected { leave(isSilent: true) }
        guard !isSeveral else { return }
        switch state {
        case .idle, .lookingUp: break
        case .trying, .connected, .resting:
            state = .idle
            directives.append(.disconnect)
        }
    }

    private mutating func tick() {
        switch state {
        case .lookingUp(let until) where until <= now: connect(address)
        case .trying(_, let until?) where until <= now: leave(isSilent: true)
        case .resting(let until) where until <= now:
            roundBegan = now
            connect(next(after: address) ?? address)
        case .idle, .lookingUp, .trying, .connected, .resting: break
        }
    }

    private mutating func leave(isSilent: Bool) {
        let left: String
        var wasHeard = false
        switch state {
        case .trying(let address, _): left = address
        case .connected(let address, let isHeard): (left, wasHeard) = (address, isHeard)
        // Late news of a connection that was given up.
        case .idle, .lookingUp, .resting: return
        }
        if wasHeard { roundBegan = now }
        failed.insert(left)
        guard let next = next(after: left) else { return endRound() }
        if wasHeard { directives.append(.moved(AddressMove(from: left, to: next, isSilent: isSilent))) }
        connect(next)
    }

    private mutating func endRound() {
        directives.append(.unanswered)
        let wasDenied = isDenied
        failed = []
        isDenied = false
        if wasDenied { directives.append(.denied) }
        guard !wasDenied || !givesUpWhenDenied else {
            state = .idle
            return directives.append(.disconnect)
        }
        rounds += 1
        let until = roundBegan + (wasDenied ? Self.deniedRound : backoff.wait(after: rounds))
        if until > now {
            state = .resting(until: until)
            directives.append(.disconnect)
        } else {
            roundBegan = now
            connect(next(after: address) ?? address)
        }
        lookUp()
    }

    /// The next one that has not failed in this round.
    private func next(after address: String) -> String? {
        let place = addresses.firstIndex(of: address) ?? -1
        return (1...addresses.count).lazy.map { addresses[(place + $0) % addresses.count] }
            .first { !failed.contains($0) }
    }

    // MARK: Names

    private mutating func lookUp() {
        guard hasNames, !isLookingUp, lookedUpAt.map({ now >= $0 + Self.lookUpPause }) ?? true else { return }
        isLookingUp = true
        directives.append(.lookUp(names))
    }

    private mutating func take(_ answers: [String: [String]]) {
        guard names.contains(where: { answers[$0] != nil }) else { return }
        isLookingUp = false
        lookedUpAt = now
        for name in names {
            guard let hosts = answers[name], !hosts.isEmpty else { continue }
            found[name] = hosts
        }
        addresses = []
        // The only address of a name may change, and libzmq looks it up itself each time.
        for entry in broker.addresses {
            let places = found[entry].flatMap { $0.count > 1 ? $0 : nil } ?? [entry]
            addresses += places.filter { !addresses.contains($0) }
        }
        if addresses.count > 1 { isSeveral = true }
        switch state {
        case .lookingUp: connect(addresses[0])
        case .trying(let address, _) where isSeveral && !addresses.contains(address): connect(addresses[0])
        case .idle, .trying, .connected, .resting: break
        }
    }
}
